"""Claiming: rows of the outbox taken for sending, lane by lane, under a fence, a lease, and the pace of their bot.

Leases, fences and paces run by the database's clock, due times by the `at` that is handed in. The states and the moves
between them: `bot.delivery`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.gcra import UNPACED, Pace, Rate, rate_of_chat, slot, taken
from bot.messages.outgoing import Message
from bot.messages.sending import Parcel
from storage.database.compiled_sql import Fixed
from storage.errors import Unreadable
from storage.outbox import lanes, rate_limits
from storage.outbox.lanes import EVERY_URGENCY, Waiting, parcel_of
from storage.outbox.rate_limits import Budget, database_clock
from storage.outbox.rows import REPLY
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import table_of

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)

AHEAD = timedelta(seconds=0.2)  # a row may be claimed so long before its slot comes
EARLY = timedelta(seconds=0.1)  # and a claim is made so long before the first slot, so that none is lost
HELD = "held"  # what a row becomes that is set aside for an operator: PENDING, with the reason
_BROKEN = "it cannot be read"
_PART = 4000  # characters; a longer message leaves as several


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A row that is ours to send until the lease runs out; `fence` proves it. It may leave after `wait` seconds.

    `counted_in` is the budget that has to rest when its platform says "too many".
    """

    of: Waiting
    fence: int
    parcel: Parcel
    wait: float = 0.0
    counted_in: str = ""

    @property
    def id(self) -> int:
        """The number of its row."""
        return self.of.id

    @property
    def lane(self) -> int:
        """Its lane."""
        return self.of.lane

    @property
    def kind(self) -> str:
        """What sort of message it is."""
        return self.of.kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What was claimed, how many rows ended instead, and in how many seconds a bot's budget lets more go.

    `at` is when this was looked for, by the database's clock.
    """

    claims: tuple[Claim, ...] = ()
    ended: int = 0
    again: float | None = None
    at: datetime | None = None

    @property
    def any(self) -> bool:
        """Whether anything came of it."""
        return bool(self.claims or self.ended)


# -- claiming --------------------------------------------------------------------------------------------------------

Ending = tuple[Waiting, str, str]  # a row, the state in which it ends instead of being sent, and why
Look = Callable[[Connection, Sequence[Waiting]], list[Ending]]
End = Callable[[Connection, Ending], None]
Rest = Callable[[str], float | None]
Spares = Callable[[Waiting], bool]

_LEASED = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"), _lane.c.fence == bindparam("old_fence"))
    .values(
        fence=bindparam("new_fence"),
        lease_until=bindparam("until"),
        wait_until=None,
        reply_at=bindparam("next_reply"),
        free_at=bindparam("next_free"),
        touched_at=bindparam("clock"),
    )
)
_SENT_OFF = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.state == "pending")
    .values(state="sending", fence=bindparam("new_fence"), claimed=bindparam("clock"), tries=_outbox.c.tries + 1)
)
_SPOKEN = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"))
    .values(reply_at=bindparam("next_reply"), free_at=bindparam("next_free"), touched_at=bindparam("clock"))
)
_STATE = Fixed(select(_outbox.c.state, _outbox.c.fence).where(_outbox.c.id == bindparam("row")))


def _nothing(_connection: Connection, _rows: Sequence[Waiting]) -> list[Ending]:
    return []


def _no_end(_connection: Connection, _ending: Ending) -> None:
    raise AssertionError("nothing can end where nobody looks")


def _none_spared(_look: Waiting) -> bool:
    return False


def no_rest(_bot: str) -> float | None:
    """All bots are well."""
    return None


@dataclass(slots=True, kw_only=True)
class _Round:
    """One claim under way."""

    connection: Connection
    clock: datetime
    lease: timedelta
    paces: Mapping[str, Pace]
    spares: Spares = _none_spared
    budgets: dict[str, Budget] = field(default_factory=dict)
    leaving: list[tuple[Waiting, Parcel, datetime]] = field(default_factory=list)
    again: list[datetime] = field(default_factory=list)
    spoken: dict[int, datetime | None] = field(default_factory=dict)  # chats, and when each is free after its new look

    def budget(self, key: str, platform: str, *, changes: bool = False) -> Budget | None:
        """The budget of a bot, or of its new looks; None where there is no limit."""
        pace = self.paces.get(platform, UNPACED)
        rate = pace.changes if changes else pace.bot
        if rate is None:
            return None
        key = _of_looks(key) if changes else key
        if key not in self.budgets:
            self.budgets[key] = rate_limits.budget(self.connection, key, rate, self.clock)
        return self.budgets[key]

    def take(self, row: Waiting) -> bool:
        """Give a row its slot; False where its bot has none soon. Raises Unreadable, and spends nothing then."""
        reply = row.urgency == REPLY
        found = [self.budget(row.budget, row.platform)]
        rate = None
        if row.kind == "update":
            rate = _rate_of_looks(self.paces.get(row.platform, UNPACED), row.chat)
            found.append(None if self.spares(row) else self.budget(row.budget, row.platform, changes=True))
        held = [budget for budget in found if budget is not None]
        at = max((budget.slot(reply=reply) for budget in held), default=self.clock)
        free_at = None
        if rate is not None:
            free_at, chat_at = self._chat(row, rate)
            at = max(at, chat_at)
        if at > self.clock + AHEAD:
            self.again.append(at)
            return False
        parcel = parcel_of(self.connection, row)
        for budget in held:
            budget.spend(1)
        if row.kind != "update" or rate is not None:
            self.spoken[row.chat_lane] = None if rate is None else taken(free_at, self.clock, rate)
        self.leaving.append((row, parcel, at))
        return True

    def _chat(self, look: Waiting, rate: Rate) -> tuple[datetime | None, datetime]:
        """The pace of the chat of a new look, and when it may leave: when the chat is at rest, never in its bursts."""
        free, free_at = lanes.pace_of(self.connection, look.chat_lane)
        if not free or look.chat_lane in self.spoken:
            return free_at, self.clock + timedelta(seconds=rate.every)
        return free_at, slot(free_at, self.clock, rate, reply=False)


def claim(
    connection: Connection,
    *,
    at: datetime,
    lease: timedelta,
    count: int,
    fresh: int | None = None,
    paces: Mapping[str, Pace] | None = None,
    look: Look = _nothing,
    end: End = _no_end,
    rest: Rest = no_rest,
    spares: Spares = _none_spared,
) -> Taken:
    """Take the next row of up to `count` lanes for sending, of which `fresh` at most that are no replies.

    `look` says which rows end instead, and `end` ends them: they cost no slot. It also sets aside what cannot be read.
    `rest` says for how many seconds a bot rests, 0 for one that may send a single row, None for one that is well;
    `spares`, which new looks go by a way of their own and are not counted with the others of their bot.
    """
    bots = lanes.bots(connection)
    if not bots:
        return Taken()
    clock = database_clock(connection)
    under_way = _Round(connection=connection, clock=clock, lease=lease, paces=paces or {}, spares=spares)
    ended = 0
    share = max(1, -(-count // len(bots)))
    unhurried = count if fresh is None else fresh
    for bot in bots:
        resting = rest(bot)
        if resting:
            under_way.again.append(clock + timedelta(seconds=resting))
            continue
        most = share if resting is None else 1
        rows = _rows(under_way, bot, at, min(most, count - len(under_way.leaving)), replies=unhurried <= 0)
        over = set()
        for ending in look(connection, rows):
            over.add(ending[0].id)
            _end(connection, ending, end)
        for row in rows:
            if row.id in over or (row.urgency != REPLY and unhurried <= 0):
                continue
            try:
                unhurried -= under_way.take(row) and row.urgency != REPLY
            except Unreadable:
                over.add(row.id)
                end(connection, (row, HELD, _BROKEN))
        ended += len(over)
    claims = _committed(under_way)
    for held in under_way.budgets.values():
        rate_limits.save(connection, held)
    wait = min((at - clock - EARLY for at in under_way.again), default=None)
    again = None if wait is None else max(0.0, wait.total_seconds())
    return Taken(claims=tuple(claims), ended=ended, again=again, at=clock)


def _end(connection: Connection, ending: Ending, end: End) -> None:
    try:
        end(connection, ending)
    except Unreadable:
        end(connection, (ending[0], HELD, _BROKEN))


def _rows(under_way: _Round, bot: str, at: datetime, count: int, *, replies: bool) -> list[Waiting]:
    """The heads of a bot's lanes; only replies where its budget holds nothing for anything else yet."""
    if count < 1:
        return []
    resting = rate_limits.waits(under_way.connection, bot, under_way.clock)
    if resting is not None:
        under_way.again.append(resting)
        return []
    held = under_way.budget(bot, bot.split("|")[0])
    most = EVERY_URGENCY
    if held is not None and (soonest := held.slot(reply=False)) > under_way.clock + AHEAD:
        under_way.again.append(soonest)
        most = REPLY
    most = REPLY if replies else most
    clock = under_way.clock
    return lanes.heads(under_way.connection, bot, at=at, clock=clock, most=most, count=count)


def _committed(under_way: _Round) -> list[Claim]:
    """Raise the fences, lease the lanes and note SENDING; a row that another process has sent meanwhile is let go."""
    connection, clock, leaving = under_way.connection, under_way.clock, under_way.leaving
    if not leaving:
        return []
    claims = [_claim(under_way, row, parcel, at) for row, parcel, at in leaving]
    _LEASED.many(connection, [_lane_values(under_way, claim) for claim in claims])
    _SPOKEN.many(connection, list(_spoken(under_way)))
    rows = [{"row": claim.id, "new_fence": claim.fence, "clock": clock} for claim in claims]
    if _SENT_OFF.many(connection, rows) == len(claims):
        return claims
    return [claim for claim in claims if _is_ours(connection, claim)]


def _claim(under_way: _Round, row: Waiting, parcel: Parcel, at: datetime) -> Claim:
    apart = row.kind == "update" and under_way.paces.get(row.platform, UNPACED).changes is not None
    return Claim(
        of=row,
        fence=row.fence + 1,
        parcel=parcel,
        wait=max(0.0, (at - under_way.clock).total_seconds()),
        counted_in=_of_looks(row.budget) if apart else row.budget,
    )


def _lane_values(under_way: _Round, claim: Claim) -> dict[str, Any]:
    row, clock = claim.of, under_way.clock
    pace = under_way.paces.get(row.platform, UNPACED)
    rate = rate_of_chat(pace, row.chat)
    free_at = reply_at = None
    if rate is not None:
        cost = 0 if row.kind == "update" else parts(claim.parcel.message)
        free_at = taken(row.row.free_at, clock, rate, cost=cost)
        reply_at = free_at - rate.tolerance(reply=True)
    return {
        "of_lane": claim.lane,
        "old_fence": row.fence,
        "new_fence": claim.fence,
        "until": clock + under_way.lease,
        "next_reply": reply_at,
        "next_free": free_at,
        "clock": clock,
    }


def _rate_of_looks(pace: Pace, chat: str) -> Rate | None:
    """The rate of a chat where new looks count in it: there they have none of their own."""
    return rate_of_chat(pace, chat) if pace.changes is None else None


def _of_looks(budget: str) -> str:
    return f"{budget}|changes"


def parts(message: Message) -> int:
    """As how many messages one leaves."""
    return max(1, -(-len(message.text) // _PART))


def _spoken(under_way: _Round) -> Iterator[dict[str, Any]]:
    """What a new look costs its chat."""
    for row, _, _ in under_way.leaving:
        free_at = under_way.spoken.get(row.chat_lane)
        rate = _rate_of_looks(under_way.paces.get(row.platform, UNPACED), row.chat)
        if free_at is not None and rate is not None:
            reply_at = free_at - rate.tolerance(reply=True)
            yield {"of_lane": row.chat_lane, "next_reply": reply_at, "next_free": free_at, "clock": under_way.clock}


def _is_ours(connection: Connection, claim: Claim) -> bool:
    found = _STATE.first(connection, row=claim.id)
    ours = found is not None and found.state == "sending" and found.fence == claim.fence
    if not ours:
        release(connection, claim)
    return ours


_RELEASE = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"), _lane.c.fence == bindparam("with_fence"))
    .values(lease_until=None, wait_until=bindparam("until"), touched_at=bindparam("clock"))
)


def release(
    connection: Connection, claim: Claim, *, wait: timedelta | None = None, clock: datetime | None = None
) -> None:
    """Free the lane of a claim, where the fence is still ours; after `wait` if it has to rest.

    `clock` is the database's, read now if None.
    """
    clock = clock or database_clock(connection)
    until = None if wait is None else clock + wait
    _RELEASE.run(connection, of_lane=claim.lane, with_fence=claim.fence, until=until, clock=clock)
