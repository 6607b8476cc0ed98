"""Payloads as Slack documents them, in their full shape.

Events: docs.slack.dev/apis/events-api#callback-field and docs.slack.dev/reference/events; commands:
docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling; interactions:
docs.slack.dev/reference/interaction-payloads.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

Json = dict[str, Any]

APP_ID = "A0THREAD01"
_IDS = count(1)


def new_id(letter: str) -> str:
    """An id of Slack's kind, never given before."""
    return f"{letter}0{next(_IDS):09d}"


@dataclass(slots=True)
class Team:
    """A workspace, and our app in it."""

    id: str
    name: str
    token: str
    bot_user: str
    bot_id: str
    scopes: set[str]
    installed: bool = True
    revoked: bool = False
    enterprise: str = ""


@dataclass(slots=True)
class User:
    """Somebody in a workspace."""

    id: str
    team: Team
    name: str
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    deleted: bool = False
    im: str = ""
    tz_offset: int = 3600
    extra: Json = field(default_factory=dict)


def profile(user: User) -> Json:
    """docs.slack.dev/reference/objects/user-object."""
    return {
        "id": user.id,
        "team_id": user.team.id,
        "name": user.name.lower(),
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": "Central European Time",
        "tz_offset": user.tz_offset,
        "profile": {
            "title": "",
            "phone": "",
            "skype": "",
            "real_name": user.name,
            "real_name_normalized": user.name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "ge3b51ca72de",
            "team": user.team.id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 1_700_000_000,
        "who_can_share_contact_card": "EVERYONE",
    }


def event(team: Team, body: Json, *, event_id: str, at: float) -> Json:
    """docs.slack.dev/apis/events-api#callback-field."""
    return {
        "token": "z26uFbvR1xHJEdHE1OQiO6t8",
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "api_app_id": APP_ID,
        "event": body,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": team.enterprise or None,
                "team_id": team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-eyJldCI6Im1lc3NhZ2UifQ-{event_id}",
    }


def rich(text: str) -> list[Json]:
    """The blocks that Slack adds to what a person types."""
    leaf = {"type": "text", "text": text}
    section = {"type": "rich_text_section", "elements": [leaf]}
    return [{"type": "rich_text", "block_id": new_id("b"), "elements": [section]}]


def message(user: User, text: str, ts: str, *, thread: str = "", kind: str = "im") -> Json:
    """docs.slack.dev/reference/events/message.im."""
    made: Json = {
        "user": user.id,
        "type": "message",
        "ts": ts,
        "client_msg_id": f"{abs(hash(ts)):032x}"[:32],
        "text": text,
        "team": user.team.id,
        "blocks": rich(text),
        "channel": user.im,
        "event_ts": ts,
        "channel_type": kind,
    }
    return made | {"thread_ts": thread, "parent_user_id": user.team.bot_user} if thread else made


def file(user: User, kind: str) -> Json:
    """docs.slack.dev/reference/objects/file-object."""
    mimetype, filetype = {
        "voice": ("audio/webm", "webm"),
        "picture": ("image/png", "png"),
        "pdf": ("application/pdf", "pdf"),
    }[kind]
    made: Json = {
        "id": new_id("F"),
        "created": 1_700_000_000,
        "timestamp": 1_700_000_000,
        "name": f"{kind}.{filetype}",
        "title": kind,
        "mimetype": mimetype,
        "filetype": filetype,
        "pretty_type": filetype.upper(),
        "user": user.id,
        "user_team": user.team.id,
        "editable": False,
        "size": 12_345,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": "https://files.slack.com/files-pri/T0-F0/file",
        "url_private_download": "https://files.slack.com/files-pri/T0-F0/download/file",
        "permalink": "https://example.slack.com/files/U0/F0/file",
        "has_rich_preview": False,
        "file_access": "visible",
    }
    return made | {"subtype": "slack_audio", "duration_ms": 4000} if kind == "voice" else made


def changed(channel: str, new: Json, old: Json, *, ts: str) -> Json:
    """docs.slack.dev/reference/events/message/message_changed."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": new,
        "previous_message": old,
        "channel": channel,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": "im",
    }


def deleted(channel: str, old: Json, *, ts: str) -> Json:
    """docs.slack.dev/reference/events/message/message_deleted."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": old,
        "channel": channel,
        "hidden": True,
        "deleted_ts": old["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": "im",
    }


def reaction(user: User, item_ts: str, item_user: str, *, ts: str, emoji: str = "thumbsup") -> Json:
    """docs.slack.dev/reference/events/reaction_added."""
    return {
        "type": "reaction_added",
        "user": user.id,
        "reaction": emoji,
        "item": {"type": "message", "channel": user.im, "ts": item_ts},
        "item_user": item_user,
        "event_ts": ts,
    }


def mention(user: User, channel: str, text: str, ts: str) -> Json:
    """docs.slack.dev/reference/events/app_mention."""
    return {
        "user": user.id,
        "type": "app_mention",
        "ts": ts,
        "client_msg_id": f"{abs(hash(ts)):032x}"[:32],
        "text": text,
        "team": user.team.id,
        "blocks": rich(text),
        "channel": channel,
        "event_ts": ts,
    }


def home_opened(user: User, *, ts: str, tab: str = "home", view: Json | None = None) -> Json:
    """docs.slack.dev/reference/events/app_home_opened; with the view, where one has been published."""
    made: Json = {"type": "app_home_opened", "user": user.id, "channel": user.im, "tab": tab, "event_ts": ts}
    return made | {"view": view} if view else made


def user_change(user: User, *, ts: str) -> Json:
    """docs.slack.dev/reference/events/user_change; with the locale, as changelog/2017-09-locale-locale-locale says."""
    whole = profile(user) | {"locale": user.locale}
    return {"type": "user_change", "user": whole, "cache_ts": 1_700_000_000, "event_ts": ts}


def command(user: User, line: str, *, trigger: str, response_url: str, channel: str) -> dict[str, str]:
    """docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling."""
    name, _, text = line.partition(" ")
    return {
        "token": "z26uFbvR1xHJEdHE1OQiO6t8",
        "team_id": user.team.id,
        "team_domain": user.team.name.lower(),
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "general",
        "user_id": user.id,
        "user_name": user.name.lower(),
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def _interaction(user: User, kind: str, trigger: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name.lower(),
            "name": user.name.lower(),
            "team_id": user.team.id,
        },
        "api_app_id": APP_ID,
        "token": "z26uFbvR1xHJEdHE1OQiO6t8",
        "trigger_id": trigger,
        "team": {"id": user.team.id, "domain": user.team.name.lower()},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(user: User, shown: Json, action: Json, *, trigger: str, response_url: str, channel: str) -> Json:
    """docs.slack.dev/reference/interaction-payloads/block_actions-payload, from a message."""
    return _interaction(user, "block_actions", trigger) | {
        "container": {
            "type": "message",
            "message_ts": shown["ts"],
            "channel_id": channel,
            "is_ephemeral": False,
        },
        "channel": {"id": channel, "name": "directmessage"},
        "message": shown,
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action],
    }


def home_action(user: User, view: Json, action: Json, *, trigger: str) -> Json:
    """docs.slack.dev/reference/interaction-payloads/block_actions-payload, from a Home tab."""
    return _interaction(user, "block_actions", trigger) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def submission(user: User, view: Json, *, trigger: str) -> Json:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    return _interaction(user, "view_submission", trigger) | {"view": view, "response_urls": []}


def closed(user: User, view: Json) -> Json:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    made = _interaction(user, "view_closed", "") | {"view": view, "is_cleared": False}
    del made["trigger_id"]
    return made


def view_of(user: User, given: Json, *, view_id: str, view_hash: str) -> Json:
    """A view as Slack returns it: docs.slack.dev/reference/methods/views.open."""
    return {
        "id": view_id,
        "team_id": user.team.id,
        "type": given["type"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": {}},
        "hash": view_hash,
        "title": given.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": False,
        "notify_on_close": False,
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": None,
        "root_view_id": view_id,
        "app_id": APP_ID,
        "external_id": "",
        "app_installed_team_id": user.team.id,
        "bot_id": user.team.bot_id,
    }
