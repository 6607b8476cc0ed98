"""A serving process when platforms misbehave: nothing lost or doubled, one clear line, and readiness says so.

The process is `bot.cli.serve.run` in full (see `tests.faults.process`), only unpaced and quick to recover: a
welcome would take a minute.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.fakes.slack import FakeSlack
from tests.faults.counting import Counts, Ledger, count, ledger
from tests.faults.databases import Shelf, coach_code, settled
from tests.faults.lives import Host, Life, nursery
from tests.faults.people import Answerer, client_joins, coach_joins, until
from tests.faults.sides import WAYS, side_on
from tests.support.run_process import becomes

AS_EVER = [
    pytest.param(way, marks=() if way in ("telegram-polling", "slack-socket") else pytest.mark.long) for way in WAYS
]
ONCE = [pytest.param(way, marks=() if way == "slack-socket" else pytest.mark.long) for way in WAYS]
OUTAGE = float(os.environ.get("OUTAGE", "2"))  # seconds; `make faults` has them last a minute
ROUNDS = 3 if OUTAGE < 60 else 12
AGAIN = 100.0  # seconds until everything has found its way after an outage


@asynccontextmanager
async def practice(folder: Path, way: str) -> AsyncIterator[tuple[Host, Life, Any, Any]]:
    """A process with a coach and a client who have been through the welcome."""
    url, home = Shelf(folder).fresh("sqlite")
    async with side_on(way) as side, nursery() as made:
        host = Host(made, home, url, {})
        host.environment |= side.environment(host.port)
        life = await host.begins()
        await becomes(host.port, 200)
        dana = await coach_joins(side, await coach_code(url))
        ana = await client_joins(side, dana, "Ana")
        yield host, life, side, ana


async def ends(host: Host, life: Life, side: Any) -> tuple[Counts, Ledger]:
    """Stop when all is delivered; the counts, and what is held."""
    await until(lambda: side.idle() and settled(host.url), AGAIN, "all is delivered")
    assert await life.end(signal.SIGTERM) == 0, host.log
    assert "Traceback" not in host.log, host.log
    held = await ledger(host.url)
    return count(side, held), held


def warnings_about(host: Host, platform: str) -> list[str]:
    """The lines from warnings on that name a platform."""
    return [line for line in host.log.splitlines() if platform in line.lower() and ("[warn" in line or "[err" in line)]


@asynccontextmanager
async def answering(ana: Any) -> AsyncIterator[Answerer]:
    """Ana answers whatever she is asked."""
    one = Answerer(ana, Random(7), patience=30.0)
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def checks_in(one: Answerer) -> None:
    """She asks for the check-in, and goes through it: one tap, two answers in words."""
    one.week_begins()
    await one.who.says("checkin")
    await until(lambda: one.done, AGAIN, f"she has been through it: {[seen.text for seen in one.who.seen[-4:]]}")


def once_each(held: Ledger, one: Answerer) -> None:
    """Every answer in words is stored, and none twice."""
    assert one.said
    assert {mark: held.marks[mark] for mark in one.said} == dict.fromkeys(one.said, 1)


@pytest.mark.parametrize("way", AS_EVER)
async def test_every_event_comes_twice_and_in_any_order(tmp_path: Path, way: str) -> None:
    async with practice(tmp_path, way) as (host, life, side, ana), answering(ana) as one:
        side.unruly(Random(7))
        await checks_in(one)
        before = len(ana.seen)
        for _ in range(6):
            await ana.says("whosees")
        await asyncio.sleep(1.5)  # the copies come within half a second
        counts, held = await ends(host, life, side)
        assert counts.good, counts
        assert counts.telegram_doubles == 0
        once_each(held, one)
        assert Counter(seen.text for seen in ana.seen[before:]).most_common(1)[0][1] == 6


@pytest.mark.parametrize("way", ONCE)
async def test_five_hundreds_for_a_while(tmp_path: Path, way: str) -> None:
    async with practice(tmp_path, way) as (host, life, side, ana), answering(ana) as one:
        one.week_begins()
        side.five_hundreds(True)
        await ana.says("checkin")
        assert (await becomes(host.port, 503))[side.name] not in ("ready", "starting")
        await asyncio.sleep(OUTAGE)
        side.five_hundreds(False)
        await until(lambda: one.done, AGAIN, "she was asked in the end")
        await becomes(host.port, 200)
        counts, held = await ends(host, life, side)
        assert counts.good, counts
        once_each(held, one)
        assert 1 <= len(warnings_about(host, side.name)) <= 2, host.log


async def test_the_socket_is_closed_while_an_ack_is_under_way(tmp_path: Path) -> None:
    async with practice(tmp_path, "slack-socket") as (host, life, side, ana):
        fake: FakeSlack = side.fake
        before = len(ana.seen)
        for number in range(ROUNDS):
            await ana.says("whosees")
            await asyncio.sleep(0.004 * number)
            await fake.mail.cut()
            await until(lambda: bool(fake.mail.lines), AGAIN, "a socket is open again")
        await until(lambda: len(ana.seen) >= before + ROUNDS, AGAIN, "all are answered")
        counts, _ = await ends(host, life, side)
        assert counts.good, counts
        assert Counter(seen.text for seen in ana.seen[before:]).most_common(1)[0][1] == ROUNDS
        assert any(how != "ok" for delivery in fake.mail.deliveries for _, how in delivery.attempts), "none was cut off"
        assert "the socket broke" in host.log


@pytest.mark.long  # what was refused waits for a minute
@pytest.mark.parametrize("way", ["slack-socket", "slack-http"])
async def test_a_revoked_token_is_told_and_holds_what_waits(tmp_path: Path, way: str) -> None:
    async with practice(tmp_path, way) as (host, life, side, ana):
        before = len(ana.seen)
        side.team.revoked = True
        await ana.says("whosees")
        assert (await becomes(host.port, 503))["slack"] == "revoked"
        await until(side.idle, AGAIN, "the event is taken all the same")
        await life.end(signal.SIGTERM)
        assert len(ana.seen) == before
        assert len([line for line in warnings_about(host, "slack") if "refuses the bot token" in line]) == 1, host.log
        side.team.revoked = False
        life = await host.begins()
        await becomes(host.port, 200)
        counts, held = await ends(host, life, side)
        assert counts.good, counts
        assert [row.state for row in held.rows if row.key == ana.chat][-1] == "sent"
