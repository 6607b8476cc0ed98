"""The budgets of bots: when the next slot is free, where all processes see it. By the database's clock alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, update

from bot.gcra import Rate, slot, taken
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.tables.delivery import BudgetRow
from storage.tables.outbox import LaneRow
from storage.tables.people import table_of

_budget = table_of(BudgetRow)
_lane = table_of(LaneRow)

STEPPED = timedelta(seconds=5)  # a time noted so far ahead says that the clock was set back
_FLOODS = 3  # so many chats told to wait within this time: the whole bot is
_WITHIN = timedelta(seconds=1)

_NEW = Fixed(lambda dialect: insert_if_new(_budget, dialect).values(key=bindparam("wanted")))
_FOUND = Fixed(select(_budget).where(_budget.c.key == bindparam("wanted")))
_LOCKED = Fixed(
    lambda dialect: (
        select(_budget).where(_budget.c.key == bindparam("wanted")).with_for_update()
        if dialect == "postgresql"
        else select(_budget).where(_budget.c.key == bindparam("wanted"))
    )
)
_SPEND = Fixed(update(_budget).where(_budget.c.key == bindparam("wanted")).values(free_at=bindparam("until")))
_FLOOD = Fixed(
    update(_budget)
    .where(_budget.c.key == bindparam("wanted"))
    .values(floods=bindparam("number"), flooded_at=bindparam("since"), wait_until=bindparam("until"))
)


def database_clock(connection: Connection) -> datetime:
    """The database's own clock, in UTC; used for leases and for pacing, and for nothing else."""
    if connection.dialect.name == "sqlite":
        seconds: float = connection.exec_driver_sql("select (julianday('now') - 2440587.5) * 86400.0").scalar_one()
        return datetime.fromtimestamp(seconds, tz=UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


@dataclass(slots=True, kw_only=True)
class Budget:
    """What a bot may send, held by this transaction until it ends; `waits` is the end of a flood wait of the bot."""

    key: str
    rate: Rate
    clock: datetime
    free_at: datetime | None
    waits: datetime | None
    spent: bool = False

    def slot(self, *, reply: bool) -> datetime:
        """When the next message may leave."""
        at = slot(self.free_at, self.clock, self.rate, reply=reply)
        return at if self.waits is None else max(at, self.waits)

    def spend(self, cost: int) -> None:
        """Let one message go that counts as so many."""
        self.free_at = taken(self.free_at, self.clock, self.rate, cost=cost)
        self.spent = True


def budget(connection: Connection, key: str, rate: Rate, clock: datetime | None = None) -> Budget:
    """The budget of a key, locked on PostgreSQL; made when it is new. `clock` is the database's, read now if None."""
    row = _LOCKED.first(connection, wanted=key)
    if row is None:
        _NEW.run(connection, wanted=key)
        row = _LOCKED.first(connection, wanted=key)
    if row is None:
        raise LookupError(f"the budget {key} is gone")
    clock = clock or database_clock(connection)
    return Budget(key=key, rate=rate, clock=clock, free_at=row.free_at, waits=_waits(row, clock))


def save(connection: Connection, held: Budget) -> None:
    """Write down what was spent."""
    if held.spent:
        _SPEND.run(connection, wanted=held.key, until=held.free_at)


def spend(connection: Connection, key: str, rate: Rate) -> bool:
    """Take one slot if there is one right now."""
    held = budget(connection, key, rate)
    if held.slot(reply=False) > held.clock:
        return False
    held.spend(1)
    save(connection, held)
    return True


def flooded(connection: Connection, key: str, wait: timedelta, *, whole: bool) -> None:
    """Note that a chat of a bot was told to wait; the whole bot waits when it is told so, or when many chats are."""
    clock = database_clock(connection)
    _NEW.run(connection, wanted=key)
    row = _LOCKED.first(connection, wanted=key)
    recent = row is not None and row.flooded_at is not None and abs(clock - row.flooded_at) <= _WITHIN
    number = row.floods + 1 if recent and row is not None else 1
    waits = None if row is None else _waits(row, clock)
    if whole or number >= _FLOODS:
        waits = max(waits or clock, clock + wait)
    since = row.flooded_at if recent and row is not None and not whole else clock
    _FLOOD.run(connection, wanted=key, number=number, since=since, until=waits)


def let_go(connection: Connection, key: str) -> None:
    """What made a whole bot wait is over: neither it nor any of its chats waits any more."""
    of_bot = or_(_budget.c.key == key, _budget.c.key.startswith(f"{key}|", autoescape=True))
    connection.execute(update(_budget).where(of_bot).values(wait_until=None))
    of_chats = _lane.c.key.startswith(f"{key}|", autoescape=True)
    connection.execute(update(_lane).where(of_chats).values(wait_until=None))


def waits(connection: Connection, key: str, clock: datetime | None = None) -> datetime | None:
    """Until when a whole bot waits, or None. `clock` is the database's, read now if None."""
    row = _FOUND.first(connection, wanted=key)
    return None if row is None else _waits(row, clock or database_clock(connection))


def _waits(row: BudgetRow, clock: datetime) -> datetime | None:
    if row.wait_until is None or row.wait_until <= clock:
        return None
    stepped_back = row.flooded_at is not None and row.flooded_at > clock + STEPPED
    return None if stepped_back else row.wait_until
