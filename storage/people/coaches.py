"""What coaches chose, signals that they leave be, who joined as whom, and handing an engagement over."""

from datetime import date, time

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlmodel import col

from bot.model.people.preferences import CoachPreferences
from storage.database.compiled_sql import Fixed, insert_or_change
from storage.database.encryption import seal, unseal
from storage.people.people import Known
from storage.tables.coach import CoachRow, LeftSignalRow
from storage.tables.people import EngagementRow, PersonRow, table_of

_coach = table_of(CoachRow)
_left = table_of(LeftSignalRow)

_CHOSEN = Fixed(select(CoachRow).where(col(CoachRow.person) == bindparam("wanted")))
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
    others = (col(PersonRow.coach), col(PersonRow.id) != coach)
    rows = connection.execute(select(col(PersonRow.id), col(PersonRow.name)).where(*others))
    return tuple((key, unseal(connection, name)) for key, name in rows)


# -- signals left be -------------------------------------------------------------------------------------------------


def leave_signals(connection: Connection, engagement: str, kinds: tuple[str, ...], until: date) -> None:
    """Leave these signals (kind and level) be, up to and including the client's local day `until`."""
    for kind in kinds:
        _LEAVE.run(connection, engagement=engagement, kind=kind, until=until)


def left_signals(connection: Connection, engagement: str, today: date) -> frozenset[str]:
    """The signals of an engagement that are left be on that local day of the client."""
    found = select(col(LeftSignalRow.kind)).where(
        col(LeftSignalRow.engagement) == engagement, col(LeftSignalRow.until) >= today
    )
    return frozenset(connection.execute(found).scalars())


def drop_left_signals(connection: Connection, engagement: str) -> None:
    """Whoever coaches from now on sees every signal again."""
    connection.execute(delete(LeftSignalRow).where(col(LeftSignalRow.engagement) == engagement))


# -- engagements -----------------------------------------------------------------------------------------------------


def hand_over(connection: Connection, engagement: str, heir: str) -> bool:
    """Give an engagement to the coach it was meant for; False when it is not meant for that one (any more)."""
    meant = (col(EngagementRow.id) == engagement, col(EngagementRow.heir) == heir, col(EngagementRow.heir) != "")
    done = (
        update(EngagementRow)
        .where(*meant)
        .values(coach=heir, heir="", seen_at=None, call_wanted=None, sharing=col(EngagementRow.sharing) + 1)
    )
    if connection.execute(done).rowcount != 1:
        return False
    drop_left_signals(connection, engagement)
    return True
