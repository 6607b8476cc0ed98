"""Slack by a socket: what breaks, what comes again, and how the state tells."""

import asyncio
from contextlib import suppress

import pytest

from bot.clock import SetClock
from bot.messages.incoming import CommandSent, TextSent
from handlers.slack.app import Slack
from handlers.slack.clients import State
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_delivery import NoAnswerError
from tests.fakes.slack_house import QUICK, Ears, House, InMemory, house, values_for
from tests.support.garbage_answers import GARBAGE, spoil
from tests.support.town import MONDAY


async def test_an_envelope_is_acknowledged_when_it_has_been_received_and_not_before() -> None:
    async with house("socket") as home:
        home.ears.slow = 0.3
        event = await home.fake.person("Ana").types("hello")
        await asyncio.sleep(0.2)
        assert not event.done.is_set()
        await home.fake.settled()
        assert home.ears.heard[0].content == TextSent(text="hello")
        assert event.attempts[0][0] >= 0.3


async def test_a_first_delivery_carries_a_retry_attempt_of_zero_and_is_taken() -> None:
    async with house("socket") as home:
        event = await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert [reason for _, reason in event.attempts] == ["ok"]


async def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again() -> None:
    async with house("socket", ack_within=0.2, speed=600) as home:
        home.ears.fails = 1
        event = await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert [reason for _, reason in event.attempts] == ["timeout", "ok"]
        assert len(home.ears.heard) == 1


async def test_a_command_is_answered_through_the_socket() -> None:
    async with house("socket") as home:
        ana = home.fake.person("Ana")
        await ana.runs("/commit Call Sam")
        assert home.ears.heard[0].content == CommandSent(verb="commit", rest="Call Sam")
        home.ears.fails = 1
        home.fake.ack_within = 0.2
        with pytest.raises(NoAnswerError):
            await ana.runs("/commit Call Sam")


async def test_a_socket_that_breaks_is_replaced() -> None:
    async with house("socket", speed=600) as home:
        await home.fake.mail.cut()
        await home.until(lambda: home.fake.mail.connected == 2)
        event = await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert not event.lost
        assert len(home.ears.heard) == 1
        await home.until(lambda: home.slack.state is State.READY)


async def test_a_socket_that_breaks_while_an_ack_is_under_way_brings_the_event_again_under_its_key() -> None:
    async with house("socket", ack_within=0.5, speed=600) as home:
        home.ears.slow = 0.15
        event = await home.fake.person("Ana").types("hello")
        await asyncio.sleep(0.05)
        await home.fake.mail.cut()
        await home.fake.settled()
        assert event.attempts[-1][1] == "ok"
        assert len(home.ears.heard) == 2
        assert len({inbound.key for inbound in home.ears.heard}) == 1


async def test_a_socket_gone_quiet_is_noticed_by_the_age_of_its_last_ping_and_replaced() -> None:
    async with house("socket", ack_within=0.3, speed=600) as home:
        home.fake.mail.mute()
        await home.until(lambda: home.fake.mail.connected == 2)
        await home.until(lambda: home.slack.state is State.READY)
        await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert len(home.ears.heard) == 1


async def test_a_socket_that_only_seems_alive_is_noticed_and_replaced() -> None:
    """github.com/slackapi/python-slack-sdk/issues/1446."""
    async with house("socket", ack_within=0.3, speed=600) as home:
        home.fake.mail.wedge()
        await home.until(lambda: home.fake.mail.connected == 2)
        await home.until(lambda: home.slack.state is State.READY)
        await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert len(home.ears.heard) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_asks_to_move_over_and_nothing_under_way_is_lost(reason: str) -> None:
    async with house("socket") as home:
        home.ears.slow = 0.2
        event = await home.fake.person("Ana").types("hello")
        await asyncio.sleep(0.05)
        await home.fake.mail.disconnect(reason)
        await home.fake.settled()
        assert [why for _, why in event.attempts] == ["ok"], "the old socket stayed until its ack was out"
        await home.until(lambda: home.fake.mail.connected == 2)
        await home.until(lambda: home.slack.state is State.READY and len(home.fake.mail.lines) == 1)
        await home.fake.person("Ana").types("again")
        await home.fake.settled()
        assert len(home.ears.heard) == 2


async def test_socket_mode_switched_off_shows_in_the_state_until_it_is_on_again() -> None:
    async with house("socket") as home:
        seen: set[State] = set()

        async def look() -> None:
            while True:
                seen.add(home.slack.state)
                await asyncio.sleep(0.005)

        looking = asyncio.create_task(look())
        await home.fake.mail.disconnect("link_disabled")
        await home.until(lambda: home.fake.mail.connected == 2)
        await home.until(lambda: home.slack.state is State.READY)
        looking.cancel()
        assert State.DISABLED in seen


async def test_tries_are_spread_out_while_slack_is_away(caplog: pytest.LogCaptureFixture) -> None:
    async with house("socket") as home:
        caplog.clear()
        home.fake.fail("apps.connections.open", times=1000, status=500)
        await home.fake.mail.cut()
        before = home.fake.calls["apps.connections.open"]
        await asyncio.sleep(0.5)
        tries = home.fake.calls["apps.connections.open"] - before
        assert 3 <= tries <= 9
        assert home.slack.state is State.DISCONNECTED
        ours = [record for record in caplog.records if record.name == "handlers.slack.socket_mode"]
        assert len(ours) == 1, "one line, not one for each try"
        home.fake.mend()
        await home.until(lambda: home.slack.state is State.READY)


@pytest.mark.parametrize("what", GARBAGE)
async def test_whatever_stands_where_a_ticket_should_it_is_an_outage_and_is_tried_again(what: str) -> None:
    async with house("socket") as home:
        spoil(home.fake, "apps.connections.open", what)
        await home.fake.mail.cut()
        before = home.fake.calls["apps.connections.open"]
        await home.until(lambda: home.fake.calls["apps.connections.open"] > before + 2)
        assert home.task is not None
        assert not home.task.done()
        assert home.slack.state is State.DISCONNECTED
        assert home.slack.reason
        down = home.slack.down_for
        assert down is not None
        home.fake.mend()
        await home.until(lambda: home.slack.state is State.READY)
        assert home.slack.down_for is None
        await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert len(home.ears.heard) == 1


async def test_no_ticket_is_asked_for_sooner_than_slack_says() -> None:
    async with house("socket") as home:
        home.fake.fail("apps.connections.open", retry_after=1)
        before = home.fake.calls["apps.connections.open"]
        await home.fake.mail.cut()
        await home.until(lambda: home.slack.state is State.DISCONNECTED and "ratelimited" in home.slack.reason)
        await asyncio.sleep(0.08)  # `QUICK` rests for 0.05
        assert home.fake.calls["apps.connections.open"] == before + 1
        await home.until(lambda: home.slack.state is State.READY)


async def test_a_wrong_app_token_is_told_and_tried_seldom() -> None:
    async with FakeSlack() as fake:
        slack = Slack(values_for("socket", fake, fake.team()), pace=QUICK)
        fake.app_token = "xapp-another"
        task = asyncio.create_task(slack.run_socket(Ears().receive, SetClock(MONDAY)))
        await House(fake=fake, slack=slack, ears=Ears(), ports=InMemory()).until(lambda: slack.state is State.REVOKED)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert str(slack.state) == State.STOPPED
        await slack.close()


async def test_a_stop_lets_what_is_under_way_be_acknowledged() -> None:
    async with house("socket") as home:
        home.ears.slow = 0.2
        event = await home.fake.person("Ana").types("hello")
        await asyncio.sleep(0.05)
        assert home.task is not None
        home.task.cancel()
        with suppress(asyncio.CancelledError):
            await home.task
        await home.fake.settled()
        assert [why for _, why in event.attempts] == ["ok"]
        assert home.slack.state is State.STOPPED
        assert home.fake.mail.lines == []
