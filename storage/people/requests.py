"""What people asked for about their data and have not been given yet: exports and erasures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update
from sqlmodel import col

from storage.database.compiled_sql import Fixed
from storage.ids import new_id
from storage.tables.audit import DataRequestRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import AddressRow

EXPORT, ERASE = "export", "erase"
AT_ONCE = 16  # requests of one tick


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request as stored; `address` is the id of the chat that it was made in."""

    id: str
    person: str
    kind: str
    address: str
    at: datetime


def ask(connection: Connection, person: str, kind: str, *, address: str, at: datetime) -> None:
    """Note what somebody asks for; one of a kind is enough."""
    same = (col(DataRequestRow.person) == person, col(DataRequestRow.kind) == kind)
    if connection.execute(select(col(DataRequestRow.id)).where(*same)).first() is None:
        values: dict[str, Any] = {"id": new_id(), "person": person, "kind": kind, "address": address, "at": at}
        connection.execute(insert(DataRequestRow).values(**values, tries=0))


_WAITING = Fixed(select(DataRequestRow).order_by(col(DataRequestRow.tries), col(DataRequestRow.at)).limit(AT_ONCE))


def waiting(connection: Connection) -> list[Request]:
    """What waits, that which has failed least first."""
    return [
        Request(id=row.id, person=row.person, kind=row.kind, address=row.address, at=row.at)
        for row in _WAITING.all(connection)
    ]


def take(connection: Connection, wanted: str) -> bool:
    """Take a request off the list; False if another process was faster."""
    return connection.execute(delete(DataRequestRow).where(col(DataRequestRow.id) == wanted)).rowcount == 1


def put_off(connection: Connection, wanted: str) -> None:
    """Let a request that could not be carried out wait behind the others."""
    connection.execute(
        update(DataRequestRow).where(col(DataRequestRow.id) == wanted).values(tries=col(DataRequestRow.tries) + 1)
    )


def still_told(connection: Connection, person: str) -> bool:
    """Whether something is still on its way to a person: the last word before they are forgotten."""
    under_way = col(OutboxRow.state).concat("").in_(("pending", "sending"))  # so that the person's index is used
    mine = (col(OutboxRow.person) == person, under_way)
    return bool(connection.execute(select(exists().where(*mine))).scalar())


def where_asked(connection: Connection, request: Request) -> Any | None:
    """The address that a request came from, as a row of lane, private_from and state; None when it is gone."""
    return connection.execute(select(AddressRow).where(col(AddressRow.id) == request.address)).first()
