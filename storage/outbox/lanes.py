"""The rows at the heads of their lanes, with all that is looked at before they leave."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from bot.messages.incoming import Address
from bot.messages.outgoing import Message
from bot.messages.sending import Parcel
from storage.database.compiled_sql import Fixed
from storage.outbox.rate_limits import STEPPED, database_clock
from storage.outbox.rows import LOOKS, PENDING_UNINDEXED, REPLY
from storage.serialise import opened
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import AddressRow, PromptRow, table_of

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)
_address = table_of(AddressRow)
_prompt = table_of(PromptRow)
_updated = _outbox.alias("updated")
_ahead = _outbox.alias("ahead")

EVERY_URGENCY = 9

# As a literal, since a partial index is of no use to a parameter.
PENDING = literal_column("outbox.state") == literal_column("'pending'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A row at the head of its lane. `prompt` is the state of what it asks, `person` whom it is for, if it is known.

    `chat_lane` holds the messages of its chat: its own lane, unless it is a new look of one of them.
    """

    id: int
    lane: int
    chat_lane: int
    fence: int
    kind: str
    urgency: int
    token: str
    tries: int
    doubts: int
    looks: int
    expires_at: datetime | None
    claimed: datetime | None
    address_state: str
    prompt: str
    updates_state: str
    updates_message: str
    platform: str
    bot: str
    chat: str
    person: str
    occurrence: str
    reason: str
    row: Any = field(repr=False, compare=False)

    @property
    def budget(self) -> str:
        """The key of its bot's budget."""
        return f"{self.platform}|{self.bot}"


def _bots() -> Select[Any]:
    """Each bot that has something waiting, by jumps along the index."""
    first = select(func.min(_outbox.c.bot).label("bot")).where(PENDING).cte("bots", recursive=True)
    following = select(func.min(_outbox.c.bot)).where(PENDING, _outbox.c.bot > first.c.bot).scalar_subquery()
    every = first.union_all(select(following).where(first.c.bot.is_not(None)))
    return select(every.c.bot).where(every.c.bot.is_not(None))


def whole() -> Select[Any]:
    """A row with all that is looked at before it leaves."""
    return (
        select(
            _outbox,
            _address.c.user,
            _address.c.state.label("address_state"),
            _prompt.c.state.label("prompt_state"),
            _updated.c.state.label("updates_state"),
            _updated.c.message_id.label("updates_message"),
            _updated.c.lane.label("updates_lane"),
            _lane.c.key.label("lane_key"),
            _lane.c.fence.label("lane_fence"),
            _lane.c.free_at,
        )
        .join(_lane, _lane.c.id == _outbox.c.lane)
        .outerjoin(_address, _address.c.id == _outbox.c.address)
        .outerjoin(_prompt, _prompt.c.token == _outbox.c.token)
        .outerjoin(_updated, _updated.c.id == _outbox.c.updates)
    )


def passed(instant: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether an instant of a lane has come; also when the clock was set back since it was noted."""
    clock = bindparam("clock", type_=_lane.c.free_at.type)
    return or_(instant.is_(None), instant <= clock, _lane.c.touched_at > bindparam("later", type_=_lane.c.free_at.type))


def _heads(dialect: str) -> Select[Any]:
    """The first unfinished row of each free lane of one bot, when it is due; replies before prompts before digests."""
    before = exists().where(
        _ahead.c.lane == _outbox.c.lane, _ahead.c.id < _outbox.c.id, _ahead.c.finished.is_(None), _ahead.c.held == ""
    )
    paced = case((_outbox.c.urgency == REPLY, _lane.c.reply_at), else_=_lane.c.free_at)
    found = (
        whole()
        .where(
            PENDING,
            or_(_updated.c.id.is_(None), _updated.c.finished.is_not(None)),
            _outbox.c.bot == bindparam("of_bot"),
            _outbox.c.urgency <= bindparam("most"),
            _outbox.c.due_at <= bindparam("at"),
            _outbox.c.held == "",
        )
        .where(passed(_lane.c.lease_until), passed(_lane.c.wait_until), passed(paced), ~before)
        .order_by(_outbox.c.urgency, _outbox.c.due_at, _outbox.c.id)
        .limit(bindparam("count"))
    )
    return found.with_for_update(of=_lane, skip_locked=True) if dialect == "postgresql" else found


_BOTS = Fixed(_bots())
_HEADS = Fixed(_heads)


def waiting(row: Any) -> Waiting:
    """The row of a statement over `whole`."""
    platform, bot, chat = row.lane_key.removesuffix(LOOKS).split("|", 2)
    return Waiting(
        id=row.id,
        lane=row.lane,
        chat_lane=row.updates_lane or row.lane,
        fence=row.lane_fence,
        kind=row.kind,
        urgency=row.urgency,
        token=row.token,
        tries=row.tries,
        doubts=row.doubts,
        looks=row.looks,
        expires_at=row.expires_at,
        claimed=row.claimed,
        address_state=row.address_state or "active",
        prompt=row.prompt_state or "",
        updates_state=row.updates_state or "",
        updates_message=row.updates_message or "",
        platform=platform,
        bot=bot,
        chat=chat,
        person=row.person or "",
        occurrence=row.occurrence,
        reason=row.reason,
        row=row,
    )


def bots(connection: Connection) -> list[str]:
    """The bots that have something waiting."""
    return [str(row.bot) for row in _BOTS.all(connection)]


def heads(connection: Connection, bot: str, *, at: datetime, clock: datetime, most: int, count: int) -> list[Waiting]:
    """Up to `count` heads of a bot's free lanes, due by `at`, of an urgency up to `most`; `clock` is the database's."""
    found = _HEADS.all(connection, of_bot=bot, at=at, clock=clock, later=clock + STEPPED, most=most, count=count)
    return [waiting(row) for row in found]


def parcel_of(connection: Connection, row: Waiting) -> Parcel:
    """What is to be sent for a row."""
    address = Address(platform=row.platform, bot=row.bot, chat=row.chat, user=row.row.user or row.chat)
    message = opened(connection, Message, row.row.body)
    return Parcel(id=row.id, address=address, message=message, replaces=row.updates_message, trigger=row.row.trigger)


_PACE_OF = Fixed(
    lambda dialect: (
        select(_lane.c.free_at).where(_lane.c.id == bindparam("wanted")).with_for_update(skip_locked=True)
        if dialect == "postgresql"
        else select(_lane.c.free_at).where(_lane.c.id == bindparam("wanted"))
    )
)


def pace_of(connection: Connection, lane: int) -> tuple[bool, datetime | None]:
    """Whether nobody else is just claiming in a lane, and when its next slot is free; held until the claim ends."""
    row = _PACE_OF.first(connection, wanted=lane)
    return (False, None) if row is None else (True, row.free_at)


# -- waits -----------------------------------------------------------------------------------------------------------

_clock = bindparam("clock", type_=_lane.c.free_at.type)


def _most_urgent(dialect: str) -> ColumnElement[int]:
    """How urgent what waits in a lane is: null where nothing does.

    From the lanes that wait to their rows, never the other way round: few lanes wait while a hundred thousand rows do.
    As an aggregate, since PostgreSQL would join all that is pending to answer `exists`. SQLite's index of a lane holds
    unfinished rows alone; to PostgreSQL that word would suggest the index of them all.
    """
    found = select(func.min(_outbox.c.urgency)).where(_outbox.c.lane == _lane.c.id, PENDING_UNINDEXED)
    found = found.where(_outbox.c.held == "")
    if dialect == "sqlite":
        found = found.where(_outbox.c.finished.is_(None))
    return found.correlate(_lane).scalar_subquery()


def _first_wait(dialect: str) -> Select[Any]:
    waits = (_lane.c.wait_until > _clock, _most_urgent(dialect).is_not(None))
    return select(_lane.c.wait_until).where(*waits).order_by(_lane.c.wait_until).limit(1)


def _paced(dialect: str) -> Select[Any]:
    urgency = _most_urgent(dialect)
    waits = (_lane.c.free_at > _clock, urgency.is_not(None))
    found = select(_lane.c.free_at, _lane.c.reply_at, urgency.label("urgency")).where(*waits)
    return found.order_by(_lane.c.free_at).limit(64)


_FIRST_WAIT = Fixed(_first_wait)
_PACED = Fixed(_paced)


def shortest_wait(connection: Connection, since: datetime | None = None) -> float | None:
    """Seconds until the first lane that has to wait and has something to send may go on; None if none waits.

    A wait that has ended since the last look at the lanes, by the database's clock, is one of no time.
    """
    now = database_clock(connection)
    since = since or now
    waits = [row.wait_until for row in _FIRST_WAIT.all(connection, clock=since)]
    waits += [row.reply_at if row.urgency == REPLY else row.free_at for row in _PACED.all(connection, clock=since)]
    ahead = [at for at in waits if at is not None and at > since]
    return max(0.0, (min(ahead) - now).total_seconds()) if ahead else None
