"""Slack posting to us: who may, what is answered, and how a workspace installs the app."""

import asyncio
import io
import json
import re
import time
from typing import Any

import aiohttp
import pytest

from bot.messages.incoming import CommandSent, FormSubmitted, Outcome, Receipt, TextSent
from bot.messages.outgoing import Choice, Field, Form, Message
from bot.messages.sending import Parcel
from handlers.slack.clients import SlackValues
from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_delivery import NoAnswerError
from tests.fakes.slack_house import House, house
from tests.fakes.slack_people import Person
from tests.support.garbage_answers import GARBAGE, spoil

FORM = Form(
    title="Yours",
    submit="Save",
    cancel="No",
    fields=(
        Field(name="what", kind="text", label="What?", optional=False),
        Field(name="due", kind="date", label="By?"),
    ),
)


def message_to(home: House, text: str = "hello") -> str:
    """The raw body of a message event."""
    ana = home.fake.person("Ana").user
    body = payloads.message(ana, text, home.fake.ts())
    return json.dumps(payloads.event(ana.team, body, event_id=payloads.new_id("Ev"), at=time.time()))


async def post(home: House, raw: Any, headers: dict[str, str]) -> int:
    given = {"Content-Type": "application/json"} | headers
    async with (
        aiohttp.ClientSession() as session,
        session.post(home.fake.mail.target, data=raw, headers=given) as answer,
    ):
        return answer.status


async def press(home: House, person: Person, label: str = "A") -> dict[str, Any]:
    """Send a question, and press one of its buttons."""
    choices = (Choice(value="a", label=label),)
    asks = Message(text="?", token="tok", choices=choices)
    address = (await said(home, person)).address
    await home.slack.messenger.send(Parcel(id=1, address=address, message=asks))
    return await person.presses(label)


async def said(home: House, person: Person) -> Any:
    await person.types("hello")
    await home.fake.settled()
    return home.ears.heard[-1]


# -- who may post ----------------------------------------------------------------------------------------------------


async def test_only_what_slack_signed_within_five_minutes_is_taken() -> None:
    async with house("http") as home:
        raw = message_to(home)
        mail = home.fake.mail
        now = int(time.time())
        good = mail.signed(raw)
        refused: list[dict[str, str]] = [
            {},
            {"X-Slack-Request-Timestamp": str(now)},
            good | {"X-Slack-Signature": "v0=" + "0" * 64},
            good | {"X-Slack-Signature": "v0=\xe9"},
            good | {"X-Slack-Request-Timestamp": "soon"},
            good | {"X-Slack-Request-Timestamp": ""},
            good | {"X-Slack-Request-Timestamp": str(now + 1)},
            mail.signed(raw, now - 301),
            mail.signed(raw, now + 302),
            mail.signed(raw + " "),
        ]
        assert [await post(home, raw, headers) for headers in refused] == [401] * len(refused)
        assert home.ears.heard == []
        assert await post(home, raw, good) == 200
        assert len(home.ears.heard) == 1


async def test_a_request_replayed_has_the_key_that_it_had() -> None:
    async with house("http") as home:
        raw = message_to(home)
        headers = home.fake.mail.signed(raw)
        assert [await post(home, raw, headers) for _ in range(3)] == [200, 200, 200]
        assert len({inbound.key for inbound in home.ears.heard}) == 1


async def test_what_is_no_request_of_slacks_is_refused_without_an_error() -> None:
    async with house("http") as home:
        raw = b"\xff\xfe"
        stamp = home.fake.mail.signed("x")
        assert await post(home, raw, stamp) == 400
        assert await post(home, io.BytesIO(b"x" * 1_100_000), stamp) == 413
        for broken in ("{", "[" * 100_000):
            assert await post(home, broken, home.fake.mail.signed(broken)) == 400
        assert home.ears.heard == []


async def test_the_address_is_verified_when_it_is_entered() -> None:
    """docs.slack.dev/reference/events/url_verification."""
    async with house("http") as home:
        raw = json.dumps({"token": "x", "challenge": "abc", "type": "url_verification"})
        _, text, _ = await home.fake.mail.post(raw, "application/json")
        assert "abc" in text


# -- what is answered ------------------------------------------------------------------------------------------------


async def test_an_event_is_acknowledged_when_it_has_been_received_and_not_before() -> None:
    async with house("http") as home:
        home.ears.slow = 0.3
        event = await home.fake.person("Ana").types("hello")
        await asyncio.sleep(0.2)
        assert not event.done.is_set()
        await home.fake.settled()
        assert home.ears.heard[0].content == TextSent(text="hello")
        assert event.attempts[0][0] >= 0.3


async def test_a_retry_is_taken_like_any_other_event() -> None:
    async with house("http", speed=600) as home:
        home.ears.fails = 2
        event = await home.fake.person("Ana").types("hello")
        await home.fake.settled()
        assert [reason for _, reason in event.attempts] == ["http_error", "http_error", "ok"]
        assert len(home.ears.heard) == 1


async def test_an_ack_at_three_seconds_and_a_bit_brings_the_event_again() -> None:
    async with house("http", ack_within=0.2) as home:
        home.ears.slow = 0.25
        event = await home.fake.person("Ana").types("hello")
        await home.until(lambda: len(home.ears.heard) >= 2)
        home.ears.slow = 0.0
        assert event.attempts[0][1] == "http_timeout"
        assert len({inbound.key for inbound in home.ears.heard}) == 1


async def test_messages_of_one_person_are_received_one_after_the_other() -> None:
    async with house("http") as home:
        under_way, most = 0, 0

        async def receive(inbound: Any, now: Any) -> Receipt:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.05)
            under_way -= 1
            return Receipt(outcome=Outcome.ACCEPTED)

        home.ears.then = receive
        ana, ben = home.fake.person("Ana"), home.fake.person("Ben")
        for number in range(3):
            await ana.types(str(number))
        await home.fake.settled()
        assert most == 1
        await asyncio.gather(ana.types("3"), ben.types("3"))
        await home.fake.settled()
        assert most == 2


async def test_name_zone_language_and_chat_are_asked_for_once() -> None:
    async with house("http") as home:
        ana = home.fake.person("Ana", tz="Asia/Tokyo")
        ana.user.locale = "de-DE"
        for _ in range(2):
            await ana.runs("/log x")
        first, second = home.ears.heard
        assert (first.name, first.zone, first.language) == ("Ana", "Asia/Tokyo", "de-DE")
        assert first.address.chat == ana.user.im
        assert second.address == first.address
        assert (home.fake.calls["users.info"], home.fake.calls["conversations.open"]) == (1, 1)


async def test_a_profile_that_changed_is_asked_for_anew() -> None:
    async with house("http") as home:
        ana = home.fake.person("Ana")
        await ana.runs("/log x")
        ana.user.tz, ana.user.locale = "Asia/Tokyo", "ja-JP"
        await home.fake.mail.event(ana.user.team, payloads.user_change(ana.user, ts=home.fake.ts()))
        await home.fake.settled()
        await ana.runs("/log x")
        assert [inbound.zone for inbound in home.ears.heard] == ["Europe/Berlin", "Asia/Tokyo"]
        assert [inbound.language for inbound in home.ears.heard] == ["en-US", "ja-JP"]


@pytest.mark.parametrize("what", GARBAGE)
async def test_what_is_no_answer_of_slacks_keeps_no_event_out(what: str) -> None:
    async with house("http") as home:
        spoil(home.fake, "*", what)
        ana = home.fake.person("Ana")
        await ana.runs("/log x")
        (heard,) = home.ears.heard
        assert (heard.address.chat, heard.zone) == (ana.user.id, "")


async def test_a_silent_api_does_not_hold_up_the_ack() -> None:
    async with house("http") as home:
        home.fake.fail("*", times=99, hang=5.0)
        ana = home.fake.person("Ana")
        await ana.runs("/log x")
        assert home.fake.mail.slowest < 1.2
        began = time.monotonic()
        await ana.runs("/log y")
        assert time.monotonic() - began < 0.5, "and is not waited for again"
        assert home.ears.heard[0].address.chat == ana.user.id


async def test_a_form_shows_errors_at_its_fields_and_the_same_ones_when_it_comes_twice() -> None:
    async with house("http") as home:
        ana = home.fake.person("Ana")
        address = (await said(home, ana)).address
        asks = Message(text="What?", token="tok", form=FORM)
        trigger = home.fake.trigger(ana.user)
        await home.slack.messenger.send(Parcel(id=1, address=address, message=asks, trigger=trigger))
        ana.fills("What?", "Call")
        home.ears.answers["FormSubmitted"] = Receipt(outcome=Outcome.ACCEPTED, errors={"due": "Which day?"})
        assert await ana.submits() == {"By?": "Which day?"}
        view = ana.modal
        assert view is not None
        sent = payloads.submission(ana.user, view, trigger="5.5")
        first = await home.fake.mail.ask("interactive", sent)
        home.ears.answers["FormSubmitted"] = Receipt(outcome=Outcome.DUPLICATE)
        assert await home.fake.mail.ask("interactive", sent) == first
        home.ears.answers["FormSubmitted"] = Receipt(outcome=Outcome.ACCEPTED)
        ana.fills("By?", "2026-11-27")
        assert await ana.submits() == {}
        assert home.ears.heard[-1].content == FormSubmitted(token="tok", values={"what": "Call", "due": "2026-11-27"})


async def test_a_toast_is_whispered_beside_a_button_and_in_answer_to_a_command() -> None:
    async with house("http") as home:
        ana = home.fake.person("Ana")
        home.ears.answers["ButtonPressed"] = Receipt(outcome=Outcome.STALE, toast="Already answered <!here>.")
        home.ears.answers["CommandSent"] = Receipt(outcome=Outcome.ACCEPTED, toast="Taken.")
        assert await press(home, ana) == {}
        await home.until(lambda: ana.whispers)
        assert ana.whispers == ["Already answered &lt;!here&gt;."]
        await ana.runs("/log x")
        assert ana.whispers[1:] == ["Taken."]


async def test_a_command_that_could_not_be_stored_is_told_to_the_person_by_slack() -> None:
    async with house("http") as home:
        home.ears.fails = 1
        with pytest.raises(NoAnswerError):
            await home.fake.person("Ana").runs("/log x")


async def test_a_button_on_the_home_tab_is_a_command_with_a_trigger() -> None:
    async with house("http") as home:
        ana = home.fake.person("Ana")
        view = {"type": "home", "blocks": []}
        home.fake.homes[ana.user.id] = payloads.view_of(ana.user, view, view_id="V1", view_hash="1")
        button = {"type": "button", "action_id": "call|0", "text": {"type": "plain_text", "text": "Log"}}
        block = {"type": "actions", "block_id": "b", "elements": [button | {"value": "/log"}]}
        home.fake.homes[ana.user.id]["blocks"].append(block)
        await ana.presses_home("Log")
        (heard,) = home.ears.heard
        assert heard.content == CommandSent(verb="log")
        assert heard.trigger in home.fake.triggers
        assert heard.address.chat == ana.user.im


async def test_nothing_that_people_write_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with house("http", speed=600) as home:
        ana = home.fake.person("Ana")
        home.ears.fails = 1
        await ana.types("my canary")
        await home.fake.settled()
        raw = message_to(home, "my canary")
        await post(home, raw, home.fake.mail.signed(raw + " "))
        team = ana.user.team
        odd = payloads.event(team, {"type": "channel_rename", "x": "my canary"}, event_id="Ev1", at=0.0)
        home.fake.mail.send(odd)
        await home.fake.settled()
    ours = [record for record in caplog.records if not record.name.startswith(("aiohttp.access", "asyncio"))]
    assert not [record for record in ours if "canary" in record.getMessage() + str(record.exc_info)]
    assert not [record for record in ours if "xoxb" in record.getMessage()]


def test_secrets_are_not_shown() -> None:
    values = SlackValues(bot_token="secret", app_token="secret", signing_secret="secret", client_secret="secret")
    assert "secret" not in re.sub(r"\w+_secret=", "", repr(values))
