"""Signed requests of shapes that Slack does not send: a 4xx, never an error; and what Slack says of the app itself."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fakes.slack_house import house
from tests.test_slack_http import message_to, post

VALUES: tuple[Any, ...] = (None, 7, "x", [], [1], {}, [{}])
NAMES = ("type", "event", "payload", "command", "ssl_check", "token", "team_id", "challenge", "authorizations", "user")
KINDS = ("event_callback", "block_actions", "view_submission", "view_closed", "shortcut", "url_verification", "other")
INNER = ("event", "user", "team", "actions", "view", "channel", "container", "authorizations", "enterprise")


def shapes() -> list[Any]:
    """Values that are no object, objects with odd fields, and payloads of every kind with each part odd in turn."""
    found: list[Any] = [*VALUES, *({name: value} for name in NAMES for value in VALUES)]
    found += [{"type": kind, name: value} for kind in KINDS for name in INNER for value in VALUES]
    found += [
        {"type": "event_callback", "event": {"type": kind, name: value}}
        for kind in ("message", "app_mention", "reaction_added", "app_home_opened", "user_change", "tokens_revoked")
        for name in ("user", "channel", "ts", "tokens", "item", "message", "files", "attachments")
        for value in VALUES
    ]
    return found


@pytest.mark.parametrize("how", ["json", "payload", "form"])
async def test_signed_json_of_any_shape_is_no_error(how: str, caplog: pytest.LogCaptureFixture) -> None:
    async with house("http") as home:
        wrong = []
        for shape in shapes():
            raw, kind = json.dumps(shape), "application/json"
            if how != "json":
                given = {"payload": raw} if how == "payload" else shape if isinstance(shape, dict) else {"x": raw}
                raw, kind = urlencode(given), "application/x-www-form-urlencoded"
            status = await post(home, raw, {**home.fake.mail.signed(raw), "Content-Type": kind})
            if not (status == 200 and isinstance(shape, dict)) and not 400 <= status < 500:
                wrong.append((status, raw))
        assert wrong == [], (len(wrong), wrong[:9])
        assert home.ears.heard == []
    assert "Traceback" not in caplog.text


async def test_that_slack_holds_events_back_is_acknowledged_and_said_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with house("http") as home:
        body = {"type": "app_rate_limited", "token": "x", "team_id": "T1", "minute_rate_limited": 1, "api_app_id": "A1"}
        raw = json.dumps(body)
        assert await post(home, raw, home.fake.mail.signed(raw)) == 200
        assert "Slack holds events back" in caplog.text


async def test_what_cannot_be_stored_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    async with house("http") as home:
        home.ears.fails = 1
        raw = message_to(home)
        assert [await post(home, raw, home.fake.mail.signed(raw)) for _ in range(2)] == [500, 200]
        assert "will come again" in caplog.text
