"""Strangers at a guest's page: more than a form has, or gone half-way, is refused and leaves no error behind."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from bot.cli.links import guests_of
from tests.support.town import Town
from tests.test_sponsor_report import OUTSIDE, WISH, browser, contracted, link


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("&".join(f"f{n}=x" for n in range(17)), 400),
        ("&" * 40, 400),
        ("success=" + "x" * 16_384, 413),
    ],
)
async def test_more_fields_or_bytes_than_a_form_has_are_refused_and_use_nothing_up(
    town: Town, body: str, status: int
) -> None:
    await contracted(town)
    path = await link(town, WISH)
    async with browser(town) as guest:
        assert (await guest.post(path, content=body)).status_code == status
        assert "Thank you" in (await guest.post(path, data={"success": "Now"})).text


async def test_who_hangs_up_half_way_leaves_no_error_and_uses_nothing_up(town: Town) -> None:
    await contracted(town)
    path = await link(town, WISH)
    site = Starlette(routes=guests_of(town.settings.model_copy(update={"public_url": OUTSIDE}), town.app, town.clock))
    arriving: list[Message] = [
        {"type": "http.request", "body": b"success=ha", "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    await site(scope, receive, send)
    assert answered[0]["status"] == 400
    async with browser(town) as guest:
        assert "Thank you" in (await guest.post(path, data={"success": "Now"})).text
