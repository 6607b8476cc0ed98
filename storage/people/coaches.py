"""What coaches chose, signals that they leave be, who joined as whom, and handing an engagement over."""

from datetime import date, time

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.model.facts import CoachPreferences
from storage.database.compiled_sql import Fixed, insert_or_change
from storage.database.encryption import seal, unseal
from storage.people.people import Known
from storage.tables.coach import CoachRow, LeftSignalRow
from storage.tables.people import EngagementRow, PersonRow, table_of

_coach = table_of(CoachRow)
_left = table_of(LeftSignalRow)
_person = table_of(PersonRow)
_engagement = table_of(EngagementRow)

_CHOSEN = Fixed(select(_coach).where(_coach.c.person == bindparam("wanted")))
_CHOOSE = Fixed(
    lambda dialect: insert_or_change(_coach, dialect, "person").values(
        {name: bindparam(name) for name in ("person", "weekday", "at", "pointers")}
    )
)
_LEAVE = Fixed(
    lambda dialect: insert_or_change(_left, dialect, "engagement", "kind").values(
        {name: bindparam(name) for name in ("engagement", "kind", "until")}
    )
)


def wishes(connection: Connection, coach: str) -> CoachPreferences:
    """What a coach chose, or the defaults."""
    row = _CHOSEN.first(connection, wanted=coach)
    if row is None:
        return CoachPreferences()
    pointers = unseal(connection, row.pointers) if row.pointers is not None else ""
    return CoachPreferences(weekday=row.weekday, at=row.at, pointers=pointers)


def choose(
    connection: Connection,
    known: Known,
    *,
    weekday: int | None = None,
    at: time | None = None,
    pointers: str | None = None,
) -> None:
    """Store what a coach chose anew; what is None stays."""
    before = wishes(connection, known.id)
    words = before.pointers if pointers is None else pointers
    _CHOOSE.run(
        connection,
        person=known.id,
        weekday=before.weekday if weekday is None else weekday,
        at=before.at if at is None else at,
        pointers=seal(connection, words) if words else None,
    )


def colleagues(connection: Connection, coach: str) -> tuple[tuple[str, str], ...]:
    """The other coaches, by id and name."""
    rows = connection.execute(select(_person.c.id, _person.c.name).where(_person.c.coach, _person.c.id != coach))
    return tuple((row.id, unseal(connection, row.name)) for row in rows)


# -- signals left be -------------------------------------------------------------------------------------------------


def leave_signals(connection: Connection, engagement: str, kinds: tuple[str, ...], until: date) -> None:
    """Leave these signals (kind and level) be, up to and including the client's local day `until`."""
    for kind in kinds:
        _LEAVE.run(connection, engagement=engagement, kind=kind, until=until)


def left_signals(connection: Connection, engagement: str, today: date) -> frozenset[str]:
    """The signals of an engagement that are left be on that local day of the client."""
    found = select(_left.c.kind).where(_left.c.engagement == engagement, _left.c.until >= today)
    return frozenset(row.kind for row in connection.execute(found))


def drop_left_signals(connection: Connection, engagement: str) -> None:
    """Whoever coaches from now on sees every signal again."""
    connection.execute(delete(_left).where(_left.c.engagement == engagement))


# -- engagements -----------------------------------------------------------------------------------------------------


def hand_over(connection: Connection, engagement: str, heir: str) -> bool:
    """Give an engagement to the coach it was meant for; False when it is not meant for that one (any more)."""
    meant = (_engagement.c.id == engagement, _engagement.c.heir == heir, _engagement.c.heir != "")
    done = update(_engagement).where(*meant).values(coach=heir, heir="", seen_at=None, call_wanted=None)
    if connection.execute(done).rowcount != 1:
        return False
    drop_left_signals(connection, engagement)
    return True
