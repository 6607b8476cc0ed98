"""The outbox: rows that wait to be sent, in lanes. States and their meaning: `bot.delivery`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.messages.outgoing import Message
from storage.database.compiled_sql import Fixed
from storage.outbox import unsent
from storage.serialise import opened, sealed
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import table_of

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)

REPLY, PROMPT, DIGEST, LOOK = 0, 1, 2, 3
LOOKS = "|looks"  # ends the key of the lane in which the new looks of a chat's messages wait

# Without statistics SQLite would rather look through all that is pending than through one lane's or person's few rows;
# inside an expression no index fits the state.
PENDING_UNINDEXED = _outbox.c.state.concat("") == "pending"
_HAS_TOKEN: ColumnElement[bool] = literal_column(
    "outbox.token <> ''"
)  # as a literal: without it the partial index is of no use

_GIVEN = (
    *("dedup", "lane", "address", "person", "kind", "urgency", "token", "trigger"),
    *("updates", "due_at", "expires_at", "body", "occurrence", "held", "about", "origin"),
)
_FRESH: dict[str, Any] = {"state": "pending", "reason": "", "fence": 0, "tries": 0, "message_id": ""}
_UNFINISHED: dict[str, Any] = {"doubts": 0, "looks": 0, "composed": 0}


def _bot_of(dialect: str) -> ColumnElement[str]:
    """Platform and bot out of a lane's key, platform|bot|chat."""
    key = _lane.c.key
    if dialect == "postgresql":
        return func.split_part(key, "|", 1).concat("|").concat(func.split_part(key, "|", 2))
    first = func.instr(key, "|")
    return func.substr(key, 1, first + func.instr(func.substr(key, first + 1), "|") - 1)


def _add(dialect: str) -> Insert:
    bot = select(_bot_of(dialect)).where(_lane.c.id == bindparam("lane")).scalar_subquery()
    return insert(_outbox).values({name: bindparam(name) for name in _GIVEN} | _FRESH | _UNFINISHED | {"bot": bot})


_ADD = Fixed(_add)
# What a reply waits behind hurries as it does: order within a lane holds, and the reply overtakes all other lanes.
_HURRY = Fixed(
    update(_outbox)
    .where(_outbox.c.lane == bindparam("of_lane"), PENDING_UNINDEXED, _outbox.c.urgency > REPLY)
    .where(_outbox.c.finished.is_(None))
    .values(urgency=REPLY)
)
_WAITS = "waits for a yes: "
WAITS_FOR_A_YES = _outbox.c.held.startswith(_WAITS)
COMPOSING = "composed anew"  # why a row is held that tells of somebody who shares otherwise by now
NOT_THE_OPERATORS = or_(WAITS_FOR_A_YES, _outbox.c.held == COMPOSING)  # what is held without asking for anybody's eye
_OF_ITSELF = ("prompt", "digest", "notice")  # kinds that nobody has just asked for


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
    occurrence: str = "",
    held: str = "",
    about: str = "",
    origin: str = "",
) -> None:
    """Put a message into its lane. `updates` names the row whose message gets this new look, `trigger` opens a form.

    `occurrence` is the one whose prompt this is: if it cannot be sent, that is where it says why. `held` says why it
    is not to leave yet, `about` whom it tells a coach of (`storage.outbox.sharing`), `origin` what composes it.
    """
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
        occurrence=occurrence,
        held=held,
        about=about,
        origin=origin,
    )
    if urgency == REPLY:
        _HURRY.run(connection, of_lane=lane)


_SHOWING = Fixed(
    select(_outbox.c.id, _outbox.c.lane, _outbox.c.address, _outbox.c.state, _outbox.c.doubts, _outbox.c.body)
    .where(_HAS_TOKEN, _outbox.c.token == bindparam("wanted"), _outbox.c.kind.not_in(("update", "form")))
    .order_by(_outbox.c.id)
)


def showing(connection: Connection, token: str) -> list[Any]:
    """The rows that show a prompt, the last copy last: id, lane, address, state, doubts and sealed body."""
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
    return any(row.state in ("sent", "unknown", "sending") or row.doubts for row in showing(connection, token))


def cancel_prompts(connection: Connection, person: str, reason: str, at: datetime) -> None:
    """Cancel what waits to be said to someone who does not want it any more; replies still go.

    The occurrences say that they were not sent, and questions that nobody has seen are closed by the next tick.
    """
    waiting = and_(_outbox.c.person == person, PENDING_UNINDEXED, _outbox.c.kind.in_(_OF_ITSELF), ~WAITS_FOR_A_YES)
    rows = connection.execute(select(_outbox.c.occurrence, _outbox.c.token).where(waiting)).all()
    connection.execute(update(_outbox).where(waiting).values(state="cancelled", reason=reason, finished=at))
    for row in rows:
        not_sent(connection, person, row.occurrence, row.token, f"cancelled: {reason}", at)


def not_sent(connection: Connection, person: str, occurrence: str, token: str, reason: str, at: datetime) -> None:
    """Note why a prompt was not sent, and let the next tick close a question that nobody has seen."""
    seen = bool(token) and was_sent(connection, token)
    if not seen:
        unsent.note(connection, person, occurrence=occurrence, token=token, reason=reason, at=at)


_PROVED = Fixed(
    update(_outbox)
    .where(
        _HAS_TOKEN,
        _outbox.c.token == bindparam("wanted"),
        _outbox.c.doubts > 0,
        _outbox.c.kind.not_in(("update", "form")),
    )
    .where(_outbox.c.state.in_(("unknown", "pending")))
    .values(state="sent", reason="answered", finished=bindparam("at"))
)


def prove(connection: Connection, token: str, at: datetime) -> None:
    """A question was answered: whichever copy of it was in doubt has arrived, and need not go again."""
    _PROVED.run(connection, wanted=token, at=at)


def counts(connection: Connection) -> dict[str, int]:
    """How many rows are in each state."""
    rows = connection.execute(select(_outbox.c.state, func.count()).group_by(_outbox.c.state)).all()
    return {str(state): int(number) for state, number in rows}


def next_due(connection: Connection) -> datetime | None:
    """When the earliest waiting row is due."""
    earliest: datetime | None = connection.execute(
        select(func.min(_outbox.c.due_at)).where(_outbox.c.state == "pending", _outbox.c.held == "")
    ).scalar()
    return earliest


def last_said(connection: Connection, token: str) -> Message | None:
    """The message that shows a prompt, as it was last said."""
    row = connection.execute(
        select(_outbox.c.body)
        .where(_HAS_TOKEN, _outbox.c.token == token, _outbox.c.kind.not_in(("update", "form")))
        .order_by(_outbox.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else opened(connection, Message, row.body)


# -- what is held ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class PausedForSafety:
    """A row that waits for an operator: what sort of message, for which bot, due when, and why it waits. No content."""

    id: int
    kind: str
    bot: str
    due_at: datetime
    held: str


def hold(connection: Connection, *, before: datetime, reason: str) -> int:
    """Hold what waits and was due before an instant, in every lane, until it is released; returns how many rows."""
    waiting = and_(_outbox.c.state == "pending", _outbox.c.held == "", _outbox.c.due_at < before)
    return int(connection.execute(update(_outbox).where(waiting).values(held=reason)).rowcount)


def hold_one(connection: Connection, wanted: int, reason: str) -> None:
    """Hold one row that waits; what is behind it in its lane goes on."""
    waiting = and_(_outbox.c.id == wanted, _outbox.c.state == "pending")
    connection.execute(update(_outbox).where(waiting).values(held=reason))


def held(connection: Connection) -> list[PausedForSafety]:
    """What is held, the oldest first."""
    rows = connection.execute(
        select(_outbox.c.id, _outbox.c.kind, _outbox.c.bot, _outbox.c.due_at, _outbox.c.held)
        .where(_outbox.c.state == "pending", _outbox.c.held != "", ~NOT_THE_OPERATORS)
        .order_by(_outbox.c.id)
    ).all()
    return [PausedForSafety(id=row.id, kind=row.kind, bot=row.bot, due_at=row.due_at, held=row.held) for row in rows]


def release(connection: Connection, ids: Collection[int] | None) -> int:
    """Let held rows go, those named or all; what has passed its time by now expires. Returns how many there were."""
    waiting = and_(_outbox.c.state == "pending", _outbox.c.held != "", ~NOT_THE_OPERATORS)
    if ids is not None:
        waiting = and_(waiting, _outbox.c.id.in_(ids))
    return int(connection.execute(update(_outbox).where(waiting).values(held="")).rowcount)


# -- what waits for a client's yes -----------------------------------------------------------------------------------


def waiting_for(engagement: str, about: str = "") -> str:
    """Why a row is held whose client has not agreed to be written to for that engagement."""
    return f"{_WAITS}{engagement} {about}"


def hand_on(connection: Connection, engagement: str, at: datetime) -> None:
    """Let go, behind what is in its lane by now, what waited for the yes to that engagement."""
    waiting = select(_outbox).where(_waits_for(engagement)).order_by(_outbox.c.id)
    for row in connection.execute(waiting).all():
        add(
            connection,
            message_of(connection, row),
            dedup=f"{row.dedup}+",
            lane=row.lane,
            address=row.address,
            person=row.person,
            kind=row.kind,
            urgency=row.urgency,
            due_at=at,
            expires_at=row.expires_at,
            about=row.about,
            origin=row.origin,
        )
    let_be(connection, engagement, "handed on", at)


def let_be(connection: Connection, engagement: str, reason: str, at: datetime, *, about: str = "") -> int:
    """Cancel what waits for the yes to an engagement, all or what is about one thing; returns how many rows."""
    ended = update(_outbox).where(_waits_for(engagement, about))
    return int(connection.execute(ended.values(state="cancelled", reason=reason, held="", finished=at)).rowcount)


def _waits_for(engagement: str, about: str = "") -> ColumnElement[bool]:
    return and_(_outbox.c.state == "pending", _outbox.c.held.startswith(waiting_for(engagement, about)))
