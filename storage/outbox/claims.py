"""Claiming: rows of the outbox taken for sending, lane by lane, under a fence, a lease, and the pace of their bot.

Leases, fences and paces run by the database's clock, due times by the `at` that is handed in. The states and the moves
between them: `bot.delivery`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.gcra import UNPACED, Pace, rate_of_chat, taken
from bot.messages.sending import Parcel
from storage.database.compiled_sql import Fixed
from storage.errors import Unreadable
from storage.outbox import lanes, rate_limits
from storage.outbox.lanes import EVERY_URGENCY, Waiting
from storage.outbox.rate_limits import database_clock
from storage.outbox.rows import REPLY
from storage.outbox.slots import AHEAD, EARLY, Round, Spares, none_spared, of_looks, parts, rate_of_looks
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import table_of

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)

HELD = "held"  # what a row becomes that is set aside for an operator: PENDING, with the reason
_NO_MESSAGES = frozenset({"update", "page"})  # of a chat's own pace
_BROKEN = "it cannot be read"


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


def no_rest(_bot: str) -> float | None:
    """All bots are well."""
    return None


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
    spares: Spares = none_spared,
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
    under_way = Round(connection=connection, clock=clock, lease=lease, paces=paces or {}, spares=spares)
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


def _rows(under_way: Round, bot: str, at: datetime, count: int, *, replies: bool) -> list[Waiting]:
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


def _committed(under_way: Round) -> list[Claim]:
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


def _claim(under_way: Round, row: Waiting, parcel: Parcel, at: datetime) -> Claim:
    apart = row.kind == "update" and under_way.paces.get(row.platform, UNPACED).changes is not None
    return Claim(
        of=row,
        fence=row.fence + 1,
        parcel=parcel,
        wait=max(0.0, (at - under_way.clock).total_seconds()),
        counted_in=of_looks(row.budget) if apart else row.budget,
    )


def _lane_values(under_way: Round, claim: Claim) -> dict[str, Any]:
    row, clock = claim.of, under_way.clock
    pace = under_way.paces.get(row.platform, UNPACED)
    rate = rate_of_chat(pace, row.chat)
    free_at = reply_at = None
    if rate is not None:
        cost = 0 if row.kind in _NO_MESSAGES else parts(claim.parcel.message)
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


def _spoken(under_way: Round) -> Iterator[dict[str, Any]]:
    """What a new look costs its chat."""
    for row, _, _ in under_way.leaving:
        free_at = under_way.spoken.get(row.chat_lane)
        rate = rate_of_looks(under_way.paces.get(row.platform, UNPACED), row.chat)
        if free_at is not None and rate is not None:
            reply_at = free_at - rate.tolerance(reply=True)
            yield {"of_lane": row.chat_lane, "next_reply": reply_at, "next_free": free_at, "clock": under_way.clock}


def _is_ours(connection: Connection, claim: Claim) -> bool:
    found = _STATE.first(connection, row=claim.id)
    ours = found is not None and found.state == "sending" and found.fence == claim.fence
    if not ours:
        release(connection, claim)
    return ours


_RENEW = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"), _lane.c.fence == bindparam("with_fence"))
    .where(_lane.c.lease_until.is_not(None))
    .values(lease_until=bindparam("until"), touched_at=bindparam("clock"))
)


def renew(connection: Connection, held: Mapping[int, int], lease: timedelta) -> None:
    """Lease these lanes for longer, each where nobody has taken it over from under its fence."""
    clock = database_clock(connection)
    ours = sorted(held.items())  # in one order, so that two processes never wait for each other
    rows = [{"of_lane": lane, "with_fence": fence, "until": clock + lease, "clock": clock} for lane, fence in ours]
    _RENEW.many(connection, rows)


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
