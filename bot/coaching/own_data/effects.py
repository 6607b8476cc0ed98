"""Carrying out what people ask for about their own data: copies, deletion, and the withdrawal of a consent."""

from bot.model.phrases import phrase
from bot.model.records import Consented, DataAsked, RetentionChosen
from bot.model.replies import Notification
from bot.transaction.card import Effects
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.conversation import timers
from storage.outbox import rows as outbox
from storage.people import engagements, requests
from storage.programme import absences

WITHDRAWN = "no"


def data_asked(unit: UnitOfWork, record: DataAsked) -> None:
    """Put a request on the list; one for deletion takes effect on what others see at once."""
    address = unit.reply_to.id if unit.reply_to is not None else ""
    person = unit.known.id
    requests.ask(unit.connection, person, record.kind, address=address, at=unit.now)
    if record.kind != requests.ERASE:
        return
    audit.note(
        unit.connection, at=unit.now, role="own", actor=person, verb=audit.ASKED, kind="everything", subject=person
    )
    absences.leave(unit.connection, person)
    unit.wish(stopped=True)
    outbox.cancel_prompts(unit.connection, person, "deleted", unit.now)
    timers.drop_timers_of(unit.connection, person, "remind")
    for coached in engagements.engagements_as_client(unit.connection, person):
        engagement = coached.engagement
        engagements.change_engagement(unit.connection, engagement.id, state="closed", visible="none", call_wanted=None)
        notify(unit, Notification(person=engagement.coach, phrase=phrase("data_deleted", name=engagement.client_name)))
    for coached in engagements.engagements_as_coach(unit.connection, person):
        engagement = coached.engagement
        engagements.change_engagement(unit.connection, engagement.id, state="closed", visible="none", call_wanted=None)
        told = phrase("coach_deleted", name=engagement.coach_name)
        notify(unit, Notification(person=engagement.client, phrase=told), at_once=True)


def keep_for(unit: UnitOfWork, record: RetentionChosen) -> None:
    """How long data is kept after the end."""
    unit.wish(keep_days=record.days)


def withdrawn(unit: UnitOfWork, record: Consented) -> None:
    """A consent that was withdrawn takes effect at once: without the programme nothing is asked and nothing shown.

    One that was refused to a single coach leaves what others were told.
    """
    if record.choice != WITHDRAWN or record.kind != "programme":
        return
    own = [c.engagement for c in engagements.engagements_as_client(unit.connection, unit.known.id)]
    meant = [each for each in own if record.engagement in ("", each.id)]
    for engagement in meant:
        engagements.change_engagement(unit.connection, engagement.id, visible="none")
    if any(each.state == "active" and each.agreed for each in own if each not in meant):
        return
    unit.wish(stopped=True)
    outbox.cancel_prompts(unit.connection, unit.known.id, "withdrawn", unit.now)
    timers.drop_timers_of(unit.connection, unit.known.id, "remind")


EFFECTS = Effects(name="own_data", once={DataAsked: data_asked, RetentionChosen: keep_for}, also={Consented: withdrawn})
