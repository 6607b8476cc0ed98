"""The fake Slack is as strict as the real one; asked by the bare SDK."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_house import served
from tests.fakes.slack_people import Person
from tests.fakes.slack_rules import RefusalError, check_message, check_view

HELLO = [{"type": "section", "text": {"type": "plain_text", "text": "Hello"}}]
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": HELLO}
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as made:
        made.team()
        yield made


@pytest.fixture
def ana(fake: FakeSlack) -> Person:
    return fake.person("Ana")


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    (team,) = fake.teams.values()
    return AsyncWebClient(token=team.token, base_url=fake.url, retry_handlers=[])


async def refused(call: Any) -> str:
    """The error that a call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# -- who may call what -----------------------------------------------------------------------------------------------


async def test_tokens_are_checked(fake: FakeSlack, ana: Person, client: AsyncWebClient) -> None:
    assert (await client.auth_test())["bot_id"] == ana.user.team.bot_id
    assert await refused(client.auth_test(token="xoxb-no")) == "invalid_auth"
    assert await refused(AsyncWebClient(base_url=fake.url, retry_handlers=[]).auth_test()) == "not_authed"
    assert await refused(client.apps_connections_open(app_token="xapp-no")) == "invalid_auth"
    assert await refused(client.apps_connections_open(app_token=ana.user.team.token)) == "not_allowed_token_type"
    ana.user.team.revoked = True
    assert await refused(client.auth_test()) == "token_revoked"
    ana.user.team.installed = False
    assert await refused(client.auth_test()) == "account_inactive"


async def test_scopes_are_checked(fake: FakeSlack, ana: Person, client: AsyncWebClient) -> None:
    ana.user.team.scopes.discard("chat:write")
    assert await refused(client.chat_postMessage(channel=ana.user.im, text="x")) == "missing_scope"
    assert fake.refused == [("chat.postMessage", "missing_scope", ["chat:write"])]


async def test_a_workspace_sees_only_its_own(fake: FakeSlack, client: AsyncWebClient) -> None:
    zoe = fake.person("Zoe", fake.team("Other"))
    assert await refused(client.chat_postMessage(channel=zoe.user.im, text="x")) == "channel_not_found"
    assert await refused(client.users_info(user=zoe.user.id)) == "user_not_found"
    assert await refused(client.conversations_open(users=zoe.user.id)) == "user_not_found"


async def test_a_locale_is_told_to_whoever_asks_for_it(ana: Person, client: AsyncWebClient) -> None:
    ana.user.locale = "de-DE"
    assert "locale" not in (await client.users_info(user=ana.user.id))["user"]
    assert (await client.users_info(user=ana.user.id, include_locale=True))["user"]["locale"] == "de-DE"


# -- messages --------------------------------------------------------------------------------------------------------


async def test_parameters_are_checked(ana: Person, client: AsyncWebClient) -> None:
    im = ana.user.im
    assert await refused(client.api_call("chat.postMessage", json={"channel": im})) == "no_text"
    assert await refused(client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"
    assert await refused(client.api_call("chat.unheard", json={})) == "unknown_method"
    assert await refused(client.api_call("users.info", json={"user": ana.user.id})) == "invalid_arguments"
    assert await refused(client.chat_postMessage(channel=im, text="x" * 40_001)) == "msg_too_long"
    assert await refused(client.chat_postMessage(channel="D0NOWHERE", text="x")) == "channel_not_found"
    for metadata in ({"event_type": "x"}, {"event_type": "x", "event_payload": {"a": {}}}):
        call = client.chat_postMessage(channel=im, text="x", metadata=metadata)
        assert (await refused(call)).startswith("invalid_metadata")
    ana.user.deleted = True
    assert await refused(client.chat_postMessage(channel=im, text="x")) == "user_disabled"


def button(number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": "B"},
        "action_id": f"a{number}",
    } | more


def option(text: str = "o", value: str = "v") -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


def section(text: Any) -> dict[str, Any]:
    return {"type": "section", "text": text}


BAD_BLOCKS: dict[str, list[Any]] = {
    "no type": [{}],
    "an unknown type": [{"type": "carousel"}],
    "too many blocks": HELLO * 51,
    "an empty text": [section({"type": "plain_text", "text": ""})],
    "a long section": [section({"type": "plain_text", "text": "x" * 3001})],
    "a long section of emoji": [section({"type": "plain_text", "text": "😀" * 1501})],
    "emoji in mrkdwn": [section({"type": "mrkdwn", "text": "x", "emoji": True})],
    "an unknown property": [section({"type": "plain_text", "text": "x", "size": 3})],
    "a mrkdwn header": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "a long header": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
    "the same block_id": [block | {"block_id": "same"} for block in HELLO * 2],
    "a long block_id": [HELLO[0] | {"block_id": "x" * 256}],
    "no elements": [{"type": "actions", "elements": []}],
    "26 elements": [{"type": "actions", "elements": [button(n) for n in range(26)]}],
    "the same action_id": [{"type": "actions", "elements": [button(), button()]}],
    "a long label": [{"type": "actions", "elements": [button(text={"type": "plain_text", "text": "x" * 76})]}],
    "a long value": [{"type": "actions", "elements": [button(value="x" * 2001)]}],
    "an empty value": [{"type": "actions", "elements": [button(value="")]}],
    "a long action_id": [{"type": "actions", "elements": [button(action_id="x" * 256)]}],
    "a long url": [{"type": "actions", "elements": [button(url="x" * 3001)]}],
    "an odd style": [{"type": "actions", "elements": [button(style="big")]}],
    "a text field among buttons": [{"type": "actions", "elements": [{"type": "plain_text_input"}]}],
    "101 options": [{"type": "actions", "elements": [{"type": "static_select", "options": [option()] * 101}]}],
    "11 radio buttons": [{"type": "actions", "elements": [{"type": "radio_buttons", "options": [option()] * 11}]}],
    "a long option": [{"type": "actions", "elements": [{"type": "static_select", "options": [option("x" * 76)]}]}],
    "a long option value": [
        {"type": "actions", "elements": [{"type": "static_select", "options": [option(value="x" * 151)]}]}
    ],
    "an initial option of none": [
        {
            "type": "actions",
            "elements": [{"type": "static_select", "options": [option()], "initial_option": option("other")}],
        }
    ],
    "an odd leaf of rich text": [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "song"}]}]}
    ],
}


@pytest.mark.parametrize("name", BAD_BLOCKS)
def test_block_kit_is_checked(name: str) -> None:
    with pytest.raises(RefusalError, match="invalid_blocks"):
        check_message(BAD_BLOCKS[name], "x")


BAD_VIEWS: dict[str, dict[str, Any]] = {
    "a home": {"type": "home", "blocks": HELLO},
    "a long title": MODAL | {"title": {"type": "plain_text", "text": "x" * 25}},
    "a long submit": MODAL | {"submit": {"type": "plain_text", "text": "x" * 25}},
    "long metadata": MODAL | {"private_metadata": "x" * 3001},
    "a long callback_id": MODAL | {"callback_id": "x" * 256},
    "101 blocks": MODAL | {"blocks": HELLO * 101},
    "an input and no submit": MODAL
    | {
        "blocks": [
            {"type": "input", "label": HELLO[0]["text"], "element": {"type": "plain_text_input", "action_id": "a"}}
        ]
    },
}


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_views_are_checked(name: str) -> None:
    with pytest.raises(RefusalError, match="invalid_arguments"):
        check_view(BAD_VIEWS[name], "modal")


async def test_what_is_wrong_with_blocks_is_told(ana: Person, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ana.user.im, text="x", blocks=[{"type": "carousel"}])
    (told,) = caught.value.response["response_metadata"]["messages"]
    assert told == "[ERROR] unsupported type: carousel [json-pointer:/blocks/0/type]"


async def test_only_ones_own_messages_are_updated(ana: Person, client: AsyncWebClient) -> None:
    im = ana.user.im
    await ana.types("mine")
    assert await refused(client.chat_update(channel=im, ts=ana.messages[0]["ts"], text="x")) == "cant_update_message"
    assert await refused(client.chat_update(channel=im, ts="1.1", text="x")) == "message_not_found"


async def test_an_update_brings_the_app_an_event_as_the_real_one_does(
    fake: FakeSlack, ana: Person, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=ana.user.im, text="x", blocks=HELLO)
    await client.chat_update(channel=ana.user.im, ts=posted["ts"], text="y", blocks=[])
    assert [delivery.body["event"]["subtype"] for delivery in fake.mail.deliveries] == ["message_changed"]


async def test_history_is_paged_and_shows_metadata_only_when_asked(ana: Person, client: AsyncWebClient) -> None:
    metadata = {"event_type": "e", "event_payload": {"outbox": 1}}
    posted = await client.chat_postMessage(channel=ana.user.im, text="x", metadata=metadata)
    for number in range(3):
        await ana.types(str(number))
    page = await client.conversations_history(channel=ana.user.im, limit=2)
    assert [message["text"] for message in page["messages"]] == ["2", "1"]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=ana.user.im, limit=2, cursor=cursor)
    assert (rest["has_more"], "metadata" in rest["messages"][-1]) == (False, False)
    shown = await client.conversations_history(channel=ana.user.im, include_all_metadata=True)
    assert shown["messages"][-1]["metadata"] == metadata
    newer = await client.conversations_history(channel=ana.user.im, oldest=posted["ts"])
    assert len(newer["messages"]) == 3


async def test_a_channel_takes_a_burst_and_then_one_message_a_second(
    fake: FakeSlack, ana: Person, client: AsyncWebClient
) -> None:
    for _ in range(fake.burst):
        await client.chat_postMessage(channel=ana.user.im, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ana.user.im, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=fake.person("Ben").user.im, text="another channel")
    fake.speed = 600
    fake._buckets.clear()
    await client.chat_postMessage(channel=ana.user.im, text="x")


# -- views -----------------------------------------------------------------------------------------------------------


async def test_a_trigger_opens_one_view_within_three_seconds(
    fake: FakeSlack, ana: Person, client: AsyncWebClient
) -> None:
    trigger = fake.trigger(ana.user)
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert await refused(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
    late = fake.trigger(ana.user)
    fake.triggers[late].born -= 3.1
    assert await refused(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    bad = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}
    trigger = fake.trigger(ana.user)
    assert await refused(client.views_open(trigger_id=trigger, view=bad)) == "invalid_arguments"


async def test_a_page_published_with_an_old_hash_is_refused(ana: Person, client: AsyncWebClient) -> None:
    home = {"type": "home", "blocks": HELLO}
    first = await client.views_publish(user_id=ana.user.id, view=home)
    second = await client.views_publish(user_id=ana.user.id, view=home, hash=first["view"]["hash"])
    assert second["view"]["id"] == first["view"]["id"]
    old = client.views_publish(user_id=ana.user.id, view=home, hash=first["view"]["hash"])
    assert await refused(old) == "hash_conflict"


# -- delivery --------------------------------------------------------------------------------------------------------


async def test_events_come_again_at_once_after_a_minute_and_after_five_with_number_and_reason(
    fake: FakeSlack, ana: Person
) -> None:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    seen: list[tuple[str, str]] = []

    async def answer(request: Request) -> Response:
        seen.append((request.headers.get("x-slack-retry-num", ""), request.headers.get("x-slack-retry-reason", "")))
        return Response(status_code=500)

    fake.speed = 3000
    async with served([Route("/slack/events", answer, methods=["POST"])]) as url:
        fake.mail.target = f"{url}/slack/events"
        event = await ana.types("hello")
        await fake.settled()
    assert seen == [("", ""), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert event.lost


async def test_a_ticket_opens_one_socket_and_what_is_not_acknowledged_comes_again(
    fake: FakeSlack, ana: Person, client: AsyncWebClient
) -> None:
    fake.ack_within, fake.speed = 0.1, 600
    url = (await client.apps_connections_open(app_token=fake.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        assert (await ws.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        await ana.types("hello")
        first, second = await ws.receive_json(), await ws.receive_json()
        assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
        assert first["payload"] == second["payload"]
        await ws.send_str(json.dumps({"envelope_id": second["envelope_id"]}))
        await fake.settled()
        await fake.mail.disconnect("warning")
        assert (await ws.receive_json())["reason"] == "warning"


async def test_every_body_is_unlike_every_other(fake: FakeSlack, ana: Person) -> None:
    fake.mail.target = "http://127.0.0.1:9/"
    fake.speed = 100_000
    for text in ("a", "a"):
        await ana.types(text)
    await fake.settled()
    one, two = (delivery.body for delivery in fake.mail.deliveries)
    assert one["event_id"] != two["event_id"]
    assert one["event"]["ts"] < two["event"]["ts"]


async def test_an_authorisation_code_works_once_for_the_client_that_asked(
    fake: FakeSlack, ana: Person, client: AsyncWebClient
) -> None:
    code = fake.allow(ana, scope="chat:write", state="s").partition("code=")[2].partition("&")[0]

    async def access(**more: str) -> Any:
        given = {"client_id": fake.client_id, "client_secret": fake.client_secret, "code": code} | more
        return await client.oauth_v2_access(**given)

    assert await refused(access(client_id="9.9")) == "invalid_client_id"
    assert await refused(access(client_secret="no")) == "bad_client_secret"
    assert (await access())["access_token"] == ana.user.team.token
    assert await refused(access()) == "invalid_code"


async def test_faults_strike_before_or_after_the_effect(fake: FakeSlack, ana: Person, client: AsyncWebClient) -> None:
    for after in (False, True):
        fake.fail("chat.postMessage", status=500, after=after)
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel=ana.user.im, text="x")
        assert len(ana.messages) == after
    fake.fail("chat.postMessage", hang=0.05)
    began = asyncio.get_running_loop().time()
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=ana.user.im, text="x")
    assert asyncio.get_running_loop().time() - began >= 0.05
