"""What changes what stands there already: new looks of messages, and pages. They stand beside, and hold nothing up."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.messages.outgoing import Message
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.outbox.rows import LOOK, LOOKS, PENDING_UNINDEXED, add
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import table_of

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)

_LOOKS_KEY = Fixed(select(_lane.c.key).where(_lane.c.id == bindparam("wanted")))
_LANE = Fixed(select(_lane.c.id).where(_lane.c.key == bindparam("wanted")))
_NEW_LANE = Fixed(lambda dialect: insert_if_new(_lane, dialect).values(key=bindparam("wanted"), fence=0))
_OUTDATED = Fixed(
    update(_outbox)
    .where(_outbox.c.lane == bindparam("of_lane"), PENDING_UNINDEXED, _outbox.c.finished.is_(None))
    .where(_outbox.c.updates == bindparam("of_row"))
    .values(state="cancelled", reason="a newer look follows", finished=bindparam("at"))
)


def add_look(
    connection: Connection,
    message: Message,
    *,
    dedup: str,
    shown: Any,
    person: str,
    due_at: datetime,
    expires_at: datetime,
) -> None:
    """Put a new look for the message of a row into its chat's second lane, where it holds no message up.

    It replaces one that still waits; late, it is not worth sending. `shown` is a row as of `showing`.
    """
    lane = _lane_of_looks(connection, shown.lane)
    _OUTDATED.run(connection, of_lane=lane, of_row=shown.id, at=due_at)
    add(
        connection,
        message,
        dedup=dedup,
        lane=lane,
        address=shown.address,
        person=person,
        kind="update",
        urgency=LOOK,
        due_at=due_at,
        expires_at=expires_at,
        updates=shown.id,
    )


_PAGE_WAITS = Fixed(
    select(_outbox.c.id)
    .where(_outbox.c.lane == bindparam("of_lane"), _outbox.c.kind == "page", PENDING_UNINDEXED)
    .where(_outbox.c.finished.is_(None))
    .limit(1)
)


def add_page(
    connection: Connection,
    *,
    dedup: str,
    lane: int,
    address: str | None,
    person: str | None,
    due_at: datetime,
    message: Message | None = None,
) -> None:
    """Have the page of a person drawn anew, beside the messages of the chat; one that waits is enough."""
    beside = _lane_of_looks(connection, lane)
    if _PAGE_WAITS.first(connection, of_lane=beside) is None:
        add(
            connection,
            message or Message(text=""),
            dedup=dedup,
            lane=beside,
            address=address,
            person=person,
            kind="page",
            urgency=LOOK,
            due_at=due_at,
        )


def _lane_of_looks(connection: Connection, lane: int) -> int:
    chat = _LOOKS_KEY.first(connection, wanted=lane)
    key = f"{chat.key if chat is not None else ''}{LOOKS}"
    found = _LANE.first(connection, wanted=key)
    if found is None:
        _NEW_LANE.run(connection, wanted=key)
        found = _LANE.first(connection, wanted=key)
    return int(found.id) if found is not None else lane
