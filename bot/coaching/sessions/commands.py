"""`session`: a coach books, either side sees, moves and cancels; `stuck` and `angle`: a client thinks. Pure."""

from datetime import datetime

from bot.coaching.sessions import brief, notes
from bot.coaching.sessions.booking import Side, book, side_with, sides_of
from bot.coaching.sessions.changes import (
    ACTS,
    are_off,
    cancelled,
    moved_to,
    none_ahead,
    off_with,
    shown,
    turned,
)
from bot.coaching.sessions.lines import buttons
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.find_client import ask_which, client_at_start
from bot.coaching.visibility.covered import everyone
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import Dates, a_client, a_client_and_more, alone, never, when

# -- the coach -------------------------------------------------------------------------------------------------------


def sessions_of_all(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A coach without a name: what is planned with everybody, or what a button does."""
    if reading.rest.strip():
        return _acted(reading, facts, now) or ask_which(
            "session", client_at_start(reading.rest, everyone(facts)), facts, phrase("help_coach_session")
        )
    return _all_of([side for side in sides_of(facts) if side.by == "coach"], now)


def session_with(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A coach with a client: shown, booked, moved, cancelled, or turned off and on."""
    own = (side for side in sides_of(facts) if side.by == "coach" and side.engagement.id == view.engagement.id)
    side = next(own, None)
    if side is None:
        return Reply(says=(phrase("session_not_yet", client=view.engagement.client_name),))
    words = [reading.means(word) for word in reading.rest.split()]
    switched = turned(side.engagement, words[0], off=side.plan.sessions_off) if len(words) == 1 else None
    if switched is not None or side.plan.sessions_off:
        return switched or are_off(side.engagement)
    if not words:
        return shown(side)
    if words[0] == "cancel":
        return cancelled(side, side.ahead[:1]) if side.ahead else none_ahead(side)
    if words[0] == "move":
        return moved_to(side, reading, now)
    return book(side, reading.rest, reading, now)


def _all_of(sides: list[Side], now: datetime) -> Reply:
    """What is planned with everybody."""
    ahead = sorted(((s, side) for side in sides for s in side.ahead[:2]), key=lambda pair: pair[0].at)
    off = off_with([side.engagement for side in sides if side.plan.sessions_off])
    if not ahead:
        return Reply(says=off if off and len(sides) == 1 else (phrase("sessions_none_coach"), *off))
    lines = [phrase("session_of", who=side.other, at=side.words(found)) for found, side in ahead]
    return Reply(says=(phrase("in_lines", lines=[phrase("sessions_heading"), *lines]), phrase("session_how"), *off))


def _acted(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """What the words of a button do, on either side; None for a session that is nobody's, or while they are off."""
    words = reading.rest.split()
    act = ACTS.get(reading.means(words[0])) if words else None
    side = side_with(words[1], facts) if act is not None and len(words) > 1 else None
    if act is None or side is None or side.plan.sessions_off:
        return None
    return act(side, words[1:], now)


# -- the client ------------------------------------------------------------------------------------------------------


def own_sessions(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A client: what comes next, with each coach; with a day and an hour, the next one moves there."""
    acted = _acted(reading, facts, now)
    if acted is not None:
        return acted
    sides = [side for side in sides_of(facts) if side.by == "client"]
    booked_ones = [side for side in sides if side.ahead]
    off = [side.engagement for side in sides if side.plan.sessions_off]
    if not booked_ones and off:
        return Reply(says=tuple(phrase("sessions_off_client", coach=own.coach_name) for own in off))
    if not booked_ones:
        return Reply(says=(phrase("sessions_none_client"),))
    words = reading.rest.split()
    if not words:
        return _clients_list(booked_ones)
    nearest = min(booked_ones, key=lambda side: side.ahead[0].at)
    if reading.means(words[0]) == "cancel":
        return cancelled(nearest, nearest.ahead[:1])
    return moved_to(nearest, reading, now)


def _clients_list(sides: list[Side]) -> Reply:
    if len(sides) == 1:
        return shown(sides[0])
    says = tuple(said for side in sides for said in shown(side).says)
    nearest = min(sides, key=lambda side: side.ahead[0].at)
    return Reply(says=says, buttons=buttons(nearest.ahead[0]))


# -- thinking --------------------------------------------------------------------------------------------------------


def stuck(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Think something through, to a commitment."""
    return _thinks("think-it-through", reading, facts)


def angle(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """See something from another side."""
    return _thinks("another-angle", reading, facts)


def _thinks(dialogue: str, reading: Reading, facts: Facts) -> Reply:
    if facts.engagement is None:
        return Reply(says=(phrase("not_started"),))
    said = reading.rest.strip()
    about = next((c for c in facts.open_commitments if said == str(c.number)), None)
    known: dict[str, object] = {"about": (about.id, about.text)} if about else {}
    return Reply(opens=Opening(dialogue=dialogue, known=known))


_HISTORY = frozenset({Need.HISTORY})

COMMANDS: tuple[Command, ...] = (
    Command(
        verb="session",
        who=Who.CLIENT,
        run=own_sessions,
        own_words=frozenset(ACTS),
        shape=when,
        in_free_text=never,
        dates=Dates.STRETCHES,
    ),
    Command(
        verb="brief",
        who=Who.CLIENT,
        run=brief.own_brief,
        shape=alone,
        in_free_text=never,
        needs=_HISTORY | {Need.NEWEST_ENGAGEMENT},
    ),
    Command(verb="stuck", who=Who.CLIENT, run=stuck),
    Command(verb="angle", who=Who.CLIENT, run=angle),
    Command(
        verb="word",
        who=Who.CLIENT,
        run=notes.word,
        shape=alone,
        needs=frozenset({Need.AWAY}),
        shown=Shown.NEVER,
    ),
    Command(
        verb="brief",
        who=Who.COACH,
        run=brief.brief_of_next,
        about=brief.brief_of,
        when_covering=True,
        shape=a_client,
        in_free_text=a_client,
        needs=_HISTORY,
        shown=Shown.FIRST,
    ),
    Command(
        verb="session",
        who=Who.COACH,
        run=sessions_of_all,
        about=session_with,
        own_words=frozenset(ACTS),
        more=True,
        in_free_text=a_client_and_more,
        dates=Dates.STRETCHES,
        shown=Shown.FIRST,
    ),
    Command(
        verb="note",
        who=Who.COACH,
        run=notes.note_without_name,
        about=notes.note_on,
        own_words=frozenset({notes.KEPT}),
        more=True,
        in_free_text=a_client_and_more,
        shown=Shown.FIRST,
    ),
)
