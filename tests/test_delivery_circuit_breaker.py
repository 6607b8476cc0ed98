"""A platform that is down is tried seldom, and when it is back nothing waits for long."""

import asyncio
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.circuit_breaker import CircuitBreaker
from bot.delivery.deliver import Delivery
from bot.delivery.last_checks import RETRY
from bot.delivery.retry_delays import FAILURES, LONGEST_REST, Tempo
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, NotSent, Parcel, Sent, Unclear
from storage.database.encryption import KeyRing
from storage.database.open import Database, open_database
from storage.outbox import rows as outbox
from tests.test_delivery_fanout import fill

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
BOT = "telegram|7"
LANES = 40


def test_a_few_failures_are_no_illness_and_one_answer_is_health() -> None:
    line = CircuitBreaker()
    for _ in range(FAILURES - 1):
        line.note(BOT, 10.0, definite=False)
    assert line.rests(BOT, 10.0) is None
    line.note(BOT, 10.0, definite=False)
    assert line.rests(BOT, 10.0) == 1.0
    assert line.rests("telegram|8", 10.0) is None
    line.note(BOT, 10.5, definite=True)
    assert line.rests(BOT, 10.5) is None
    assert line.recovered(BOT)


@given(st.floats(60, 600), st.floats(0, 20))
def test_however_long_it_is_down_it_is_tried_again_within_the_longest_rest(down: float, takes: float) -> None:
    line, now, tries = CircuitBreaker(), 0.0, 0
    for _ in range(FAILURES):
        line.note(BOT, now, definite=False)
    while now < down:
        rest = line.rests(BOT, now)
        assert rest is not None
        assert rest <= LONGEST_REST
        now += rest
        line.tried(BOT, now)
        tries += 1
        now += takes
        line.note(BOT, now, definite=False)
    assert tries <= 5 + down / max(LONGEST_REST, takes) + 1


def test_no_lane_waits_for_more_than_half_a_minute_once_the_line_is_up() -> None:
    assert max(RETRY) + Tempo().idle <= 30
    assert LONGEST_REST + Tempo().idle <= 30


class Line:
    """A messenger whose platform can be away: in doubt at first, then out of reach."""

    platform, forms, pages, edits = "telegram", False, False, True

    def __init__(self) -> None:
        self.up = False
        self.tried = 0
        self.sent: list[int] = []

    async def answers(self) -> bool:
        return self.up

    async def send(self, parcel: Parcel) -> Fate:
        await asyncio.sleep(0)
        if self.up:
            self.sent.append(parcel.id)
            return Sent(message_id=str(parcel.id))
        self.tried += 1
        return Unclear(reason="status 500") if self.tried <= 10 else NotSent(reason="connection refused")


def nothing(connection: object, person: str, now: datetime) -> Message:
    return Message(text="")


async def test_an_outage_is_met_with_single_tries_and_all_goes_out_when_it_is_over(
    sqlite_fresh: str, keys: KeyRing
) -> None:
    line = Line()
    async with open_database(sqlite_fresh, keys=keys) as database:
        await database.transact(lambda connection: fill(connection, "7", list(range(LANES))))
        tempo = Tempo(idle=0.05, quiet=0.1)
        delivery = Delivery(database, {"telegram": line}, lambda: NOW, nothing, tempo=tempo)
        running = asyncio.ensure_future(delivery.run())
        try:
            await asyncio.sleep(1.5)
            assert FAILURES <= line.tried <= 24 + 2, "the first ones that were on their way, and one to try"
            line.up = True
            async with asyncio.timeout(15):
                while await waiting(database):
                    await delivery.recover()
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    assert len(line.sent) == len(set(line.sent)) == LANES


async def waiting(database: Database) -> int:
    counts = await database.read(outbox.counts)
    return counts.get("pending", 0) + counts.get("unknown", 0) + counts.get("sending", 0)
