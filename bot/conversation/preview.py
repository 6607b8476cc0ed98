"""A coach tries out what clients are asked: as a practice client, in the same chat, with a button for the next day.

The practice client is somebody of their own, whom the chat belongs to until the coach ends it; their days pass by the
button alone, and whatever they wrote is erased. Nobody else is told of anything.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.programme.rules import standing
from bot.conversation import due_events
from bot.conversation.due_events import LibraryFor
from bot.conversation.turn import advance, unit_of, wording_for
from bot.engine.events import DialogueOpened
from bot.engine.library import Library
from bot.messages.incoming import ErrandDue, Inbound, Outcome, PromptDue, Receipt, TimerDue
from bot.messages.outgoing import Choice, Message
from bot.messages.readings import Reading
from bot.model.people.preferences import Preferences
from bot.model.phrases import Phrase, phrase
from bot.time_zones import local_day
from bot.transaction.notify import post_at
from storage.conversation import conversations, timers
from storage.ids import new_id
from storage.people import addresses, engagements, people, requests
from storage.people.addresses import Place
from storage.people.people import Known
from storage.programme import agenda, programmes

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED)
VERB = "preview"
_AT_MOST = 12  # things that fall due in one day
_DAY = timedelta(days=1)
IDLE = timedelta(days=1)  # a preview lasts no longer
Due = PromptDue | TimerDue | ErrandDue


def wanted(reading: Reading | None, known: Known) -> bool:
    """Whether this is a coach who wants to try things out, or one who does."""
    return reading is not None and reading.verb == VERB and (known.coach or known.practice)


def take(
    connection: Connection,
    inbound: Inbound,
    reading: Reading,
    place: Place,
    known: Known,
    now: datetime,
    library: LibraryFor,
) -> Receipt:
    """Begin, let a day pass, or end; `now` is that of the chat, which for a practice client lies days ahead."""
    said = reading.means(reading.rest)
    if not known.practice:
        _begin(connection, inbound, place, known, now, library(connection, ()))
    elif said == "end":
        _end(connection, inbound, place, known, now, library(connection, ()))
    elif said == "next":
        _next_day(connection, inbound, place, known, now, library)
    else:
        _say(connection, inbound, place, known, phrase("preview_under_way"), now, library(connection, ()))
    return ACCEPTED


def _begin(
    connection: Connection, inbound: Inbound, place: Place, coach: Known, now: datetime, library: Library
) -> None:
    practising = Known(
        id=new_id(),
        name=wording_for(library, coach, now).say("preview_name"),
        home=coach.home,
        language=coach.language,
        locale=coach.locale,
        coach=False,
        practice=True,
        began=now,
        wishes=Preferences(),
    )
    people.add_person(connection, practising)
    conversations.begin_conversation(connection, practising.id)
    engagement = engagements.add_engagement(connection, coach=coach.id, client=practising.id, at=now)
    programme = programmes.of_coach(connection, coach.id)
    programmes.keep_for_engagement(connection, engagement, standing(programme))
    addresses.lend(connection, place.id, to=practising.id, returns_to=coach.id)
    _say(connection, inbound, place, practising, phrase("preview_begins"), now, library)
    unit = unit_of(connection, inbound, place, practising, now, library)
    unit.posted = 1
    today = local_day(now, practising.home)
    welcome = DialogueOpened(
        run=f"welcome:{engagement}", dialogue="welcome", by="bot", day=today, engagement=engagement, known={}
    )
    advance(unit, welcome, ())


def _next_day(
    connection: Connection, inbound: Inbound, place: Place, known: Known, now: datetime, library: LibraryFor
) -> None:
    """Everything that falls due in the next 24 hours happens at its moment, in its order."""
    until, real = now + _DAY, now - place.shift
    day = phrase("preview_day", day=local_day(until, known.home))
    _say(connection, inbound, place, known, day, now, library(connection, ()))
    for _ in range(_AT_MOST):
        found = _next_due(connection, known.id, until)
        if found is None:
            break
        at, event = max(found[0], now), found[1]
        addresses.shift(connection, place.id, at - real)
        due_events.take(connection, event, at, library)
    addresses.shift(connection, place.id, until - real)


def _next_due(connection: Connection, person: str, until: datetime) -> tuple[datetime, Due] | None:
    """The first thing that falls due for this person by `until`, with its moment."""
    found: list[tuple[datetime, Due]] = []
    known = people.person(connection, person)
    if known is not None and known.next_at is not None:
        found.append((known.next_at, PromptDue(key=f"prompt:{person}:{known.next_at.isoformat()}", person=person)))
    for row in timers.of_person(connection, person):
        key = f"timer:{row.token}:{row.kind}:{row.due_at.isoformat()}"
        found.append((row.due_at, TimerDue(key=key, person=person, kind=row.kind, token=row.token)))
    for entry in agenda.errands_of(connection, person):
        if entry.due_at is not None:
            key = f"errand:{entry.id}:{entry.due_at.isoformat()}"
            found.append((entry.due_at, ErrandDue(key=key, person=person, errand=entry.id)))
    early = [each for each in found if each[0] <= until]
    return min(early, key=lambda each: (each[0], each[1].key)) if early else None


def _end(connection: Connection, inbound: Inbound, place: Place, known: Known, now: datetime, library: Library) -> None:
    give_back(connection, place, known, now - place.shift)
    coach = people.person(connection, place.returns_to)
    if coach is not None:
        here = replace(place, person=coach.id, shift=timedelta(0))
        _say(connection, inbound, here, coach, phrase("preview_ended"), now - place.shift, library)


def give_back(connection: Connection, place: Place, known: Known, now: datetime) -> None:
    """The chat is the coach's again, and what the practice client wrote will be erased."""
    addresses.lend(connection, place.id, to=place.returns_to, returns_to=None)
    requests.ask(connection, known.id, requests.ERASE, address="", at=now)


def _say(
    connection: Connection, inbound: Inbound, place: Place, known: Known, said: Phrase, now: datetime, library: Library
) -> None:
    wording = wording_for(library, known, now)
    buttons = (("/preview next", "preview_next"), ("/preview end", "preview_end")) if known.practice else ()
    choices = tuple(Choice(value=value, label=wording.say(key)) for value, key in buttons)
    message = Message(text=wording.render(said), choices=choices, columns=2)
    post_at(connection, place, message, dedup=f"{inbound.key}#0", person=known.id, at=now - place.shift)


def end_idle(connection: Connection, now: datetime) -> int:
    """Give back the chats of previews that began more than a day ago; returns how many."""
    idle = 0
    for place in addresses.lent(connection):
        known = people.person(connection, place.person)
        if known is not None and known.began + IDLE <= now:
            give_back(connection, place, known, now)
            idle += 1
    return idle
