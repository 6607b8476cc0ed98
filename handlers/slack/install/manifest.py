"""The app manifest: exactly what the code listens to and calls, from the tables that do it.

Source: docs.slack.dev/reference/app-manifest
"""

from collections.abc import Mapping
from typing import Any

from handlers.slack.clients import SCOPES
from handlers.slack.inbound import COMMANDS, EVENTS
from handlers.slack.install.oauth import REDIRECT
from handlers.slack.routes import EVENTS as EVENTS_PATH

# What is subscribed to, for each event that is read, and the scope that it takes.
SUBSCRIBED: Mapping[str, tuple[str, str]] = {
    "message": ("message.im", "im:history"),
    "app_mention": ("app_mention", "app_mentions:read"),
    "reaction_added": ("reaction_added", "reactions:read"),
    "app_home_opened": ("app_home_opened", ""),
    "user_change": ("user_change", "users:read"),
    "tokens_revoked": ("tokens_revoked", ""),
    "app_uninstalled": ("app_uninstalled", ""),
}
_COMMANDS_SCOPE = "commands"
_NAME = "Throughline"
_ABOUT = "Keeps the thread between coaching sessions."
_DESCRIBED: Mapping[str, tuple[str, str]] = {
    "/throughline": ("Everything Throughline can do", "help"),
    "/log": ("Note what you have done", "what you did"),
    "/commit": ("Note something you will do, and by when", "what, by when"),
    "/checkin": ("Check in now", ""),
    "/progress": ("See how your commitments and goals stand", ""),
}


def scopes() -> tuple[str, ...]:
    """The bot's scopes: those of the methods that are called, of the events that are read, and for commands."""
    events = {SUBSCRIBED[event][1] for event in EVENTS}
    return tuple(sorted({*SCOPES.values(), *events, _COMMANDS_SCOPE} - {""}))


def bot_events() -> tuple[str, ...]:
    """The events that are subscribed to."""
    return tuple(sorted(SUBSCRIBED[event][0] for event in EVENTS))


def manifest(url: str | None = None, socket: bool = False) -> dict[str, Any]:
    """The manifest for Slack's "create an app from a manifest"; `url` is where this server is reached from outside.

    Raises ValueError where neither a URL nor Socket Mode says how events are to come.
    """
    if not url and not socket:
        raise ValueError("either a URL or Socket Mode")
    base = (url or "").rstrip("/")
    posted = {} if socket else {"request_url": f"{base}{EVENTS_PATH}"}
    made: dict[str, Any] = {
        "display_information": {"name": _NAME, "description": _ABOUT},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": [_command(name, base, socket) for name in COMMANDS],
        },
        "oauth_config": {"scopes": {"bot": list(scopes())}},
        "settings": {
            "event_subscriptions": {**posted, "bot_events": list(bot_events())},
            "interactivity": {"is_enabled": True, **posted},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
    if not socket:
        made["oauth_config"]["redirect_urls"] = [f"{base}{REDIRECT}"]
    return made


def _command(name: str, base: str, socket: bool) -> dict[str, Any]:
    description, hint = _DESCRIBED[name]
    made: dict[str, Any] = {"command": name, "description": description, "should_escape": False}
    if hint:
        made["usage_hint"] = hint
    return made if socket else made | {"url": f"{base}{EVENTS_PATH}"}
