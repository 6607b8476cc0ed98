"""What Slack's payloads, in their full shape, are taken for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.incoming import (
    ButtonPressed,
    ChatStateChanged,
    CommandSent,
    Content,
    FormSubmitted,
    GroupMention,
    HomeOpened,
    NonTextSent,
    TextEdited,
    TextSent,
)
from bot.messages.outgoing import Choice, Field, Form, Message
from handlers.slack.blocks import blocks_of
from handlers.slack.inbound import COMMANDS, EVENTS, Closing, translate
from handlers.slack.modals import view_of
from handlers.slack.text import typed
from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_payloads import Json, Team, User

TEAM = Team(id="T01", name="Acme", token="xoxb-1", bot_user="U0BOT", bot_id="B0BOT", scopes=set())
ANA = User(id="U0ANA", team=TEAM, name="Ana", im="D0ANA")
TS, LATER = "1700000000.000100", "1700000009.000200"


def event(body: Json, event_id: str = "Ev01", team: Team = TEAM) -> Json:
    return payloads.event(team, body, event_id=event_id, at=1_700_000_000.0)


def said(text: str = "hello", **more: Any) -> Json:
    return event(payloads.message(ANA, text, TS) | more)


def edited(new: str, old: str, **more: Any) -> Json:
    before = payloads.message(ANA, old, TS)
    after = payloads.message(ANA, new, TS) | {"edited": {"user": ANA.id, "ts": LATER}} | more
    return event(payloads.changed(ANA.im, after, before, ts=LATER))


def shared(kind: str, text: str = "") -> Json:
    return said(text, subtype="file_share", files=[payloads.file(ANA, kind)], upload=False)


def content(body: Any) -> Content | None:
    found = translate(body).inbound
    return found.content if found else None


def key(body: Any) -> str:
    found = translate(body).inbound
    assert found is not None
    return found.key


def of_bot(text: str) -> Json:
    return said(text, bot_id=TEAM.bot_id, user=TEAM.bot_user, app_id=payloads.APP_ID)


UNDERSTOOD: dict[str, tuple[Json, Content]] = {
    "a message": (said("done &amp; dusted"), TextSent(text="done & dusted")),
    "a reply in a thread": (said("8", thread_ts="1699.01"), TextSent(text="8", hangs_on="1699.01")),
    "the parent of a thread": (said("8", thread_ts=TS), TextSent(text="8")),
    "a reply shown in the chat too": (
        said("8", subtype="thread_broadcast", thread_ts="1699.01"),
        TextSent(text="8", hangs_on="1699.01"),
    ),
    "a quote": (
        said("8", attachments=[{"ts": "1699.01", "channel_id": ANA.im}]),
        TextSent(text="8", hangs_on="1699.01"),
    ),
    "a quote from elsewhere": (said("8", attachments=[{"ts": "1699.01", "channel_id": "C1"}]), TextSent(text="8")),
    "a message to oneself": (said("walks", subtype="me_message"), TextSent(text="walks")),
    "a voice clip": (shared("voice"), NonTextSent(kind="voice")),
    "a picture": (shared("picture"), NonTextSent(kind="picture")),
    "a document": (shared("pdf"), NonTextSent(kind="file")),
    "a picture with a text": (shared("picture", "done"), TextSent(text="done")),
    "a forwarded message without a word": (said("", attachments=[{"ts": "1.2"}]), NonTextSent(kind="file")),
    "a reaction to us": (event(payloads.reaction(ANA, TS, TEAM.bot_user, ts=LATER)), NonTextSent(kind="reaction")),
    "an edit": (edited("7", "8"), TextEdited(text="7")),
    "the home tab": (event(payloads.home_opened(ANA, ts=LATER)), HomeOpened()),
    "a mention in a channel": (event(payloads.mention(ANA, "C01", "<@U0BOT> hi", TS)), GroupMention()),
    "a message in a channel that names us": (
        said("<@U0BOT> hi", channel="C01", channel_type="channel"),
        GroupMention(),
    ),
    "a deactivated person": (
        event(payloads.user_change(User(id="U0ANA", team=TEAM, name="Ana", deleted=True), ts=LATER)),
        ChatStateChanged(open=False),
    ),
}

PASSED_OVER: dict[str, Any] = {
    "what we say": of_bot("hello"),
    "another bot": said("hello", subtype="bot_message", bot_id="B9"),
    "an edit of what we say": event(
        payloads.changed(ANA.im, of_bot("new")["event"] | {"edited": {"ts": LATER}}, of_bot("old")["event"], ts=LATER)
    ),
    "a preview of a link": edited("see https://a.b", "see https://a.b", attachments=[{"title": "A"}]),
    "a message deleted under its thread": edited("This message was deleted.", "8", subtype="tombstone"),
    "a deleted message": event(payloads.deleted(ANA.im, payloads.message(ANA, "8", TS), ts=LATER)),
    "a channel's chatter": said("hello all", channel="C01", channel_type="channel"),
    "somebody joining": said("joined", subtype="channel_join"),
    "nothing said": said("   "),
    "a reaction to somebody else": event(payloads.reaction(ANA, TS, "U0BEN", ts=LATER)),
    "our own reaction": event(payloads.reaction(ANA, TS, TEAM.bot_user, ts=LATER) | {"user": TEAM.bot_user}),
    "the messages tab": event(payloads.home_opened(ANA, ts=LATER, tab="messages")),
    "a changed profile": event(payloads.user_change(ANA, ts=LATER)),
    "a new colleague": event({"type": "team_join", "user": payloads.profile(ANA), "event_ts": LATER}),
    "somebody's own token": event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}),
    "a form that was closed": payloads.closed(ANA, {"id": "V1", "private_metadata": "{}"}),
    "a command that is not ours": payloads.command(ANA, "/other x", trigger="1", response_url="", channel="C1"),
    "no object": [1, 2],
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_it_is_taken_for(name: str) -> None:
    body, wanted = UNDERSTOOD[name]
    found = translate(body).inbound
    assert found is not None
    assert found.content == wanted
    assert found.address.user == ANA.id
    assert found.address.bot == TEAM.id


@pytest.mark.parametrize("name", PASSED_OVER)
def test_it_is_passed_over(name: str) -> None:
    assert translate(PASSED_OVER[name]).inbound is None


def test_every_event_that_is_read_is_tried_here() -> None:
    tried = {body["event"]["type"] for body, _ in UNDERSTOOD.values()} | {"tokens_revoked", "app_uninstalled"}
    assert set(EVENTS) == tried


def test_a_message_is_the_same_message_under_another_event_id() -> None:
    body = payloads.message(ANA, "hello", TS)
    assert key(event(body, "Ev01")) == key(event(body, "Ev02"))


def test_a_mention_and_the_message_that_holds_it_are_one() -> None:
    mention = event(payloads.mention(ANA, "C01", "<@U0BOT> hi", TS))
    assert key(mention) == key(said("<@U0BOT> hi", channel="C01", channel_type="channel"))


def test_edits_of_one_message_are_told_apart_by_their_time() -> None:
    other = edited("6", "8")
    other["event"]["message"]["edited"]["ts"] = "1700000011.000000"
    assert len({key(edited("7", "8")), key(other), key(said("8"))}) == 3
    assert translate(other).inbound.message_id == TS  # type: ignore[union-attr]


def test_workspaces_share_no_keys() -> None:
    other = Team(id="T02", name="Other", token="x", bot_user="U0BOT", bot_id="B0BOT", scopes=set())
    assert key(event(payloads.message(ANA, "hello", TS), team=other)) != key(said())


def test_an_organisation_that_installed_the_app_is_part_of_the_address() -> None:
    body = said()
    body["enterprise_id"] = "E01"
    body["authorizations"][0]["is_enterprise_install"] = True
    pressed = action("a", value="b") | {"enterprise": {"id": "E01"}, "is_enterprise_install": True, "team": None}
    assert translate(body).inbound.address.bot == "E01:T01"  # type: ignore[union-attr]
    assert translate(pressed).inbound.address.bot == "E01:T01"  # type: ignore[union-attr]


def test_a_workspace_that_takes_the_app_away_is_closed() -> None:
    gone = event({"type": "app_uninstalled", "event_ts": TS})
    revoked = event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [TEAM.bot_user]}, "event_ts": TS})
    assert translate(gone).closing == Closing(bot="T01", reason="app_uninstalled")
    assert translate(revoked).closing == Closing(bot="T01", reason="tokens_revoked")


def test_a_changed_profile_is_looked_up_anew() -> None:
    assert translate(PASSED_OVER["a changed profile"]).stale == ANA.id


# -- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("/throughline", CommandSent(verb="help")),
        ("/throughline Whosees", CommandSent(verb="whosees")),
        ("/throughline note Ana  likes tea", CommandSent(verb="note", rest="Ana  likes tea")),
        ("/log", CommandSent(verb="log")),
        ("/log called R&amp;D &lt;3", CommandSent(verb="log", rest="called R&D <3")),
        ("/commit Call Sam by Friday", CommandSent(verb="commit", rest="Call Sam by Friday")),
        ("/checkin", CommandSent(verb="checkin")),
        ("/progress", CommandSent(verb="progress")),
    ],
)
def test_a_command_calls_its_verb(line: str, wanted: CommandSent) -> None:
    body = payloads.command(ANA, line, trigger="1.2.3", response_url="https://x", channel="C1")
    found = translate(body).inbound
    assert found is not None
    assert found.content == wanted
    assert found.trigger == "1.2.3"
    assert found.address.chat == "", "where the command was typed is not where the answer goes"


def test_each_run_of_a_command_is_its_own() -> None:
    run = [payloads.command(ANA, "/log x", trigger=t, response_url="", channel="C1") for t in ("1", "1", "2")]
    assert key(run[0]) == key(run[1]) != key(run[2])
    assert set(COMMANDS) == {"/throughline", "/log", "/commit", "/checkin", "/progress"}


# -- interactions ----------------------------------------------------------------------------------------------------


def action(name: str, *, ts: str = LATER, **more: Any) -> Json:
    pressed = {"type": "button", "action_id": f"tap|tok-1_|{name}", "block_id": "b", "action_ts": ts} | more
    shown = payloads.message(ANA, "?", TS)
    return payloads.message_action(ANA, shown, pressed, trigger="1.2", response_url="https://x", channel=ANA.im)


def test_a_button_answers_the_prompt_that_it_carries() -> None:
    found = translate(action("3", value="yes"))
    assert found.inbound is not None
    assert found.inbound.content == ButtonPressed(token="tok-1_", value="yes")
    assert found.inbound.address.chat == ANA.im
    assert found.response_url == "https://x"


def test_an_entry_of_a_menu_answers_like_a_button() -> None:
    picked = {"text": {"type": "plain_text", "text": "Seven"}, "value": "7"}
    assert content(action("0", type="static_select", selected_option=picked)) == ButtonPressed(
        token="tok-1_", value="7"
    )


def test_a_command_button_calls_its_verb() -> None:
    body = action("0", action_id="call|2", value="/log me")
    assert content(body) == CommandSent(verb="log", rest="me")
    assert translate(body).inbound.trigger == "1.2"  # type: ignore[union-attr]


@pytest.mark.parametrize("action_id", ["see|1", "other", "tap||1", "call|1", ""])
def test_a_press_that_is_not_ours_is_passed_over(action_id: str) -> None:
    assert content(action("0", action_id=action_id, value="yes")) is None


def test_pressing_twice_is_two_events_and_a_copy_is_none() -> None:
    assert key(action("1", value="a")) == key(action("1", value="a"))
    assert key(action("1", value="a")) != key(action("1", value="a", ts="1700000010.000000"))


@given(
    token=st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True),
    values=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), min_size=1, max_size=30),
)
def test_what_is_rendered_is_read_back(token: str, values: list[str]) -> None:
    values = [value for value in values if not value.startswith(("http://", "https://"))]
    choices = tuple(Choice(value=value, label=value) for value in values)
    blocks = blocks_of(Message(text="?", token=token, kind="choice", choices=choices))
    read = []
    for block in (block for block in blocks if block["type"] == "actions"):
        for element in block["elements"]:
            for entry in element.get("options", [element]):
                pressed = {"action_id": element["action_id"], "type": element["type"]}
                pressed |= {"selected_option": entry} if "options" in element else {"value": entry.get("value")}
                found = content(action("0", **pressed))
                assert isinstance(found, ButtonPressed)
                assert found.token == token
                read.append(found.value)
    assert len(read) == len(values)
    assert all(back == value or len(value) != len(back) for back, value in zip(read, values, strict=True))


def form(**state: Any) -> Json:
    fields = tuple(Field(name=name, kind="text", label=name) for name in state)
    made = Form(title="T", submit="S", cancel="C", fields=fields)
    given = view_of(Message(text="?", token="tok", form=made), made)
    view = payloads.view_of(ANA, given, view_id="V1", view_hash="1.h")
    view["state"] = {"values": {name: {name: held} for name, held in state.items()}}
    return payloads.submission(ANA, view, trigger="9.9")


def test_a_form_brings_its_token_and_what_stands_in_its_fields() -> None:
    option = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}
    body = form(
        what={"type": "plain_text_input", "value": "Call <Sam>"},
        empty={"type": "plain_text_input", "value": None},
        due={"type": "datepicker", "selected_date": "2026-11-27"},
        one={"type": "radio_buttons", "selected_option": option},
        none={"type": "static_select", "selected_option": None},
        some={"type": "checkboxes", "selected_options": [option, option | {"value": "b"}]},
        nobody={"type": "checkboxes", "selected_options": []},
    )
    assert content(body) == FormSubmitted(
        token="tok",
        values={
            "what": "Call <Sam>",
            "empty": "",
            "due": "2026-11-27",
            "one": "a",
            "none": "",
            "some": "a\nb",
            "nobody": "",
        },
    )


def test_a_form_sent_again_with_other_values_is_another_event() -> None:
    first, second = (form(what={"type": "plain_text_input", "value": text}) for text in ("a", "b"))
    for body in (first, second):
        del body["trigger_id"]  # documented by Slack's own SDKs, not by its reference: it may be missing
    assert key(first) != key(second)
    assert key(first) == key(json.loads(json.dumps(first)))


# -- texts and hostile payloads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coded", "wanted"),
    [
        ("<@U0ANA> hi", "@U0ANA hi"),
        ("<@U0ANA|ana> hi", "ana hi"),
        ("<#C01|general>", "#general"),
        ("<!channel> <!here|here>", "@channel @here"),
        ("<!subteam^S1|@team>", "@team"),
        ("<https://a.b/c>", "https://a.b/c"),
        ("<https://a.b/c|a.b/c>", "https://a.b/c"),
        ("<https://evil.test|bank.example>", "bank.example (https://evil.test)"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_coded_text_is_read_as_it_was_typed(coded: str, wanted: str) -> None:
    assert typed(coded) == wanted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(data=st.data())
def test_no_payload_breaks_the_translation(data: st.DataObject) -> None:
    bodies = [body for body, _ in UNDERSTOOD.values()] + [action("1", value="a"), form(a={"value": "b"})]
    body = json.loads(json.dumps(data.draw(st.sampled_from(bodies))))
    for _ in range(data.draw(st.integers(1, 3))):
        _spoil(body, data)
    translate(body)


def _spoil(node: Any, data: st.DataObject) -> None:
    """Put anything at all somewhere."""
    while isinstance(node, dict) and node:
        name = data.draw(st.sampled_from(sorted(node)))
        if not isinstance(node[name], dict) or data.draw(st.booleans()):
            node[name] = data.draw(JSON)
            return
        node = node[name]
