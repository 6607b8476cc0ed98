"""People, where they can be reached, who coaches whom, and what they agreed to."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from bot.facts import Engagement, Pause, Person, Wishes
from bot.messages import Address
from storage.encryption import seal, unseal
from storage.fixed import Fixed, insert_if_new
from storage.tables import (
    AddressRow,
    ConsentRow,
    EngagementRow,
    InviteRow,
    LaneRow,
    PauseRow,
    PersonRow,
    ToldSignalRow,
    table_of,
)
from storage.values import dump, load

_person = table_of(PersonRow)
_address = table_of(AddressRow)
_lane = table_of(LaneRow)
_engagement = table_of(EngagementRow)
_told = table_of(ToldSignalRow)
_invite = table_of(InviteRow)
_consent = table_of(ConsentRow)
_pause = table_of(PauseRow)

CODE_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A person as stored; `wishes` belong to clients."""

    id: str
    name: str
    home: str
    language: str
    locale: str
    coach: bool
    began: datetime
    wishes: Wishes
    rhythm_since: datetime | None = None
    next_at: datetime | None = None
    plan: str | None = None
    digest_at: datetime | None = None

    def person(self, zone: str) -> Person:
        """The same one as facts know them, being in `zone` now."""
        return Person(
            id=self.id,
            name=self.name,
            zone=zone,
            home=self.home,
            language=self.language,
            locale=self.locale,
            coach=self.coach,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An address as stored, with the lane that its messages are ordered in."""

    id: str
    person: str
    lane: int
    address: Address
    state: str
    preferred: bool = True
    page: str = "unseen"
    private_from: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Invite:
    """A code that was redeemed just now; `person` is whom a code for another address belongs to."""

    role: str
    coach: str | None
    person: str | None
    name: str
    zone: str


def new_id() -> str:
    """A random id of 96 bits."""
    return secrets.token_urlsafe(12)


def new_code() -> str:
    """A one-time code of 128 bits, in characters that survive being typed, linked and spoken."""
    return secrets.token_hex(CODE_BYTES)


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


# -- persons ---------------------------------------------------------------------------------------------------------

_BY_ID = Fixed(select(_person).where(_person.c.id == bindparam("wanted")))
_BY_ID_LOCKED = Fixed(
    lambda dialect: (
        select(_person).where(_person.c.id == bindparam("wanted")).with_for_update()
        if dialect == "postgresql"
        else select(_person).where(_person.c.id == bindparam("wanted"))
    )
)
_SET_WISHES = Fixed(update(_person).where(_person.c.id == bindparam("wanted")).values(wishes=bindparam("new_wishes")))
_SET_PLAN = Fixed(
    update(_person)
    .where(_person.c.id == bindparam("wanted"))
    .values(next_at=bindparam("new_next_at"), plan=bindparam("new_plan"))
)
_DUE = Fixed(
    select(_person.c.id, _person.c.next_at)
    .where(_person.c.next_at.is_not(None), _person.c.next_at <= bindparam("at"))
    .order_by(_person.c.next_at)
    .limit(bindparam("count"))
)
_DIGEST_DUE = Fixed(
    select(_person.c.id, _person.c.digest_at)
    .where(_person.c.digest_at.is_not(None), _person.c.digest_at <= bindparam("at"))
    .order_by(_person.c.digest_at)
    .limit(bindparam("count"))
)


def person(connection: Connection, wanted: str, *, lock: bool = False) -> Known | None:
    """The person with that id; `lock` makes PostgreSQL handle their events one at a time."""
    row = (_BY_ID_LOCKED if lock else _BY_ID).first(connection, wanted=wanted)
    return None if row is None else _known(connection, row)


def _known(connection: Connection, row: Any) -> Known:
    return Known(
        id=row.id,
        name=unseal(connection, row.name),
        home=row.home,
        language=row.language,
        locale=row.locale,
        coach=row.coach,
        began=row.began,
        wishes=load(Wishes, row.wishes),
        rhythm_since=row.rhythm_since,
        next_at=row.next_at,
        plan=row.plan,
        digest_at=row.digest_at,
    )


def add_person(connection: Connection, known: Known) -> None:
    """Store someone new."""
    connection.execute(
        insert(_person).values(
            id=known.id,
            name=seal(connection, known.name),
            home=known.home,
            language=known.language,
            locale=known.locale,
            coach=known.coach,
            began=known.began,
            wishes=dump(Wishes, known.wishes),
            digest_at=known.digest_at,
        )
    )


def change_person(connection: Connection, wanted: str, **values: Any) -> None:
    """Change columns of a person; `name` is sealed here."""
    if "name" in values:
        values["name"] = seal(connection, values["name"])
    connection.execute(update(_person).where(_person.c.id == wanted).values(**values))


def set_wishes(connection: Connection, wanted: str, wishes: Wishes) -> None:
    """Store how a client wants to be asked."""
    _SET_WISHES.run(connection, wanted=wanted, new_wishes=dump(Wishes, wishes))


def set_plan(connection: Connection, wanted: str, next_at: datetime | None, plan: str | None) -> None:
    """Store the next occurrence of a client and when it is due."""
    _SET_PLAN.run(connection, wanted=wanted, new_next_at=next_at, new_plan=plan)


def due_prompts(connection: Connection, at: datetime, count: int) -> list[tuple[str, datetime]]:
    """Who has a prompt due by `at`, the longest overdue first."""
    return [(row.id, row.next_at) for row in _DUE.all(connection, at=at, count=count)]


def due_digests(connection: Connection, at: datetime, count: int) -> list[tuple[str, datetime]]:
    """Which coaches have a digest due by `at`."""
    return [(row.id, row.digest_at) for row in _DIGEST_DUE.all(connection, at=at, count=count)]


def next_prompt_at(connection: Connection) -> datetime | None:
    """When the next prompt or digest of anyone is due."""
    found = connection.execute(select(func.min(_person.c.next_at), func.min(_person.c.digest_at))).one()
    return min((at for at in found if at is not None), default=None)


# -- addresses -------------------------------------------------------------------------------------------------------

_PLACE = (
    select(_address, _lane.c.id.label("lane_id"))
    .join(_lane, _lane.c.id == _address.c.lane)
    .order_by(_address.c.preferred.desc(), _address.c.id)
)
_AT = Fixed(
    _PLACE.where(
        _address.c.platform == bindparam("of_platform"),
        _address.c.bot == bindparam("of_bot"),
        _address.c.user == bindparam("of_user"),
    )
)
_PLACES = Fixed(_PLACE.where(_address.c.person == bindparam("of_person")))
_LANE = Fixed(select(_lane.c.id).where(_lane.c.key == bindparam("wanted")))
_ADD_LANE = Fixed(lambda dialect: insert_if_new(_lane, dialect).values(key=bindparam("wanted"), fence=0))


def place_at(connection: Connection, address: Address) -> Place | None:
    """The stored address of a platform's user, or None for a stranger."""
    row = _AT.first(connection, of_platform=address.platform, of_bot=address.bot, of_user=address.user)
    return None if row is None else _place(row)


_WHO = Fixed(
    select(
        _person,
        _address.c.id.label("place"),
        _address.c.platform,
        _address.c.bot,
        _address.c.chat,
        _address.c.user,
        _address.c.lane,
        _address.c.state,
        _address.c.preferred,
        _address.c.page,
        _address.c.private_from,
    )
    .join(_address, _address.c.person == _person.c.id)
    .where(
        _address.c.platform == bindparam("of_platform"),
        _address.c.bot == bindparam("of_bot"),
        _address.c.user == bindparam("of_user"),
    )
)
_LOCK = Fixed(select(_person.c.id).where(_person.c.id == bindparam("wanted")).with_for_update())


def who(connection: Connection, address: Address, *, lock: bool = False) -> tuple[Place, Known] | None:
    """Who writes from an address, or None for a stranger; `lock` makes PostgreSQL take their events one at a time."""
    found = {"of_platform": address.platform, "of_bot": address.bot, "of_user": address.user}
    row = _WHO.first(connection, **found)
    if row is not None and lock and connection.dialect.name == "postgresql":
        _LOCK.first(connection, wanted=row.id)
        row = _WHO.first(connection, **found)  # as the event that held the lock left it
    if row is None:
        return None
    return _place(row, place=row.place, person=row.id), _known(connection, row)


def places(connection: Connection, wanted: str) -> list[Place]:
    """All addresses of a person, the preferred one first."""
    return [_place(row) for row in _PLACES.all(connection, of_person=wanted)]


def _place(row: Any, *, place: str = "", person: str = "") -> Place:
    return Place(
        id=place or row.id,
        person=person or row.person,
        lane=row.lane,
        address=Address(platform=row.platform, bot=row.bot, chat=row.chat, user=row.user),
        state=row.state,
        preferred=row.preferred,
        page=row.page,
        private_from=row.private_from,
    )


def add_place(
    connection: Connection,
    wanted: str,
    address: Address,
    *,
    preferred: bool = True,
    state: str = "active",
    private_from: datetime | None = None,
) -> Place:
    """Bind an address to a person."""
    place = Place(
        id=new_id(),
        person=wanted,
        lane=lane_of(connection, address),
        address=address,
        state=state,
        preferred=preferred,
        private_from=private_from,
    )
    connection.execute(
        insert(_address).values(
            id=place.id,
            person=wanted,
            lane=place.lane,
            platform=address.platform,
            bot=address.bot,
            chat=address.chat,
            user=address.user,
            preferred=preferred,
            state=state,
            private_from=private_from,
        )
    )
    return place


def reachable(connection: Connection, wanted: str) -> Place | None:
    """Where a person is written to: the preferred address of those that are open, or None."""
    return next((place for place in places(connection, wanted) if place.state == "active"), None)


def prefer(connection: Connection, wanted: str, place: str) -> None:
    """Let prompts arrive at this address of a person from now on."""
    connection.execute(update(_address).where(_address.c.person == wanted).values(preferred=_address.c.id == place))


def change_place(connection: Connection, place: str, **values: Any) -> None:
    """Change columns of an address."""
    connection.execute(update(_address).where(_address.c.id == place).values(**values))


def drop_place(connection: Connection, place: str) -> None:
    """Unbind an address."""
    connection.execute(delete(_address).where(_address.c.id == place))


def lane_of(connection: Connection, address: Address) -> int:
    """The lane of a chat, made when it is new."""
    found = _LANE.first(connection, wanted=address.lane)
    if found is None:
        _ADD_LANE.run(connection, wanted=address.lane)
        found = _LANE.first(connection, wanted=address.lane)
    return int(found.id) if found is not None else 0


def block_lane(connection: Connection, lane: int) -> None:
    """Mark the addresses of a chat that is closed to us."""
    connection.execute(update(_address).where(_address.c.lane == lane).values(state="blocked"))


# -- engagements -----------------------------------------------------------------------------------------------------

_coach_row, _client_row = _person.alias("coach_row"), _person.alias("client_row")
_ENGAGEMENT_COLUMNS = (
    select(
        _engagement,
        _coach_row.c.name.label("coach_name"),
        _client_row.c.name.label("client_name"),
    )
    .join(_coach_row, _coach_row.c.id == _engagement.c.coach)
    .join(_client_row, _client_row.c.id == _engagement.c.client)
    .order_by(_engagement.c.began, _engagement.c.id)
)
_AS_CLIENT = Fixed(_ENGAGEMENT_COLUMNS.where(_engagement.c.client == bindparam("wanted")))
_AS_COACH = Fixed(_ENGAGEMENT_COLUMNS.where(_engagement.c.coach == bindparam("wanted")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Coached:
    """An engagement as stored, with what only the system needs of it."""

    engagement: Engagement
    call_wanted: date | None
    seen_at: datetime | None


def engagements_as_client(connection: Connection, wanted: str) -> list[Coached]:
    """The engagements in which a person is the client, the oldest first."""
    rows = _AS_CLIENT.all(connection, wanted=wanted)
    given = consents(connection, wanted) if rows else {}
    return [_coached(connection, row, given.get(row.id, frozenset())) for row in rows]


def engagements_as_coach(connection: Connection, wanted: str) -> list[Coached]:
    """The engagements that a coach holds, the oldest first."""
    return [_coached(connection, row, frozenset()) for row in _AS_COACH.all(connection, wanted=wanted)]


def _coached(connection: Connection, row: Any, given: frozenset[str]) -> Coached:
    engagement = Engagement(
        id=row.id,
        coach=row.coach,
        coach_name=unseal(connection, row.coach_name),
        client=row.client,
        client_name=unseal(connection, row.client_name),
        state=row.state,
        visible=row.visible,
        consents=given,
    )
    return Coached(engagement=engagement, call_wanted=row.call_wanted, seen_at=row.seen_at)


def add_engagement(connection: Connection, *, coach: str, client: str, at: datetime) -> str:
    """Begin an engagement; nothing is visible to the coach until the client says so."""
    wanted = new_id()
    connection.execute(insert(_engagement).values(id=wanted, coach=coach, client=client, began=at))
    return wanted


def change_engagement(connection: Connection, wanted: str, **values: Any) -> None:
    """Change columns of an engagement."""
    connection.execute(update(_engagement).where(_engagement.c.id == wanted).values(**values))


def note_seen(connection: Connection, coach: str, client: str, at: datetime) -> None:
    """Note that a coach has just looked at a client; with an empty id, at all of theirs."""
    seen = update(_engagement).where(_engagement.c.coach == coach)
    if client:
        seen = seen.where(_engagement.c.client == client)
    connection.execute(seen.values(seen_at=at))


def told_signals(connection: Connection, coach: str) -> dict[tuple[str, str], int]:
    """In how many digests running each signal of a coach's clients has been told, by engagement and kind."""
    mine = select(_engagement.c.id).where(_engagement.c.coach == coach)
    rows = connection.execute(select(_told).where(_told.c.engagement.in_(mine)))
    return {(row.engagement, row.kind): row.times for row in rows}


def note_told(connection: Connection, coach: str, standing: frozenset[tuple[str, str]]) -> None:
    """Count one digest more for each signal that stands, and forget those that have cleared."""
    before = told_signals(connection, coach)
    mine = select(_engagement.c.id).where(_engagement.c.coach == coach)
    connection.execute(delete(_told).where(_told.c.engagement.in_(mine)))
    rows = [{"engagement": e, "kind": kind, "times": before.get((e, kind), 0) + 1} for e, kind in sorted(standing)]
    if rows:
        connection.execute(insert(_told), rows)


# -- invites ---------------------------------------------------------------------------------------------------------


def add_invite(
    connection: Connection,
    code: str,
    *,
    role: str,
    coach: str | None,
    name: str,
    zone: str,
    expires_at: datetime,
    person: str | None = None,
) -> None:
    """Store an invitation; of its code only the hash."""
    values: dict[str, Any] = {"code_hash": hash_of(code), "role": role, "coach": coach, "person": person}
    values |= {"zone": zone, "expires_at": expires_at}
    connection.execute(insert(_invite).values(name=seal(connection, name), **values))


def redeem(connection: Connection, code: str, at: datetime, by: str) -> Invite | str:
    """Use a code up: the invitation, or `unknown`, `used` or `expired`. Two at once: one gets it."""
    row = connection.execute(select(_invite).where(_invite.c.code_hash == hash_of(code))).first()
    if row is None:
        return "unknown"
    if row.used_at is not None:
        return "used"
    if row.expires_at <= at:
        return "expired"
    free = and_(_invite.c.code_hash == row.code_hash, _invite.c.used_at.is_(None))
    taken = connection.execute(update(_invite).where(free).values(used_at=at, used_by=by))
    if taken.rowcount != 1:
        return "used"
    name = unseal(connection, row.name)
    return Invite(role=row.role, coach=row.coach, person=row.person, name=name, zone=row.zone)


# -- consents and pauses ---------------------------------------------------------------------------------------------


def add_consent(
    connection: Connection, wanted: str, *, engagement: str | None, kind: str, choice: str, version: str, at: datetime
) -> None:
    """Note a consent given, changed or withdrawn."""
    values = {"person": wanted, "engagement": engagement, "kind": kind, "choice": choice, "version": version, "at": at}
    connection.execute(insert(_consent).values(**values))


_newest = select(func.max(_consent.c.id)).group_by(_consent.c.engagement, _consent.c.kind)
_CONSENTS = Fixed(
    select(_consent.c.kind, _consent.c.choice, _consent.c.engagement).where(
        _consent.c.id.in_(_newest.where(_consent.c.person == bindparam("wanted")))
    )
)
_REFUSALS = ("no", "declined", "none", "later")


def consents(connection: Connection, wanted: str) -> dict[str, frozenset[str]]:
    """The kinds of consent that hold now, by engagement."""
    found: dict[str, frozenset[str]] = {}
    for row in _CONSENTS.all(connection, wanted=wanted):
        if row.choice not in _REFUSALS:
            found[row.engagement] = found.get(row.engagement, frozenset()) | {row.kind}
    return found


_PAUSES = Fixed(select(_pause).where(_pause.c.person == bindparam("wanted")).order_by(_pause.c.id))


def pauses(connection: Connection, wanted: str) -> tuple[Pause, ...]:
    """All pauses of a client, the oldest first."""
    return tuple(Pause(first=row.first, last=row.last) for row in _PAUSES.all(connection, wanted=wanted))


def add_pause(connection: Connection, wanted: str, pause: Pause) -> None:
    """Begin a pause; one that is under way or ahead is replaced by it."""
    end_pauses(connection, wanted, pause.first)
    connection.execute(insert(_pause).values(person=wanted, first=pause.first, last=pause.last))


def end_pauses(connection: Connection, wanted: str, today: date) -> None:
    """End every pause with the day before `today`; those that would only begin are dropped."""
    live = and_(_pause.c.person == wanted, (_pause.c.last.is_(None)) | (_pause.c.last >= today))
    for row in connection.execute(select(_pause).where(live)).all():
        if row.first >= today:
            connection.execute(_pause.delete().where(_pause.c.id == row.id))
        else:
            last = date.fromordinal(today.toordinal() - 1)
            connection.execute(update(_pause).where(_pause.c.id == row.id).values(last=last))
