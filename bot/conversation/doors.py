"""Chats that are not somebody's yet, or no longer: each can answer whose it is, and nothing else is taken from it."""

from datetime import datetime

from sqlalchemy import Connection

from bot.coaching.chats import effects as chats
from bot.coaching.chats.rules import NO, WAITS, YES
from bot.conversation.turn import unit_of, wording_for
from bot.engine.library import Library
from bot.engine.matching import plain
from bot.messages.incoming import CommandSent, Inbound, Outcome, Receipt, TextSent
from bot.messages.readings import Reading
from bot.model.people.chats import MOVED, TO_COME
from bot.model.phrases import phrase
from bot.time_zones import local_day, local_time
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import addresses
from storage.people.addresses import Place
from storage.people.people import Known

STATES = frozenset({*TO_COME, MOVED})
ACCEPTED = Receipt(outcome=Outcome.ACCEPTED)


def ask(unit: UnitOfWork, place: Place, coach: str | None) -> None:
    """Ask whoever used a coach's code whether the chat is theirs."""
    chats.ask_whose(unit, place, coach)
    _ask(unit, place)


def answer(
    connection: Connection,
    inbound: Inbound,
    reading: Reading | None,
    place: Place,
    known: Known,
    now: datetime,
    library: Library,
) -> Receipt:
    """Take what is said in such a chat: a yes or a no; whatever else it is, it is asked again."""
    unit = unit_of(connection, inbound, place, known, now, library)
    said = _said(unit, inbound, reading)
    if said is None or (said and place.state == "waiting"):
        _ask(unit, place)
    elif place.state == MOVED:
        _from_the_old(unit, place, said)
    elif said:
        chats.agree(unit, place)
        _ask(unit, addresses.place_at(connection, inbound.address) or place)
    else:
        chats.refused_there(unit, place)
    return ACCEPTED


def _said(unit: UnitOfWork, inbound: Inbound, reading: Reading | None) -> bool | None:
    """Yes, no, or neither."""
    content = inbound.content
    if isinstance(content, CommandSent):
        return {YES: True, NO: False}.get(content.verb)
    if not isinstance(content, TextSent) or reading is None:
        return None
    text, words = plain(reading.text), wording_for(unit.library, unit.known, unit.now).words
    return next((meant for meant, kind in ((True, "yes"), (False, "no")) if text in words[kind]), None)


def _ask(unit: UnitOfWork, place: Place) -> None:
    buttons = ((f"/{YES}", phrase("button_yes")), (f"/{NO}", phrase("chat_button_not_me")))
    if place.state == MOVED:
        since = _since(unit)
        chats.say_at(unit, place, phrase("chat_moved_ask", day=since), buttons=buttons)
    elif place.state == "waiting":
        at = (place.since or unit.now) + WAITS
        waits = phrase("chat_waits", at=local_time(at, unit.known.zone_at(at)))
        chats.say_at(unit, place, waits, buttons=buttons[1:])
    else:
        chats.say_at(unit, place, phrase("chat_ask", name=unit.known.name), buttons=buttons)


def _since(unit: UnitOfWork) -> object:
    """The day on which another chat took the place of this one."""
    taken = addresses.private_since(unit.connection, unit.known.id) or unit.now
    return local_day(taken, unit.known.home)


def _from_the_old(unit: UnitOfWork, place: Place, yes: bool) -> None:
    if yes:
        chats.opened_again(unit, place)
        chats.say_at(unit, place, phrase("chat_opened_again"))
    else:
        chats.taken_back(unit, place)
        chats.say_at(unit, place, phrase("chat_taken_back"))


def warn_again(unit: UnitOfWork, place: Place) -> None:
    """A chat that opens again hears of the one that is to take its place."""
    waiting = (p for p in addresses.places(unit.connection, unit.known.id) if p.state == "waiting")
    for new in waiting:
        chats.warn(unit, new, (new.since or unit.now) + WAITS, to=(place,))
