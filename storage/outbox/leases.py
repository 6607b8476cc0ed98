"""What only one process may do at a time, and when a process was last alive. By the database's clock alone."""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, delete, or_, select

from storage.database.compiled_sql import Fixed, insert_if_new
from storage.outbox.rate_limits import database_clock
from storage.tables.delivery import LeaseRow
from storage.tables.people import table_of

_lease = table_of(LeaseRow)
_until = bindparam("new_until", type_=_lease.c.until.type)
_clock = bindparam("clock", type_=_lease.c.until.type)
_latest = bindparam("latest", type_=_lease.c.until.type)

_NEW = Fixed(
    lambda dialect: insert_if_new(_lease, dialect).values(
        name=bindparam("wanted"), holder=bindparam("mine"), until=bindparam("new_until")
    )
)
_TAKE = Fixed(
    _lease.update()
    .where(_lease.c.name == bindparam("wanted"))
    .where(or_(_lease.c.holder == bindparam("mine"), _lease.c.until <= _clock, _lease.c.until > _latest))
    .values(holder=bindparam("mine"), until=_until)
)
_GIVE_UP = Fixed(delete(_lease).where(_lease.c.name == bindparam("wanted"), _lease.c.holder == bindparam("mine")))
_FOUND = Fixed(select(_lease).where(_lease.c.name == bindparam("wanted")))

_ALIVE = "alive"


def take(connection: Connection, name: str, holder: str, span: timedelta) -> bool:
    """Take or renew a lease for `span`; False while somebody else has it.

    A lease that runs longer than any that was ever given was noted before the clock was set back: it is over.
    """
    clock = database_clock(connection)
    until = clock + span
    if _TAKE.run(connection, wanted=name, mine=holder, clock=clock, latest=clock + 2 * span, new_until=until) == 1:
        return True
    return _NEW.run(connection, wanted=name, mine=holder, new_until=until) == 1


def give_up(connection: Connection, name: str, holder: str) -> None:
    """Let go of a lease, so that another process need not wait until it runs out."""
    _GIVE_UP.run(connection, wanted=name, mine=holder)


def holder(connection: Connection, name: str) -> str:
    """Who has a lease now; empty when nobody does."""
    row = _FOUND.first(connection, wanted=name)
    return "" if row is None or row.until <= database_clock(connection) else str(row.holder)


def beat(connection: Connection) -> None:
    """Note that a process which delivers is alive."""
    take(connection, _ALIVE, _ALIVE, timedelta(0))


def away_for(connection: Connection) -> timedelta:
    """For how long no process has delivered; nothing when none ever has, or the clock was set back."""
    row = _FOUND.first(connection, wanted=_ALIVE)
    return timedelta(0) if row is None else max(timedelta(0), database_clock(connection) - row.until)
