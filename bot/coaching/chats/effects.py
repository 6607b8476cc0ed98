"""Binding chats: a second one at once, one in place of a lost one after a day in which the old ones can refuse it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.coaching.chats.rules import NO, WAITS, lost, ref_of
from bot.coaching.practice.code_lifetimes import LIVES
from bot.coaching.rhythm.effects import replan
from bot.messages.outgoing import Choice, Message
from bot.model.people.chats import CLOSED, MOVED, OPEN, TO_COME
from bot.model.phrases import Phrase, phrase
from bot.model.records import ChatRefused, CodeAsked
from bot.model.replies import Notification
from bot.time_zones import local_time
from bot.transaction.card import Effects
from bot.transaction.notify import notify, wording_for
from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.conversation import conversations
from storage.outbox import rows as outbox
from storage.people import addresses, engagements, invites
from storage.people.addresses import Place
from storage.programme import agenda
from storage.programme.agenda import Entry

BIND = "bind-chat"  # the entry of the agenda after a day's waiting


def _code_asked(unit: UnitOfWork, record: CodeAsked) -> None:
    """A code for another chat of whoever asks, or of a client of theirs; that is noted for the client to read."""
    owner = record.person or unit.known.id
    if owner != unit.known.id and not _coaches(unit, owner):
        return
    unit.code = invites.new_code()
    invites.add_invite(
        unit.connection,
        unit.code,
        role=record.role,
        coach=unit.known.id if owner != unit.known.id else None,
        person=owner,
        name=unit.known.name,
        zone=unit.known.home,
        expires_at=record.expires,
    )
    if owner != unit.known.id:
        _note(unit, unit.known.id, owner, "reconnect_code")


def _coaches(unit: UnitOfWork, client: str) -> bool:
    own = engagements.engagements_as_coach(unit.connection, unit.known.id)
    return any(c.engagement.client == client and c.engagement.state == "active" for c in own)


def _log(unit: UnitOfWork, entry: Entry, kind: str) -> None:
    pair = engagements.pair(unit.connection, entry.engagement)
    if pair is not None:
        _note(unit, pair[0], unit.known.id, kind)


def _note(unit: UnitOfWork, coach: str, client: str, kind: str) -> None:
    audit.note(
        unit.connection, at=unit.now, role="coach", actor=coach, verb=audit.RECONNECTED, kind=kind, subject=client
    )


def told_of_link(unit: UnitOfWork, new: Place) -> None:
    """The chats that somebody has learn of another one, and can refuse it."""
    told = phrase("chat_linked", platform=_platform(new))
    for old in addresses.places(unit.connection, unit.known.id):
        if old.state in OPEN and old.id != new.id:
            say_at(unit, old, told, buttons=((f"/{NO} {ref_of(new.id)}", phrase("chat_button_not_me")),))


# -- in place of a chat that is lost -------------------------------------------------------------------------------


def ask_whose(unit: UnitOfWork, place: Place, coach: str | None) -> None:
    """A coach's code was used in a new chat: whoever holds it has a week to say whether it is theirs."""
    own = [c.engagement for c in engagements.engagements_as_client(unit.connection, unit.known.id)]
    running = [each for each in own if each.state == "active"]
    led = [each.id for each in running if each.coach == coach] or [each.id for each in running] or [""]
    agenda.schedule(
        unit.connection,
        person=unit.known.id,
        engagement=led[-1],
        dialogue=BIND,
        day=unit.today,
        due_at=unit.clock + LIVES["reconnect"],
        items=(place.id,),
    )


def agree(unit: UnitOfWork, place: Place) -> None:
    """Whoever holds the new chat says that it is theirs: the old ones are told, and have a day to refuse it."""
    at = unit.clock + WAITS
    addresses.change_place(unit.connection, place.id, state="waiting", since=unit.clock)
    for entry in _binding(unit, place):
        agenda.put_off(unit.connection, entry.id, at)
        _log(unit, entry, "reconnect_yes")
    warn(unit, place, at)


def _binding(unit: UnitOfWork, place: Place) -> list[Entry]:
    errands = agenda.errands_of(unit.connection, unit.known.id)
    return [entry for entry in errands if entry.dialogue == BIND and place.id in entry.items]


def warn(unit: UnitOfWork, place: Place, at: datetime, to: Iterable[Place] | None = None) -> None:
    """Tell the old chats of the one that is to take their place, also those that seem closed."""
    told = phrase("chat_taken_soon", platform=_platform(place), at=local_time(at, unit.known.zone_at(at)))
    for old in addresses.places(unit.connection, unit.known.id) if to is None else to:
        if old.state in OPEN and old.id != place.id:
            say_at(unit, old, told, buttons=((f"/{NO} {ref_of(place.id)}", phrase("chat_button_not_me")),))


def _platform(place: Place) -> str:
    return place.address.platform.capitalize()


def say_at(
    unit: UnitOfWork, place: Place, said: Phrase, *, buttons: tuple[tuple[str, Phrase], ...] = (), known: bool = True
) -> None:
    """Say something in one chat; where it is not `known` any more, it is one like any stranger's."""
    wording = wording_for(unit, unit.known)
    choices = tuple(Choice(value=value, label=wording.render(label)) for value, label in buttons)
    unit.posted += 1
    outbox.add(
        unit.connection,
        Message(text=wording.render(said), choices=choices),
        dedup=f"{unit.key}#{unit.posted}",
        lane=place.lane,
        address=place.id if known else None,
        person=unit.known.id if known else None,
        kind="reply",
        urgency=outbox.REPLY,
        due_at=unit.clock,
    )


def in_use(connection: Connection, person: str, now: datetime) -> bool:
    """Whether somebody can be written to in a chat of theirs: it is open, and something came from it lately."""
    own = [place for place in addresses.places(connection, person) if place.state == "active"]
    return not lost((conversations.last_heard(connection, place.address.lane) for place in own), now)


def _bind(unit: UnitOfWork, entry: Entry) -> None:
    """A day is over: the new chat takes the place of all others, unless one of them was heard from."""
    agenda.finish(unit.connection, entry.id, "done")
    found = addresses.places(unit.connection, unit.known.id)
    place = next((each for each in found if each.id in entry.items and each.state in TO_COME), None)
    if place is None:
        return
    if place.state != "waiting" or in_use(unit.connection, unit.known.id, unit.now):
        let_go(unit, place)
        return
    for other in found:
        if other.id != place.id:
            addresses.change_place(unit.connection, other.id, state=MOVED if other.state in OPEN else CLOSED)
    take_over(unit, place, private_from=unit.now)
    _log(unit, entry, "reconnect_bound")
    say_at(unit, place, phrase("chat_bound"))


def take_over(unit: UnitOfWork, place: Place, *, private_from: datetime | None) -> None:
    """A chat is where somebody is written to from now on; what was being asked elsewhere is asked no more."""
    changes: dict[str, Any] = {"state": "active", "private_from": private_from, "since": unit.clock}
    addresses.change_place(unit.connection, place.id, **changes)
    addresses.prefer(unit.connection, unit.known.id, place.id)
    conversations.put_away(unit.connection, unit.known.id, unit.now)
    replan(unit.connection, unit.known, unit.now)


def let_go(unit: UnitOfWork, place: Place) -> None:
    """A chat that is not somebody's, or no longer: it is told so, as a stranger's is, and gets nothing more."""
    say_at(unit, place, phrase("chat_not_bound"), known=False)
    addresses.change_place(unit.connection, place.id, state=CLOSED, preferred=False)


def _refused(unit: UnitOfWork, record: ChatRefused) -> None:
    """A chat is not this person's; who led it here hears so, if it was a coach."""
    found = addresses.places(unit.connection, unit.known.id)
    place = next((each for each in found if each.id == record.place), None)
    if place is None or (unit.reply_to is not None and place.id == unit.reply_to.id) or place.state == CLOSED:
        return
    led = _binding(unit, place)
    let_go(unit, place)
    if place.preferred and unit.reply_to is not None:
        addresses.prefer(unit.connection, unit.known.id, unit.reply_to.id)
    for entry in led:
        agenda.finish(unit.connection, entry.id, "dropped")
        _tell_coach(unit, entry.engagement)


def refused_there(unit: UnitOfWork, place: Place) -> None:
    """Whoever holds a new chat says that it is not theirs."""
    for entry in _binding(unit, place):
        agenda.finish(unit.connection, entry.id, "dropped")
    let_go(unit, place)


def _tell_coach(unit: UnitOfWork, wanted: str) -> None:
    """The coach hears that it was somebody else who used the code."""
    own = [c.engagement for c in engagements.engagements_as_client(unit.connection, unit.known.id)]
    for engagement in (each for each in own if each.id == wanted):
        told = phrase("reconnect_refused", client=engagement.client_name)
        notify(unit, Notification(person=engagement.coach, phrase=told))


# -- from a chat whose place was taken -----------------------------------------------------------------------------


def opened_again(unit: UnitOfWork, place: Place) -> None:
    """Whoever holds an old chat says that the new one is theirs: it may show what this one may."""
    for each in addresses.places(unit.connection, unit.known.id):
        addresses.change_place(unit.connection, each.id, private_from=place.private_from)
    addresses.change_place(unit.connection, place.id, state="active", since=unit.clock)


def taken_back(unit: UnitOfWork, place: Place) -> None:
    """Whoever holds an old chat says that the new ones are not theirs: it is the only one again."""
    for each in addresses.places(unit.connection, unit.known.id):
        if each.id != place.id and each.state in OPEN:
            let_go(unit, each)
    take_over(unit, place, private_from=place.private_from)


EFFECTS = Effects(name="chats", once={CodeAsked: _code_asked, ChatRefused: _refused}, deeds={BIND: _bind})
