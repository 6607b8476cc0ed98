"""The outbox: rows that wait to be sent, in lanes. States and their meaning: `bot.delivery`."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, insert, or_, select, true, update

from bot.messages import Address, Message, Parcel
from storage.fixed import Fixed
from storage.tables import AddressRow, LaneRow, OutboxRow, PromptRow, table_of
from storage.values import opened, sealed

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)
_address = table_of(AddressRow)
_prompt = table_of(PromptRow)

REPLY, PROMPT, DIGEST = 0, 1, 2

_GIVEN = (
    *("dedup", "lane", "address", "person", "kind", "urgency", "token", "trigger"),
    *("updates", "due_at", "expires_at", "body"),
)
_FRESH: dict[str, Any] = {"state": "pending", "reason": "", "fence": 0, "tries": 0, "message_id": ""}
_ADD = Fixed(insert(_outbox).values({name: bindparam(name) for name in _GIVEN} | _FRESH))


def add(
    connection: Connection,
    message: Message,
    *,
    dedup: str,
    lane: int,
    address: str | None,
    person: str | None,
    kind: str,
    urgency: int,
    due_at: datetime,
    expires_at: datetime | None = None,
    updates: int | None = None,
    trigger: str = "",
) -> None:
    """Put a message into its lane. `updates` names the row whose message gets this new look, `trigger` opens a form."""
    _ADD.run(
        connection,
        dedup=dedup,
        lane=lane,
        address=address,
        person=person,
        kind=kind,
        urgency=urgency,
        token=message.token,
        trigger=trigger,
        updates=updates,
        due_at=due_at,
        expires_at=expires_at,
        body=sealed(connection, Message, message),
    )


_SHOWING = Fixed(
    select(_outbox.c.id, _outbox.c.lane, _outbox.c.address, _outbox.c.state, _outbox.c.body).where(
        _outbox.c.token == bindparam("wanted"), _outbox.c.kind.not_in(("update", "form"))
    )
)


def showing(connection: Connection, token: str) -> list[Any]:
    """The rows that show a prompt, as rows of id, lane, address, state and sealed body."""
    return _SHOWING.all(connection, wanted=token)


def message_of(connection: Connection, row: Any) -> Message:
    """The message of a row."""
    found: Message = opened(connection, Message, row.body)
    return found


_TOKEN_OF = Fixed(
    select(_outbox.c.token)
    .where(_outbox.c.lane == bindparam("of_lane"), _outbox.c.message_id == bindparam("of_message"))
    .where(_outbox.c.token != "")
    .limit(1)
)


def token_of_message(connection: Connection, lane: int, message: str) -> str:
    """The prompt that a sent message shows, or nothing."""
    row = _TOKEN_OF.first(connection, of_lane=lane, of_message=message)
    return "" if row is None else str(row.token)


def was_sent(connection: Connection, token: str) -> bool:
    """Whether a prompt reached its chat, or may have."""
    return any(row.state in ("sent", "unknown", "sending") for row in showing(connection, token))


def cancel_prompts(connection: Connection, person: str, reason: str, at: datetime) -> None:
    """Cancel what waits to be said to someone who does not want it any more; replies still go."""
    waiting = and_(_outbox.c.person == person, _outbox.c.state == "pending", _outbox.c.urgency > REPLY)
    connection.execute(update(_outbox).where(waiting).values(state="cancelled", reason=reason, finished=at))


# -- claiming --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A row that is ours to send until the lease runs out; `fence` proves it. `prompt` is the state of what it asks."""

    id: int
    lane: int
    fence: int
    kind: str
    token: str
    tries: int
    expires_at: datetime | None
    address_state: str
    prompt: str
    updates_state: str
    platform: str
    parcel: Parcel
    person: str = ""


def _claimable(dialect: str) -> Select[Any]:
    """The first unfinished row of each free lane, when it is due; replies before prompts before digests."""
    ahead = _outbox.alias("ahead")
    blocked = exists().where(ahead.c.lane == _outbox.c.lane, ahead.c.id < _outbox.c.id, ahead.c.finished.is_(None))
    free = or_(_lane.c.lease_until.is_(None), _lane.c.lease_until <= bindparam("clock"))
    rested = or_(_lane.c.wait_until.is_(None), _lane.c.wait_until <= bindparam("clock"))
    found = (
        select(_lane.c.id, _outbox.c.id.label("row"))
        .join(_outbox, _outbox.c.lane == _lane.c.id)
        .where(_outbox.c.state == "pending", _outbox.c.due_at <= bindparam("at"), free, rested, ~blocked)
        .order_by(_outbox.c.urgency, _outbox.c.due_at, _outbox.c.id)
        .limit(bindparam("count"))
    )
    return found.with_for_update(of=_lane, skip_locked=True) if dialect == "postgresql" else found


_CLAIMABLE = Fixed(_claimable)
_LEASE = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"))
    .values(fence=_lane.c.fence + 1, lease_until=bindparam("until"))
    .returning(_lane.c.fence)
)
_SENDING = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.state == "pending")
    .values(state="sending", fence=bindparam("new_fence"), claimed=bindparam("at"), tries=_outbox.c.tries + 1)
)
_updated = _outbox.alias("updated")
_CLAIMED = Fixed(
    select(
        _outbox,
        _address.c.platform,
        _address.c.bot,
        _address.c.chat,
        _address.c.user,
        _address.c.state.label("address_state"),
        _prompt.c.state.label("prompt_state"),
        _updated.c.state.label("updates_state"),
        _updated.c.message_id.label("updates_message"),
        _lane.c.key.label("lane_key"),
    )
    .join(_lane, _lane.c.id == _outbox.c.lane)
    .outerjoin(_address, _address.c.id == _outbox.c.address)
    .outerjoin(_prompt, _prompt.c.token == _outbox.c.token)
    .outerjoin(_updated, _updated.c.id == _outbox.c.updates)
    .where(_outbox.c.id == bindparam("row"))
)


def claim(connection: Connection, *, at: datetime, lease: timedelta, count: int) -> list[Claim]:
    """Take the next row of up to `count` lanes for sending. Leases run by the database's clock, due times by `at`."""
    clock = database_clock(connection)
    claims = []
    for lane, row in _CLAIMABLE.all(connection, at=at, clock=clock, count=count):
        fence = _new_fence(connection, lane, clock + lease)
        if _SENDING.run(connection, row=row, new_fence=fence, at=clock) == 1:
            claims.append(_claim(connection, _CLAIMED.first(connection, row=row)))
        else:  # another process has sent it meanwhile
            _RELEASE.run(connection, of_lane=lane, with_fence=fence, until=None)
    return claims


def _new_fence(connection: Connection, lane: int, until: datetime) -> int:
    row = _LEASE.first(connection, of_lane=lane, until=until)
    return 0 if row is None else int(row.fence)


def database_clock(connection: Connection) -> datetime:
    """The database's own clock, in UTC; used for leases and for nothing else."""
    if connection.dialect.name == "sqlite":
        seconds: float = connection.exec_driver_sql("select (julianday('now') - 2440587.5) * 86400.0").scalar_one()
        return datetime.fromtimestamp(seconds, tz=UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def _claim(connection: Connection, row: Any) -> Claim:
    platform, bot, chat = row.lane_key.split("|", 2)
    address = Address(platform=platform, bot=bot, chat=chat, user=row.user or chat)
    message = opened(connection, Message, row.body)
    return Claim(
        id=row.id,
        lane=row.lane,
        fence=row.fence,
        kind=row.kind,
        token=row.token,
        tries=row.tries,
        expires_at=row.expires_at,
        address_state=row.address_state or "active",
        prompt=row.prompt_state or "",
        updates_state=row.updates_state or "",
        platform=platform,
        parcel=Parcel(
            id=row.id, address=address, message=message, replaces=row.updates_message or "", trigger=row.trigger
        ),
        person=row.person or "",
    )


# -- confirming ------------------------------------------------------------------------------------------------------

_FINISH = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.fence == bindparam("with_fence"), _outbox.c.state == "sending")
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        message_id=bindparam("new_message"),
        finished=bindparam("at"),
    )
)
_RELEASE = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"), _lane.c.fence == bindparam("with_fence"))
    .values(lease_until=None, wait_until=bindparam("until"))
)
_AGAIN = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.fence == bindparam("with_fence"), _outbox.c.state == "sending")
    .values(state="pending", reason=bindparam("new_reason"))
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
        at=None if state == "unknown" else clock,
    )
    _RELEASE.run(connection, of_lane=claim.lane, with_fence=claim.fence, until=None)
    return done == 1


def put_back(connection: Connection, claim: Claim, *, reason: str, wait: timedelta) -> None:
    """Let a row that did not leave wait; only its own lane waits with it."""
    _AGAIN.run(connection, row=claim.id, with_fence=claim.fence, new_reason=reason)
    until = database_clock(connection) + wait
    _RELEASE.run(connection, of_lane=claim.lane, with_fence=claim.fence, until=until)


def without_form(connection: Connection, claim: Claim) -> None:
    """Let a form that could not be opened go out as the message with its first question."""
    message = replace(claim.parcel.message, form=None)
    plain = {"kind": "reply", "trigger": "", "expires_at": None, "state": "pending"}
    mine = and_(_outbox.c.id == claim.id, _outbox.c.fence == claim.fence, _outbox.c.state == "sending")
    connection.execute(update(_outbox).where(mine).values(body=sealed(connection, Message, message), **plain))
    _RELEASE.run(connection, of_lane=claim.lane, with_fence=claim.fence, until=None)


def page_waits(connection: Connection, lane: int) -> bool:
    """Whether a page is on its way in a lane."""
    waiting = select(_outbox.c.id).where(_outbox.c.lane == lane, _outbox.c.kind == "page", _outbox.c.state == "pending")
    return connection.execute(waiting.limit(1)).first() is not None


def overdue_leases(connection: Connection, *, alone: bool = False) -> list[Claim]:
    """Rows in SENDING whose lease has run out become UNKNOWN: nobody knows whether they arrived.

    `alone` says that no other process can be sending, as at the start of one that holds the database for itself.
    """
    clock = database_clock(connection)
    over = true() if alone else _lane.c.lease_until <= clock
    rows = connection.execute(
        select(_outbox.c.id, _outbox.c.lane)
        .join(_lane, _lane.c.id == _outbox.c.lane)
        .where(_outbox.c.state == "sending", over)
    ).all()
    return [claim for row in rows if (claim := _take_over(connection, row.id, row.lane, clock)) is not None]


def unknown(connection: Connection, count: int) -> list[Claim]:
    """Rows whose fate is open, for recovery."""
    rows = connection.execute(
        select(_outbox.c.id).where(_outbox.c.state == "unknown", _outbox.c.finished.is_(None)).limit(count)
    ).all()
    return [_claim(connection, _CLAIMED.first(connection, row=row.id)) for row in rows]


def _take_over(connection: Connection, row: int, lane: int, clock: datetime) -> Claim | None:
    fence = _new_fence(connection, lane, clock)
    taken = update(_outbox).where(_outbox.c.id == row, _outbox.c.state == "sending")
    if connection.execute(taken.values(state="unknown", fence=fence)).rowcount != 1:
        return None
    return _claim(connection, _CLAIMED.first(connection, row=row))


def resolve_unknown(connection: Connection, row: int, state: str, reason: str) -> None:
    """Settle a row whose fate was open: sent, pending (once more), or unknown for good."""
    clock = database_clock(connection)
    values = {"state": state, "reason": reason, "finished": None if state == "pending" else clock}
    connection.execute(update(_outbox).where(_outbox.c.id == row, _outbox.c.state == "unknown").values(**values))


def counts(connection: Connection) -> dict[str, int]:
    """How many rows are in each state."""
    rows = connection.execute(select(_outbox.c.state, func.count()).group_by(_outbox.c.state)).all()
    return {str(state): int(number) for state, number in rows}


def shortest_wait(connection: Connection) -> float | None:
    """Seconds until the first lane that was asked to wait and has something to send may go on; None if none waits."""
    clock = database_clock(connection)
    waiting = exists().where(_outbox.c.lane == _lane.c.id, _outbox.c.state == "pending")
    earliest = select(func.min(_lane.c.wait_until)).where(_lane.c.wait_until.is_not(None), waiting)
    at: datetime | None = connection.execute(earliest).scalar()
    return None if at is None else (at - clock).total_seconds()


def next_due(connection: Connection) -> datetime | None:
    """When the earliest waiting row is due."""
    earliest: datetime | None = connection.execute(
        select(func.min(_outbox.c.due_at)).where(_outbox.c.state == "pending")
    ).scalar()
    return earliest


def last_said(connection: Connection, token: str) -> Message | None:
    """The message that shows a prompt, as it was last said."""
    row = connection.execute(
        select(_outbox.c.body)
        .where(_outbox.c.token == token, _outbox.c.kind.not_in(("update", "form")))
        .order_by(_outbox.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else opened(connection, Message, row.body)
