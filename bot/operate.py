"""What operators do from the command line, beside a running process: short, each on its own connection."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlmodel import SQLModel

from bot.app import running
from bot.clock import real_clock
from bot.coaching.clock_time import canonical_zone
from bot.messages import Event
from bot.settings import SettingsError, read_settings
from handlers.slack.manifest import manifest
from storage import invites, talks
from storage.database import Database, open_database
from storage.encryption import load_keys
from storage.migrate import upgrade
from storage.rotation import rotate_keys

T = TypeVar("T")
COACH_CODE = timedelta(days=14)


def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    settings = read_settings()
    keys = load_keys(settings.database_url, settings.keys_text)
    upgrade(settings.database_url)

    async def opened() -> T:
        async with open_database(settings.database_url, keys=keys) as database:
            return await work(database)

    return asyncio.run(opened())


def invite_a_coach(*, name: str, zone: str) -> str:
    """Store an invitation for a coach; returns its code. Raises SettingsError for a zone that is not known."""
    home = canonical_zone(zone)
    if home is None:
        raise SettingsError(f"'{zone}' is not a time zone: use an IANA name such as Europe/Berlin.")
    if not name.strip():
        raise SettingsError("The coach's name is empty: pass --name with the name that clients will read.")
    code = invites.new_code()
    expires = real_clock() + COACH_CODE
    unit = partial(
        invites.add_invite, code=code, role="coach", coach=None, name=name.strip(), zone=home, expires_at=expires
    )
    _with_database(lambda database: database.transact(unit))
    return code


def slack_app(*, url: str | None, socket: bool) -> str:
    """The app manifest as JSON."""
    if bool(url) == socket:
        raise SettingsError("Pass --url with this server's address from outside, or --socket for Socket Mode.")
    return json.dumps(manifest(url, socket), indent=2)


def failed_events() -> list[str]:
    """A line for each event that could not be handled; no content."""
    found = _with_database(lambda database: database.read(partial(talks.failed, kind=Event)))
    return [f"{item.at:%Y-%m-%d %H:%M:%S}Z  {item.key}  {item.reason}" for item in found] or ["Nothing has failed."]


def retry_failed() -> str:
    """Replay what failed; what fails again is kept."""

    async def replay() -> str:
        async with running(read_settings(), {}, real_clock) as app:
            before = len(await app.database.read(partial(talks.failed, kind=Event)))
            done = await app.conversation.retry_failed(real_clock())
            return f"{done} of {before} handled."

    return asyncio.run(replay())


def rotate() -> str:
    """Encrypt every sealed column with the newest key."""
    count = _with_database(lambda database: rotate_keys(database, SQLModel.metadata))
    return f"{count} values encrypted anew."
