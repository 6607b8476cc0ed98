"""What became of a claim, written down where its fence is still ours. The states: `bot.delivery`."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, and_, bindparam, update

from bot.messages.outgoing import Message
from storage.database.compiled_sql import Fixed
from storage.outbox.claims import Claim, release
from storage.outbox.lanes import Waiting
from storage.outbox.rate_limits import database_clock
from storage.serialise import opened, sealed
from storage.tables.outbox import OutboxRow
from storage.tables.people import table_of

_outbox = table_of(OutboxRow)

_FINISH = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.fence == bindparam("with_fence"), _outbox.c.state == "sending")
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        message_id=bindparam("new_message"),
        finished=bindparam("clock"),
    )
)
_DOUBT = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.fence == bindparam("with_fence"), _outbox.c.state == "sending")
    .values(state="unknown", reason=bindparam("new_reason"), doubts=_outbox.c.doubts + 1, looks=0, looked_at=None)
)
_END = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.state == "pending")
    .values(state=bindparam("new_state"), reason=bindparam("new_reason"), finished=bindparam("clock"))
)
_AGAIN = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.fence == bindparam("with_fence"), _outbox.c.state == "sending")
    .values(state="pending", reason=bindparam("new_reason"))
)
_EVIDENCE = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.doubts > 0, _outbox.c.state.in_(("unknown", "pending")))
    .values(
        state="sent", reason="its sender came back", message_id=bindparam("new_message"), finished=bindparam("clock")
    )
)


def finish(connection: Connection, claim: Claim, state: str, *, reason: str = "", message_id: str = "") -> bool:
    """Note what became of a row, where the fence is still ours, and free its lane; False: someone else holds it."""
    clock = database_clock(connection)
    done = _FINISH.run(
        connection,
        row=claim.id,
        with_fence=claim.fence,
        new_state=state,
        new_reason=reason,
        new_message=message_id,
        clock=clock,
    )
    release(connection, claim, clock=clock)
    return done == 1


def testify(connection: Connection, claim: Claim, message_id: str) -> None:
    """A sender that lost its fence says that its row is there: evidence, where nobody knows or it was to go again."""
    _EVIDENCE.run(connection, row=claim.id, new_message=message_id, clock=database_clock(connection))


def doubt(connection: Connection, claim: Claim, reason: str) -> None:
    """Nobody knows whether a row arrived: its lane waits for recovery."""
    _DOUBT.run(connection, row=claim.id, with_fence=claim.fence, new_reason=reason)
    release(connection, claim)


def put_back(connection: Connection, claim: Claim, *, reason: str, wait: timedelta) -> bool:
    """Let a row that did not leave wait, and its lane with it; False where someone else holds it."""
    done = _AGAIN.run(connection, row=claim.id, with_fence=claim.fence, new_reason=reason)
    release(connection, claim, wait=wait)
    return done == 1


def end(connection: Connection, row: Waiting, state: str, reason: str) -> bool:
    """End a row that waits, before it was ever claimed."""
    clock = database_clock(connection)
    return _END.run(connection, row=row.id, new_state=state, new_reason=reason, clock=clock) == 1


def without_form(connection: Connection, row: Waiting, *, fence: int | None = None) -> None:
    """Let a form that could not be opened go out as the message with its first question.

    With a `fence` the row is on its way under it, without it waits.
    """
    message = replace(opened(connection, Message, row.row.body), form=None)
    plain = {"kind": "reply", "trigger": "", "expires_at": None, "state": "pending"}
    state = "pending" if fence is None else "sending"
    mine = and_(_outbox.c.id == row.id, _outbox.c.state == state)
    if fence is not None:
        mine = and_(mine, _outbox.c.fence == fence)
    connection.execute(update(_outbox).where(mine).values(body=sealed(connection, Message, message), **plain))
