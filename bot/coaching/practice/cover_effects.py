"""Another coach reads while a client's own is away: asked of each client, agreed, taken back, over.

The yes stands beside the absence it was given to, so that with the absence it is gone. Whether somebody may read on a
day is the word of `bot.coaching.visibility`.
"""

from bot.coaching.visibility.table import is_related
from bot.model.phrases import phrase
from bot.model.records import Consented
from bot.model.records_sessions import CoverSettled
from bot.model.replies import Notification
from bot.time_zones import local_day
from bot.transaction.card import Effects
from bot.transaction.consents import keep_consent
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements, people
from storage.people.people import Known
from storage.programme import agenda

COVER = "cover"  # the dialogue that asks the client, and the kind of consent
_CONSENTS = frozenset({COVER, "programme"})  # without either of them nobody reads


def ask(unit: UnitOfWork, absence: str, cover: Known) -> None:
    """Ask each client of the coach who goes away, once; whoever said stop is not asked."""
    for coached in engagements.engagements_as_coach(unit.connection, unit.known.id):
        engagement = coached.engagement
        client = people.person(unit.connection, engagement.client)
        if client is None or client.id == cover.id or client.wishes.stopped or not is_related(engagement):
            continue
        engagements.change_engagement(unit.connection, engagement.id, cover=absence, covered=False)
        agenda.schedule(
            unit.connection,
            person=client.id,
            engagement=engagement.id,
            dialogue=COVER,
            day=local_day(unit.now, client.zone_at(unit.now)),
            due_at=unit.now,
            items=(absence,),
        )


def end(unit: UnitOfWork) -> None:
    """The absence of this coach is over, or another one: whoever read for them reads no more."""
    readers: set[str] = set()
    for coached in engagements.engagements_as_coach(unit.connection, unit.known.id):
        cover = coached.engagement.cover
        if cover is None:
            continue
        engagements.change_engagement(unit.connection, coached.engagement.id, cover="", covered=False)
        agenda.unschedule(unit.connection, engagement=coached.engagement.id, dialogue=COVER)
        readers |= {cover.coach} if cover.last >= unit.today else set()
    for reader in sorted(readers):
        notify(unit, Notification(person=reader, phrase=phrase("cover_over", coach=unit.known.name)))


def settle_cover(unit: UnitOfWork, record: CoverSettled) -> None:
    """The client's word; one on an absence that is no longer the one they were asked about changes nothing."""
    own = engagements.engagements_as_client(unit.connection, unit.known.id)
    found = next((c.engagement for c in own if c.engagement.id == record.engagement), None)
    if found is None or found.cover is None or found.cover.absence != record.absence:
        return
    choice = "yes" if record.agreed else "no"
    engagements.change_engagement(unit.connection, found.id, covered=record.agreed)
    keep_consent(unit, (found.id,), kind=COVER, choice=choice, dialogue=COVER)
    names = {"client": found.client_name, "coach": found.coach_name, "cover": found.cover.name}
    days = {"first": found.cover.first, "last": found.cover.last}
    notify(unit, Notification(person=found.coach, phrase=phrase(f"cover_told_{choice}", **names)))
    if record.agreed:
        notify(unit, Notification(person=found.cover.coach, phrase=phrase("cover_received", **names, **days)))


def withdrawn(unit: UnitOfWork, record: Consented) -> None:
    """The client takes their yes back, or all of it: nobody reads in their coach's place from now on."""
    if record.choice != "no" or record.kind not in _CONSENTS:
        return
    for coached in engagements.engagements_as_client(unit.connection, unit.known.id):
        engagement = coached.engagement
        engagements.change_engagement(unit.connection, engagement.id, covered=False)
        agenda.unschedule(unit.connection, engagement=engagement.id, dialogue=COVER)
        if engagement.cover is not None and engagement.cover.agreed:
            names = {"client": engagement.client_name, "coach": engagement.coach_name}
            notify(unit, Notification(person=engagement.cover.coach, phrase=phrase("cover_taken_back", **names)))


EFFECTS = Effects(name="cover", once={CoverSettled: settle_cover}, also={Consented: withdrawn})
