"""What becomes of a parcel: every answer of Slack's, and every way not to get one, as one of our fates."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages.incoming import Address
from bot.messages.outgoing import Choice, Document, Field, File, Form, Message, Section
from bot.messages.sending import Fate, NotSent, Parcel, Refused, Sent, Unclear, Unreachable
from handlers.slack.app import Slack
from handlers.slack.clients import SCOPES, SlackValues
from tests.fakes.slack import ALL_SCOPES, FakeSlack
from tests.fakes.slack_house import House, house, values_for
from tests.fakes.slack_methods import METHODS
from tests.fakes.slack_people import Person
from tests.support.garbage_answers import GARBAGE, spoil

FORM = Form(title="Yours", submit="Save", cancel="No", fields=(Field(name="what", kind="text", label="What?"),))
PAGE = (Section(heading="Goals", lines=("Run",), choices=(Choice(value="/log", label="Log"),)),)


@pytest.fixture
async def home() -> AsyncIterator[House]:
    async with house("none", limits=False) as made:
        yield made


def parcel(person: Person, message: Message | None = None, **more: Any) -> Parcel:
    address = Address(platform="slack", bot=person.user.team.id, chat=person.user.im, user=person.user.id)
    return Parcel(id=7, address=address, message=message or Message(text="Hello"), **more)


async def sent(home: House, message: Message | None = None, **more: Any) -> Fate:
    return await home.slack.messenger.send(parcel(home.fake.person("Ana"), message, **more))


async def test_a_message_arrives_with_the_outbox_id_and_nothing_else_as_metadata(home: House) -> None:
    fate = await sent(home, Message(text="Hello", token="tok", choices=(Choice(value="a", label="A"),)))
    (message,) = home.fake.person("Ana").messages
    assert fate == Sent(message_id=message["ts"])
    assert message["metadata"] == {"event_type": "throughline", "event_payload": {"outbox": 7}}
    assert home.fake.person("Ana").last.buttons == ("A",)


async def test_an_update_changes_the_message_and_takes_its_buttons(home: House) -> None:
    first = await sent(home, Message(text="Hello", token="tok", choices=(Choice(value="a", label="A"),)))
    assert isinstance(first, Sent)
    fate = await sent(home, Message(text="Hello\n✓ A"), replaces=first.message_id)
    assert fate == first
    shown = home.fake.person("Ana").last
    assert (shown.text, shown.buttons, shown.edited) == ("Hello\n✓ A", (), True)


async def test_a_person_is_found_by_their_own_id_where_the_chat_is_not_known(home: House) -> None:
    ana = home.fake.person("Ana")
    address = Address(platform="slack", bot=ana.user.team.id, chat=ana.user.id, user=ana.user.id)
    fate = await home.slack.messenger.send(Parcel(id=1, address=address, message=Message(text="Hello")))
    assert isinstance(fate, Sent)
    changed = Parcel(id=2, address=address, message=Message(text="Changed"), replaces=fate.message_id)
    assert isinstance(await home.slack.messenger.send(changed), Sent)
    assert ana.read == ["Changed"]
    assert home.fake.calls["conversations.open"] == 1


async def test_a_form_opens_by_its_trigger_and_an_update_of_it_is_nothing(home: House) -> None:
    ana = home.fake.person("Ana")
    asks = Message(text="What?", token="tok", form=FORM)
    fate = await sent(home, asks, trigger=home.fake.trigger(ana.user))
    assert isinstance(fate, Sent)
    assert ana.modal is not None
    assert ana.read == []
    assert await sent(home, Message(text="✓"), replaces=fate.message_id) == fate


@pytest.mark.parametrize("trouble", ["expired", "used", "unknown", "hangs", "internal_error"])
async def test_a_form_that_does_not_open_is_refused_so_that_it_is_asked_in_words(home: House, trouble: str) -> None:
    ana = home.fake.person("Ana")
    trigger = home.fake.trigger(ana.user)
    if trouble == "expired":
        home.fake.triggers[trigger].born -= 4
    elif trouble == "used":
        home.fake.triggers[trigger].used = True
    elif trouble == "unknown":
        trigger = "1.2.3"
    elif trouble == "hangs":
        home.fake.fail("views.open", hang=0.3, reset=True)
    else:
        home.fake.fail("views.open", error=trouble)
    assert isinstance(await sent(home, Message(text="What?", token="tok", form=FORM), trigger=trigger), Refused)
    assert isinstance(await sent(home, Message(text="What?", token="tok")), Sent)
    assert ana.modal is None
    assert ana.read == ["What?"]


async def test_a_page_is_published_again_and_again(home: House) -> None:
    for _ in range(2):
        assert isinstance(await sent(home, Message(text="", page=PAGE)), Sent)
    assert home.fake.person("Ana").home == ["Goals", "Run", "Log"]


NAMED: dict[str, Fate] = {
    "ratelimited": NotSent(reason="ratelimited", retry_after=1.0),
    "service_unavailable": NotSent(reason="service_unavailable", retry_after=1.0),
    "missing_scope": NotSent(reason="missing_scope", retry_after=600.0),
    **{
        name: NotSent(reason="token revoked", retry_after=60.0, whole=True)
        for name in ["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"]
    },
    **{
        name: Unreachable(reason=name)
        for name in ["channel_not_found", "user_disabled", "is_archived", "cannot_dm_bot", "user_not_found"]
    },
    **{
        name: Refused(reason=name)
        for name in ["msg_too_long", "invalid_blocks", "no_text", "msg_blocks_too_long", "invalid_arguments"]
    },
    **{name: Unclear(reason=name) for name in ["internal_error", "fatal_error"]},
}


@pytest.mark.parametrize("name", NAMED)
async def test_each_error_of_slacks_has_its_fate(home: House, name: str) -> None:
    home.fake.fail("chat.postMessage", error=name)
    assert await sent(home) == NAMED[name]


@pytest.mark.parametrize("name", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_an_update_that_slack_will_never_take_is_refused(home: House, name: str) -> None:
    home.fake.fail("chat.update", error=name)
    assert await sent(home, replaces="1700000000.000100") == Refused(reason=name)


async def test_an_update_that_changes_nothing_is_there(home: House) -> None:
    home.fake.fail("chat.update", error="message_not_modified")
    assert await sent(home, replaces="1700000000.000100") == Sent(message_id="1700000000.000100")


async def test_a_flood_waits_as_long_as_slack_says(home: House) -> None:
    home.fake.fail("chat.postMessage", retry_after=30)
    assert await sent(home) == NotSent(reason="ratelimited", retry_after=30.0)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("what", [{"status": 500}, {"status": 503, "error": "no_text"}, {"reset": True}])
async def test_no_proper_answer_leaves_it_unclear(home: House, what: dict[str, Any], after: bool) -> None:
    home.fake.fail("chat.postMessage", after=after, **what)
    assert isinstance(await sent(home), Unclear)
    assert len(home.fake.person("Ana").read) == after


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "views.publish", "conversations.open"])
@pytest.mark.parametrize("what", GARBAGE)
async def test_what_is_no_answer_of_slacks_refuses_nothing_and_nobody(home: House, method: str, what: str) -> None:
    ana = home.fake.person("Ana")
    asks = parcel(ana, Message(text="", page=PAGE) if method == "views.publish" else None)
    if method == "chat.update":
        asks = replace(asks, replaces="1700000000.000100")
    if method == "conversations.open":
        asks = replace(asks, address=replace(asks.address, chat=ana.user.id))
    spoil(home.fake, method, what)
    fate = await home.slack.messenger.send(asks)
    assert isinstance(fate, NotSent if what == "text at 429" else Unclear), fate
    assert home.slack.state == ("ready" if what == "text at 429" else "disconnected")
    home.fake.mend()
    assert isinstance(await sent(home), Sent)
    assert home.slack.state == "ready"


@pytest.mark.parametrize(
    ("method", "what"),
    [
        *(("files.getUploadURLExternal", what) for what in GARBAGE),
        *(("upload", what) for what in GARBAGE if GARBAGE[what].status != 200),
        *(("files.completeUploadExternal", what) for what in GARBAGE),
    ],
)
async def test_a_file_is_not_given_up_for_what_is_no_answer_of_slacks(home: House, method: str, what: str) -> None:
    file = File(name="chart.png", media="image/png", content=b"png", alt="A chart")
    message = Message(text="", file=Document(name=file.name, media=file.media, text=""))
    asks = parcel(home.fake.person("Ana"), message, file=file)
    spoil(home.fake, method, what)
    assert isinstance(await home.slack.messenger.send(asks), NotSent | Unclear)
    home.fake.mend()
    assert isinstance(await home.slack.messenger.send(asks), Sent)


@pytest.mark.parametrize("what", GARBAGE)
async def test_what_is_no_history_does_not_say_that_a_message_is_absent(home: House, what: str) -> None:
    spoil(home.fake, "conversations.history", what)
    with pytest.raises(Exception):  # noqa: B017 (whatever the SDK raises, as `find` says)
        await home.slack.messenger.find(parcel(home.fake.person("Ana")), datetime.now(UTC))


async def test_no_connection_means_not_sent() -> None:
    async with FakeSlack() as fake:
        ana, values = fake.person("Ana", fake.team()), values_for("http", fake, fake.team())
    slack = Slack(values)
    assert await slack.messenger.send(parcel(ana)) == NotSent(reason="no connection")
    await slack.close()


async def test_no_such_host_means_not_sent() -> None:
    slack = Slack(SlackValues(api_url="http://slack.invalid/api/", bot_token="xoxb-1", signing_secret="s"))
    address = Address(platform="slack", bot="T1", chat="D1", user="U1")
    assert await slack.messenger.send(Parcel(id=1, address=address, message=Message(text="x"))) == NotSent(
        reason="no connection"
    )
    await slack.close()


async def test_a_refused_token_shows_in_the_state_until_it_is_taken_again(home: House) -> None:
    team = home.fake.person("Ana").user.team
    team.revoked = True
    assert await sent(home) == NotSent(reason="token revoked", retry_after=60.0, whole=True)
    assert home.slack.state == "revoked"
    team.revoked = False
    assert isinstance(await sent(home), Sent)
    assert home.slack.state == "ready"


async def test_a_workspace_without_the_app_is_not_written_to() -> None:
    async with house("oauth") as home:
        ana = home.fake.person("Ana")
        home.ports.installations.clear()
        fate = await home.slack.messenger.send(parcel(ana))
        assert fate == NotSent(reason="not installed", retry_after=60.0, whole=True)
        assert home.fake.calls["chat.postMessage"] == 0


async def test_an_empty_message_is_refused_before_it_is_sent(home: House) -> None:
    assert await sent(home, Message(text=" ")) == Refused(reason="empty")
    assert home.fake.calls["chat.postMessage"] == 0


async def test_what_may_have_arrived_is_found_by_its_outbox_id(home: House) -> None:
    ana = home.fake.person("Ana")
    began = datetime.now(UTC) - timedelta(seconds=5)
    home.fake.fail("chat.postMessage", status=500, after=True)
    assert isinstance(await sent(home), Unclear)
    for number in range(20):
        await ana.types(f"line {number}")
    found = await home.slack.messenger.find(parcel(ana), began)
    assert found == Sent(message_id=ana.messages[0]["ts"])
    assert home.fake.calls["conversations.history"] == 2, "fifteen messages a page"
    other = Parcel(id=8, address=parcel(ana).address, message=Message(text="Hello"))
    assert await home.slack.messenger.find(other, began) is None


async def test_no_call_is_repeated_by_the_sdk(home: House) -> None:
    home.fake.fail("chat.postMessage", times=5, reset=True)
    await sent(home)
    assert home.fake.calls["chat.postMessage"] == 1


def test_the_table_of_scopes_is_slacks_own() -> None:
    assert {name: spec.scope for name, spec in METHODS.items()} == dict(SCOPES)


@pytest.mark.parametrize("method", sorted(name for name, scope in SCOPES.items() if scope))
async def test_each_method_needs_the_scope_that_the_table_names(method: str) -> None:
    scopes = " ".join(scope for scope in ALL_SCOPES.split() if scope != SCOPES[method])
    async with FakeSlack(limits=False) as fake:
        team = fake.team(scopes=scopes)
        ana, slack = fake.person("Ana", team), Slack(values_for("http", fake, team))
        client = await slack._clients.of(team.id)
        assert client is not None
        answer = await asyncio.gather(
            client.api_call(method, data={"channel": ana.user.im, "users": ana.user.id, "user": ana.user.id}),
            return_exceptions=True,
        )
        assert "missing_scope" in str(answer[0])
        await slack.close()
