"""The manifest says what the code does: no scope, command or event more or less."""

import re
from pathlib import Path

import pytest

import handlers.slack
from handlers.slack.clients import SCOPES
from handlers.slack.inbound import COMMANDS, EVENTS
from handlers.slack.install.manifest import SUBSCRIBED, bot_events, manifest, scopes
from tests.fakes.slack import ALL_SCOPES

SOURCE = "\n".join(path.read_text() for path in Path(handlers.slack.__path__[0]).glob("*.py"))
CALLS = re.compile(r"client\.((?:chat|conversations|users|views|apps|oauth|auth|files)_\w+)\(")


def test_it_lists_exactly_what_is_listened_to() -> None:
    made = manifest("https://coach.example.org/")
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(bot_events())
    assert set(SUBSCRIBED) == set(EVENTS)
    assert {command["command"] for command in made["features"]["slash_commands"]} == set(COMMANDS)
    assert made["oauth_config"]["scopes"]["bot"] == list(scopes())


def test_every_method_that_is_called_stands_in_the_table_of_scopes_and_no_other() -> None:
    called = {name.replace("_", ".", 1) for name in CALLS.findall(SOURCE)}
    camel = {re.sub(r"_(\w)", lambda m: m.group(1).upper(), name) for name in called - {"apps.connections_open"}}
    other = {"apps.connections.open", "oauth.v2.access", "auth.test"}  # with more dots, by the SDK, on no `client`
    assert camel | other == set(SCOPES)


def test_the_scopes_are_those_of_the_calls_the_events_and_the_commands() -> None:
    wanted = {*SCOPES.values(), *(scope for _, scope in SUBSCRIBED.values()), "commands"} - {""}
    assert set(scopes()) == wanted == set(ALL_SCOPES.split())


def test_over_http_everything_is_posted_to_one_address() -> None:
    made = manifest("https://coach.example.org/")
    url = "https://coach.example.org/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert {command["url"] for command in made["features"]["slash_commands"]} == {url}
    assert made["oauth_config"]["redirect_urls"] == ["https://coach.example.org/slack/oauth_redirect"]
    assert made["settings"]["socket_mode_enabled"] is False


def test_over_a_socket_nothing_has_an_address() -> None:
    made = manifest(socket=True)
    assert "http" not in str(made)
    assert made["settings"]["socket_mode_enabled"] is True


def test_its_texts_fit() -> None:
    """docs.slack.dev/reference/app-manifest: name 35, description 140, command description 2,000, hint 1,000."""
    made = manifest(socket=True)
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["bot_user"]["display_name"]) <= 80
    assert all(0 < len(command["description"]) <= 2000 for command in made["features"]["slash_commands"])


def test_it_has_to_know_how_events_come() -> None:
    with pytest.raises(ValueError, match="URL"):
        manifest()
