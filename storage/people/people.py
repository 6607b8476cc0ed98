"""People, how they wish to be asked, and when they rest."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from bot.messages.incoming import Address
from bot.model.facts import Person
from bot.model.people.preferences import Pause, Preferences
from bot.time_zones import zone_at
from storage.database.compiled_sql import Fixed
from storage.database.encryption import seal, unseal
from storage.errors import Unreadable
from storage.people.addresses import Place, place_of
from storage.serialise import dump, load
from storage.tables.people import AddressRow, PauseRow, PersonRow, table_of

_HOLD = 40  # characters of an instant, and more
_person = table_of(PersonRow)
_address = table_of(AddressRow)
_pause = table_of(PauseRow)


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
    wishes: Preferences
    rhythm_since: datetime | None = None
    next_at: datetime | None = None
    plan: str | None = None
    digest_at: datetime | None = None
    practice: bool = False

    def zone_at(self, now: datetime) -> str:
        """Where they are: away while a journey lasts, at home otherwise."""
        return zone_at(now, self.home, self.wishes)

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


_BY_ID = Fixed(select(_person).where(_person.c.id == bindparam("wanted")))


_BY_ID_LOCKED = Fixed(
    lambda dialect: (
        select(_person).where(_person.c.id == bindparam("wanted")).with_for_update()
        if dialect == "postgresql"
        else select(_person).where(_person.c.id == bindparam("wanted"))
    )
)


_SET_WISHES = Fixed(
    update(_person)
    .where(_person.c.id == bindparam("wanted"))
    .values(wishes=bindparam("new_wishes"), hold=bindparam("new_hold"))
)


_SET_PLAN = Fixed(
    update(_person)
    .where(_person.c.id == bindparam("wanted"))
    .values(next_at=bindparam("new_next_at"), plan=bindparam("new_plan"))
)


_DUE = Fixed(
    select(_person.c.id, _person.c.next_at)
    .where(_person.c.next_at.is_not(None), _person.c.next_at <= bindparam("at"), _person.c.practice.is_(False))
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
        wishes=_wishes(connection, row),
        rhythm_since=row.rhythm_since,
        next_at=row.next_at,
        plan=row.plan,
        digest_at=row.digest_at,
        practice=row.practice,
    )


def _wishes(connection: Connection, row: Any) -> Preferences:
    found: Preferences = load(Preferences, row.wishes)
    since = unseal(connection, row.hold).strip() if row.hold is not None else ""
    return replace(found, held=datetime.fromisoformat(since)) if since else found


def unreadable(connection: Connection) -> list[str]:
    """The ids of those whose rows cannot be read; reads everybody's."""
    found = []
    for row in connection.execute(select(_person)):
        try:
            _known(connection, row)
        except Unreadable:
            found.append(str(row.id))
    return found


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
            wishes=_in_clear(known.wishes),
            hold=seal(connection, _hold_of(known.wishes)),
            digest_at=known.digest_at,
            practice=known.practice,
        )
    )


def change_person(connection: Connection, wanted: str, **values: Any) -> None:
    """Change columns of a person; `name` is sealed here."""
    if "name" in values:
        values["name"] = seal(connection, values["name"])
    connection.execute(update(_person).where(_person.c.id == wanted).values(**values))


def set_wishes(connection: Connection, wanted: str, wishes: Preferences) -> None:
    """Store how a client wants to be asked."""
    _SET_WISHES.run(
        connection, wanted=wanted, new_wishes=_in_clear(wishes), new_hold=seal(connection, _hold_of(wishes))
    )


def _in_clear(wishes: Preferences) -> str:
    return dump(Preferences, replace(wishes, held=None))


def _hold_of(wishes: Preferences) -> str:
    """Since when a client is held, or nothing, in as many characters."""
    return (wishes.held.isoformat() if wishes.held is not None else "").ljust(_HOLD)


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
    real = select(func.min(_person.c.next_at), func.min(_person.c.digest_at)).where(_person.c.practice.is_(False))
    found = connection.execute(real).one()
    return min((at for at in found if at is not None), default=None)


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
        _address.c.returns_to,
        _address.c.shift,
        _address.c.since,
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
    return place_of(row, place=row.place, person=row.id), _known(connection, row)


_PAUSES = Fixed(select(_pause).where(_pause.c.person == bindparam("wanted")).order_by(_pause.c.id))


def pauses(connection: Connection, wanted: str) -> tuple[Pause, ...]:
    """All pauses of a client, the oldest first."""
    return tuple(Pause(first=row.first, last=row.last) for row in _PAUSES.all(connection, wanted=wanted))


def add_pause(connection: Connection, wanted: str, pause: Pause, today: date) -> None:
    """Note a pause; of one that meets it only the days before it stay, and only if it has begun by today."""
    for row in connection.execute(select(_pause).where(_pause.c.person == wanted)).all():
        if Pause(first=row.first, last=row.last).meets(pause):
            _end(connection, row, min(pause.first, today) if row.first > today else pause.first)
    connection.execute(insert(_pause).values(person=wanted, first=pause.first, last=pause.last))


def end_pauses(connection: Connection, wanted: str, today: date, *, ahead: bool) -> None:
    """End a pause that is under way with the day before `today`; with `ahead` drop those that would only begin."""
    live = and_(_pause.c.person == wanted, (_pause.c.last.is_(None)) | (_pause.c.last >= today))
    for row in connection.execute(select(_pause).where(live)).all():
        if ahead or row.first <= today:
            _end(connection, row, today)


def _end(connection: Connection, row: Any, day: date) -> None:
    """Let a pause end before a day; one that has not begun by then goes."""
    this = _pause.c.id == row.id
    if row.first >= day:
        connection.execute(_pause.delete().where(this))
    else:
        connection.execute(update(_pause).where(this).values(last=day - timedelta(days=1)))
