"""Translation of Slack's payloads into events; decides nothing, and never raises, whatever the payload holds.

What Slack sends is an event, a command or an interaction; each becomes one `Inbound`, one `Closing` of a whole
workspace, or nothing. The chat may still be missing from the address: commands, pages and forms do not name it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.messages.incoming import (
    Address,
    ChatStateChanged,
    CommandSent,
    Content,
    FormSubmitted,
    GroupMention,
    HomeOpened,
    Inbound,
    NonTextSent,
    TextEdited,
    TextSent,
)
from handlers.slack.blocks import read_action
from handlers.slack.modals import read_form
from handlers.slack.text import called, typed

PLATFORM = "slack"
COMMANDS: Mapping[str, str] = {  # each slash command, and the verb that it stands for; the first takes the verb itself
    "/throughline": "",
    "/log": "log",
    "/commit": "commit",
    "/checkin": "checkin",
    "/progress": "progress",
}
_HELP = "help"
_STAMP = re.compile(r"(\d{1,11})\.\d+")
_SLACKBOT = "USLACKBOT"  # Slack's own, which is no app and has no bot_id
_SPOKEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})
_GROUPS = frozenset({"channel", "group", "mpim"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """A workspace took the app away: tokens revoked, or uninstalled."""

    bot: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a payload came to; `stale` names a profile that changed, `page` is the mark of a page that was opened.

    `response_url` takes a word to the person alone, and a new look of the message `pressed`.
    """

    inbound: Inbound | None = None
    closing: Closing | None = None
    response_url: str = ""
    pressed: str = ""
    stale: str = ""
    page: str = ""


NOTHING = Found()


def translate(body: Any) -> Found:
    """What a payload of Slack's came to; nothing for what is not for us, or is not understood."""
    if not isinstance(body, dict):
        return NOTHING
    kind = _text(body, "type")
    if kind == "event_callback":
        reader = EVENTS.get(_text(body, "event", "type"))
        return reader(body) if reader else NOTHING
    if _text(body, "command"):
        return _command(body)
    reader = _INTERACTIONS.get(kind)
    return reader(body) if reader else NOTHING


def workspace(body: Mapping[str, Any]) -> str:
    """The key of the workspace that a payload comes from; with the organisation where that installed the app."""
    team = _text(body, "team_id") or _text(body, "team", "id") or _text(body, "user", "team_id")
    enterprise = _text(body, "enterprise_id") or _text(body, "enterprise", "id")
    said = (body.get("is_enterprise_install"), _first(body, "authorizations").get("is_enterprise_install"))
    return f"{enterprise}:{team}" if enterprise and (True in said or "true" in said) else team


# -- events ----------------------------------------------------------------------------------------------------------


def _message(body: dict[str, Any]) -> Found:
    event = body["event"]
    if _text(event, "channel_type") in _GROUPS:
        return _mention(body) if f"<@{_ourselves(body)}>" in _text(event, "text") else NOTHING
    subtype = _text(event, "subtype")
    if subtype == "message_changed":
        return _changed(body)
    user, channel, ts = _text(event, "user"), _text(event, "channel"), _text(event, "ts")
    if subtype not in _SPOKEN or _of_a_bot(event, body) or not (user and channel and ts):
        return NOTHING
    content = _said_or_stirred(event, channel, ts, _ourselves(body))
    key = f"{channel}:{ts}"
    return _found(body, key, user, content, chat=channel, message=ts) if content else NOTHING


def _said_or_stirred(event: dict[str, Any], channel: str, ts: str, ourselves: str) -> Content | None:
    text = typed(_text(event, "text"), ourselves)
    if text.strip():
        return TextSent(text=text, hangs_on=_hangs_on(event, channel, ts))
    if event.get("files") or event.get("attachments"):
        return NonTextSent(kind=_kind_of_file(_first(event, "files")))
    return None


def _hangs_on(event: dict[str, Any], channel: str, ts: str) -> str:
    """The message that this one replies to in a thread, or quotes."""
    thread = _text(event, "thread_ts")
    if thread and thread != ts:
        return thread
    quoted = _first(event, "attachments")
    return _text(quoted, "ts") if _text(quoted, "channel_id") == channel else ""


def _kind_of_file(file: Mapping[str, Any]) -> str:
    kind = _text(file, "mimetype").partition("/")[0]
    if _text(file, "subtype") == "slack_audio" or kind == "audio":
        return "voice"
    return {"image": "picture", "video": "video"}.get(kind, "file")


def _changed(body: dict[str, Any]) -> Found:
    """A message of theirs that reads otherwise; not what Slack changes of itself, such as a preview of a link."""
    event = body["event"]
    new, old = _dict(event, "message"), _dict(event, "previous_message")
    user, channel = _text(new, "user"), _text(event, "channel")
    ts, edited = _text(new, "ts"), _text(new, "edited", "ts")
    untouched = not edited or _text(new, "text") == _text(old, "text")
    if untouched or _of_a_bot(new, body) or _text(new, "subtype") not in _SPOKEN or not (user and channel and ts):
        return NOTHING
    key = f"{channel}:{ts}:{edited}"
    return _found(
        body, key, user, TextEdited(text=typed(_text(new, "text"), _ourselves(body))), chat=channel, message=ts
    )


def _mention(body: dict[str, Any]) -> Found:
    event = body["event"]
    user, channel, ts = _text(event, "user"), _text(event, "channel"), _text(event, "ts")
    if _of_a_bot(event, body) or not (user and channel and ts) or channel.startswith("D"):
        return NOTHING
    return _found(body, f"{channel}:{ts}", user, GroupMention(), chat=channel, message=ts)


def _reaction(body: dict[str, Any]) -> Found:
    event = body["event"]
    user, channel = _text(event, "user"), _text(event, "item", "channel")
    whose = _text(event, "item_user")
    if not channel.startswith("D") or user == _ourselves(body) or (whose and whose != _ourselves(body)):
        return NOTHING
    return _found(body, _event_key(body), user, NonTextSent(kind="reaction"), chat=channel)


def _home(body: dict[str, Any]) -> Found:
    event = body["event"]
    if _text(event, "tab") != "home":
        return NOTHING
    found = _found(body, _event_key(body), _text(event, "user"), HomeOpened(), chat=_text(event, "channel"))
    return replace(found, page=_text(event, "view", "hash"))


def _user(body: dict[str, Any]) -> Found:
    """Somebody's profile changed: what is remembered of it is stale; deactivated, their chat is closed."""
    user = _dict(body["event"], "user")
    name = _text(user, "id")
    if user.get("deleted") is not True or user.get("is_bot") is True:
        return Found(stale=name)
    gone = _found(body, _event_key(body), name, ChatStateChanged(open=False), chat=name)
    return replace(gone, stale=name)


def _revoked(body: dict[str, Any]) -> Found:
    ours = _dict(body["event"], "tokens").get("bot")
    return Found(closing=Closing(bot=workspace(body), reason="tokens_revoked")) if ours else NOTHING


def _uninstalled(body: dict[str, Any]) -> Found:
    return Found(closing=Closing(bot=workspace(body), reason="app_uninstalled"))


Reader = Callable[[dict[str, Any]], Found]

EVENTS: Mapping[str, Reader] = {
    "message": _message,
    "app_mention": _mention,
    "reaction_added": _reaction,
    "app_home_opened": _home,
    "user_change": _user,
    "tokens_revoked": _revoked,
    "app_uninstalled": _uninstalled,
}


# -- commands and interactions ---------------------------------------------------------------------------------------


def _command(body: dict[str, Any]) -> Found:
    command, rest = _text(body, "command"), called(_text(body, "text")).strip()
    verb = COMMANDS.get(command)
    if verb is None:
        return NOTHING
    if not verb:
        verb, _, rest = rest.partition(" ")
    content = CommandSent(verb=verb.lower() or _HELP, rest=rest.strip())
    user, trigger = _text(body, "user_id"), _text(body, "trigger_id")
    key = _digest(user, trigger or json.dumps(body, sort_keys=True))
    return _found(body, key, user, content, trigger=trigger, name=_text(body, "user_name"))


def _action(body: dict[str, Any]) -> Found:
    action, user = _first(body, "actions"), _text(body, "user", "id")
    content = read_action(action)
    if content is None:
        return NOTHING
    message = _text(body, "container", "message_ts") or _text(body, "view", "id")
    key = _digest(user, message, _text(action, "action_id"), _text(action, "action_ts"))
    chat = _text(body, "channel", "id")
    found = _found(
        body,
        key,
        user,
        content,
        chat=chat if chat.startswith("D") else "",
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )
    return replace(found, pressed=_text(body, "container", "message_ts"))


def _submission(body: dict[str, Any]) -> Found:
    view, user = _dict(body, "view"), _text(body, "user", "id")
    token, values = read_form(view)
    state = json.dumps(view.get("state"), sort_keys=True)
    # The hash of a form stays the same while it is corrected: without a trigger, its values tell two sendings apart.
    once = _text(body, "trigger_id") or f"{_text(view, 'hash')}{state}"
    key = _digest(user, _text(view, "id"), once)
    content = FormSubmitted(token=token, values=values)
    return _found(body, key, user, content, trigger=_text(body, "trigger_id"))


_INTERACTIONS: Mapping[str, Reader] = {"block_actions": _action, "view_submission": _submission}


# -- helpers ---------------------------------------------------------------------------------------------------------


def _found(
    body: Mapping[str, Any],
    key: str,
    user: str,
    content: Content,
    *,
    chat: str = "",
    message: str = "",
    trigger: str = "",
    response_url: str = "",
    name: str = "",
) -> Found:
    bot = workspace(body)
    if not (bot and user):
        return NOTHING
    inbound = Inbound(
        written=_written(key.rpartition(":")[2]) if message else None,
        key=f"{PLATFORM}:{bot}:{key}",
        address=Address(platform=PLATFORM, bot=bot, chat=chat, user=user),
        content=content,
        message_id=message,
        trigger=trigger,
        name=name,
    )
    return Found(inbound=inbound, response_url=response_url)


def _written(stamp: str) -> datetime | None:
    """When a message was written, or changed, which its timestamp says."""
    found = _STAMP.fullmatch(stamp)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _of_a_bot(message: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    ours = _ourselves(body)
    return bool(_text(message, "bot_id")) or _text(message, "user") in (ours or _SLACKBOT, _SLACKBOT)


def _ourselves(body: Mapping[str, Any]) -> str:
    """Our own user in the workspace, as the event's envelope names it."""
    return _text(_first(body, "authorizations"), "user_id")


def _event_key(body: Mapping[str, Any]) -> str:
    return _text(body, "event_id") or _digest(json.dumps(body, sort_keys=True))


def _digest(*parts: str) -> str:
    whole = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:40]


def _dict(source: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = source.get(name)
    return found if isinstance(found, dict) else {}


def _first(source: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The first of a list of objects."""
    found = source.get(name)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _text(source: Mapping[str, Any], *path: str) -> str:
    """The text at a path of names, or nothing."""
    for name in path[:-1]:
        source = _dict(source, name)
    found = source.get(path[-1])
    return found if isinstance(found, str) else ""
