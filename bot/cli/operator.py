"""What operators do from the command line, beside a running process: short, each on its own connection."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.app import running
from bot.clock import real_clock
from bot.coaching.own_data.export import ALLOWED, as_json, as_text
from bot.coaching.practice.code_lifetimes import LIVES
from bot.messages.incoming import Event
from bot.model.export import Exported
from bot.rendering.wording import load_wording
from bot.settings import SettingsError, read_settings
from bot.time_zones import canonical_zone
from handlers.slack.install.manifest import manifest
from storage import audit
from storage.conversation import conversations
from storage.database.encryption import load_keys
from storage.database.key_rotation import rotate_keys
from storage.database.migrate import upgrade
from storage.database.open import Database, open_database
from storage.erasure import erase_person
from storage.export import everything_of
from storage.outbox import figures
from storage.outbox import rows as outbox
from storage.people import invites
from storage.people.find_person import one_person
from storage.tables.schema import metadata

T = TypeVar("T")


def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    settings = read_settings()
    keys = load_keys(settings.database, settings.keys_text)
    upgrade(settings.database)

    async def opened() -> T:
        async with open_database(settings.database, keys=keys) as database:
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
    expires = real_clock() + LIVES["coach"]
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
    found = _with_database(lambda database: database.read(partial(conversations.failed, kind=Event)))
    lines = [
        f"{item.at:%Y-%m-%d %H:%M:%S}Z  {item.key}  {item.reason}{', is tried again' if item.again else ''}"
        for item in found
    ]
    return lines or ["Nothing has failed."]


def retry_failed() -> str:
    """Replay what failed; what fails again is kept."""

    async def replay() -> str:
        async with running(read_settings(), {}, real_clock) as app:
            before = len(await app.database.read(partial(conversations.failed, kind=Event)))
            done = await app.conversation.retry_failed(real_clock())
            return f"{done} of {before} handled."

    return asyncio.run(replay())


# -- the outbox ------------------------------------------------------------------------------------------------------


def odd_messages() -> list[str]:
    """A line for each message that is held, of unknown fate or dead: number, state, sort, age, why; no content."""
    found = _with_database(lambda database: database.read(figures.odd_rows))
    now = real_clock()
    lines = [
        f"{row.id}  {row.state:<7} {row.platform:<9} {row.kind:<7} due {_age(now - row.due_at)}  {row.reason}".rstrip()
        for row in found
    ]
    return lines or ["Nothing is held, of unknown fate, or dead."]


def _age(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def release_held(numbers: Collection[int] | None) -> str:
    """Let held messages go, those named or all; a running process sends them."""
    wanted = None if numbers is None else frozenset(numbers)
    count = _with_database(lambda database: database.transact(partial(outbox.release, ids=wanted)))
    return f"{count} released." if count or wanted is None else "None of these is held."


# -- people's own data -----------------------------------------------------------------------------------------------


def erase_somebody(who: str) -> list[str]:
    """Erase a person whole; returns a line for each table with the number of rows, and what it cannot reach."""
    former = load_wording()["en"].say("former_coach")

    async def erase(database: Database) -> dict[str, int]:
        person = await database.read(partial(one_person, who=who))
        return await erase_person(database, person, now=real_clock(), actor=audit.OPERATOR, former=former)

    gone = _with_database(erase)
    lines = [f"{table}: {count}" for table, count in gone.items()]
    return [*lines, "Gone. Messages in the chats stay there, and so does what backups hold until they are replaced."]


def export_somebody(who: str, path: Path) -> str:
    """Write everything of a person to a new JSON file, and beside it a text to read, both for their owner's eyes.

    Returns what they hold, in numbers.
    """
    wording = load_wording()["en"]

    async def export(database: Database) -> Exported:
        now = real_clock()
        person = await database.read(partial(one_person, who=who))
        found = await database.read(partial(everything_of, person=person, day=now.date(), wanted=ALLOWED))
        noted = partial(audit.note, at=now, role=audit.OPERATOR, actor=audit.OPERATOR, verb=audit.EXPORTED)
        await database.transact(partial(noted, kind="everything", subject=person))
        return found

    readable = path.with_suffix(".txt")
    if readable == path:
        raise SettingsError(f"{path} is the name of the file to read: name the other one, such as export.json.")
    found = _with_database(export)
    for file, text in ((path, as_json(found)), (readable, as_text(found, wording))):
        _write_new(file, text)
    return ", ".join(f"{name}: {len(rows)}" for name, rows in found.sections.items())


def _write_new(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror}): name a new file in a folder of yours."
        ) from None


def rotate() -> str:
    """Encrypt every sealed column with the newest key."""
    count = _with_database(lambda database: rotate_keys(database, metadata()))
    return f"{count} values encrypted anew."
