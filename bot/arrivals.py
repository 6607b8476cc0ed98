"""People who arrive: a code is redeemed, a person is made, the welcome begins. Strangers are told how to get one."""

import re
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from bot.advance import advance
from bot.coaching.clock_time import canonical_zone, local_day
from bot.due import next_digest
from bot.engine.library import Library
from bot.engine.state import Open
from bot.facts import Facts, Person, Wishes
from bot.messages import Inbound, Message, Outcome, Reading, Receipt
from bot.records import Phrase, phrase
from storage import outbox, people, talks
from storage.effects import Scene
from storage.people import Invite, Known, Place

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED)
_CODE = re.compile(r"[0-9a-f]{32}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY = Facts(
    today=date(1970, 1, 1),
    now=_EPOCH,
    person=Person(id="", name="", zone="UTC", home="UTC"),
)


def code_in(reading: Reading | None) -> str:
    """The code that somebody wants to redeem, or nothing."""
    if reading is None or reading.verb not in ("join", "start"):
        return ""
    found = _CODE.fullmatch(reading.rest.strip().lower())
    return found.group() if found else ""


def arrive(
    connection: Connection,
    inbound: Inbound,
    code: str,
    place: Place | None,
    known: Known | None,
    now: datetime,
    library: Library,
) -> Receipt:
    """Redeem a code, or tell a stranger what this is; a code works once, for whoever comes first."""
    if not code:
        say(connection, inbound, "stranger", now, library)
        return ACCEPTED
    wanted = known.id if known else people.new_id()
    found = people.redeem(connection, code, now, wanted)
    if isinstance(found, str):
        say(connection, inbound, f"code_{found}", now, library)
        return ACCEPTED
    if known is None or place is None:
        known = _new_person(connection, wanted, found, now)
        place = people.add_place(connection, known.id, inbound.address)
    if found.role == "coach":
        people.change_person(connection, known.id, coach=True, digest_at=next_digest(known.home, now))
        _say_to(connection, inbound, place, known.id, phrase("coach_ready", name=known.name), now, library)
        return ACCEPTED
    return _begin(connection, inbound, place, known, found, now, library)


def _new_person(connection: Connection, wanted: str, invite: Invite, now: datetime) -> Known:
    home = canonical_zone(invite.zone) or "UTC"
    known = Known(
        id=wanted,
        name=invite.name,
        home=home,
        language="en",
        locale="en-US" if home.startswith("America/") else "en-GB",
        coach=invite.role == "coach",
        began=now,
        wishes=Wishes(),
    )
    people.add_person(connection, known)
    talks.begin_conversation(connection, wanted)
    return known


def _begin(
    connection: Connection,
    inbound: Inbound,
    place: Place,
    known: Known,
    invite: Invite,
    now: datetime,
    library: Library,
) -> Receipt:
    if invite.coach is None or invite.coach == known.id:
        _say_to(connection, inbound, place, known.id, phrase("code_own"), now, library)
        return ACCEPTED
    engagement = people.add_engagement(connection, coach=invite.coach, client=known.id, at=now)
    _, runs = talks.state(connection, known.id)
    scene = Scene(
        connection=connection,
        library=library,
        known=known,
        reply_to=place,
        key=inbound.key,
        now=now,
        today=local_day(now, known.home),
    )
    welcome = Open(
        run=f"welcome:{engagement}",
        dialogue="welcome",
        by="bot",
        day=local_day(now, known.home),
        engagement=engagement,
        known={},
    )
    advance(scene, welcome, runs)
    return ACCEPTED


def say(connection: Connection, inbound: Inbound, key: str, now: datetime, library: Library) -> None:
    """Say one phrase to whoever wrote, known or not."""
    place = people.place_at(connection, inbound.address)
    _say_to(connection, inbound, place, place.person if place else None, phrase(key), now, library)


def _say_to(
    connection: Connection,
    inbound: Inbound,
    place: Place | None,
    person: str | None,
    said: Phrase,
    now: datetime,
    library: Library,
) -> None:
    outbox.add(
        connection,
        Message(text=library.wordings["en"].render(said)),
        dedup=f"{inbound.key}#0",
        lane=place.lane if place else people.lane_of(connection, inbound.address),
        address=place.id if place else None,
        person=person,
        kind="notice",
        urgency=outbox.REPLY,
        due_at=now,
    )
