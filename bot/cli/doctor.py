"""`throughline doctor`: looks at everything a running bot rests on, changes nothing, and says each mend in a line."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import real_clock
from bot.logs import Redactor
from bot.platforms import PLATFORMS, check_platforms
from bot.settings import Settings, SettingsError, read_settings, unknown_settings
from handlers.platform import Check
from storage.conversation import conversations
from storage.database.encryption import KeyRing, key_file, load_keys
from storage.database.migrate import newest_revision, revision_of
from storage.database.open import Database, open_database
from storage.database.urls import database_file, parse_url
from storage.errors import StorageError
from storage.outbox import figures
from storage.people import people

DEADLINE = 10.0  # seconds for one call to a platform
SLOW_CLOCK = 30.0  # seconds that our clock may differ from a platform's
SIGNED_FOR = 300.0  # seconds after which a platform's signatures are too old (Slack)
LITTLE = 500_000_000  # bytes of disk
_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what was found or has to be done."""

    name: str
    well: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.well else 'MEND'}  {self.name:<12} {self.text}"


Clock = Callable[[], datetime]


def run_doctor() -> tuple[list[str], bool]:
    """The findings as lines, and whether all is well."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [str(Finding(name="settings", well=False, text=str(error)))], False
    found = asyncio.run(examine(settings, real_clock))
    return [str(finding) for finding in found], all(finding.well for finding in found)


async def examine(settings: Settings, clock: Clock) -> list[Finding]:
    """Everything, in the order in which it is worth mending; nothing in it is a secret or somebody's words."""
    clean = Redactor(settings.secrets)
    found = [_settings(settings), *(Finding(name="settings", well=False, text=line) for line in unknown_settings())]
    found += await _platforms(settings, clock)
    found += await _storage(settings, clock)
    return [Finding(name=f.name, well=f.well, text=clean.clean(f.text)) for f in found]


def _settings(settings: Settings) -> Finding:
    try:
        check_platforms(settings)
    except SettingsError as error:
        return Finding(name="settings", well=False, text=str(error))
    named = [way.named for platform in PLATFORMS if (way := platform.way(settings)) is not None]
    return Finding(name="settings", well=True, text=", ".join(named))


# -- platforms -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a platform answered: its JSON, and what its clock said."""

    body: dict[str, Any]
    date: datetime | None


async def _platforms(settings: Settings, clock: Clock) -> list[Finding]:
    asked = [_checked(p.name, check, clock) for p in PLATFORMS for check in p.doctor.asked(settings)]
    answers = await asyncio.gather(*asked)
    off = [ahead for _, ahead in answers if ahead is not None]
    return [*(finding for finding, _ in answers), *([_clock(max(off, key=abs))] if off else [])]


def _clock(ahead: float) -> Finding:
    text = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the platform's"
    if abs(ahead) < SLOW_CLOCK:
        return Finding(name="clock", well=True, text=text)
    late = " Slack's signed requests are refused." if abs(ahead) >= SIGNED_FOR else ""
    return Finding(name="clock", well=False, text=f"{text}: let this host keep its time by NTP.{late}")


async def _checked(name: str, check: Check, clock: Clock) -> tuple[Finding, float | None]:
    """What a platform says, and by how many seconds our clock is ahead of its."""
    answer = await _asked(name, check.url, check.token)
    if isinstance(answer, Finding):
        return answer, None
    well, text = check.found(answer.body)
    return Finding(name=name, well=well, text=text), _ahead(answer, clock)


async def _asked(name: str, url: str, token: str) -> Answer | Finding:
    """What a platform answers within the deadline, or why it does not."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with (
            asyncio.timeout(DEADLINE),
            aiohttp.ClientSession(trust_env=True) as session,
            session.post(url, headers=headers) as response,
        ):
            body = await response.json(content_type=None)
            if isinstance(body, dict) and "ok" in body:
                return Answer(body=body, date=_date(response.headers.get("Date", "")))
            why = f"something else answers (status {response.status}): look at this host's proxy and the API's address."
            return Finding(name=name, well=False, text=why)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        # Not the error's text: it may quote the address, and Telegram's holds the token.
        why = f"does not answer ({type(error).__name__}): look at this host's network, proxy and the API's address."
        return Finding(name=name, well=False, text=why)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ahead(answer: Answer, clock: Clock) -> float | None:
    return None if answer.date is None else (clock() - answer.date).total_seconds()


# -- database --------------------------------------------------------------------------------------------------------


async def _storage(settings: Settings, clock: Clock) -> list[Finding]:
    try:
        file = database_file(parse_url(settings.database))
        found = [] if file is None else [_disk(file)]
        if file is not None:
            found += _open_to_others(key_file(file))
        if file is not None and not file.exists():
            if settings.keys_text:  # before the first start wrong ones cost nothing
                KeyRing.from_text(settings.keys_text)
            text = f"{file} is not there yet: `throughline run` makes it."
            return [*found, Finding(name="database", well=True, text=text)]
        if file is not None and not settings.keys_text and not key_file(file).exists():
            lost = f"{file} is there but {key_file(file)} is not: restore it or set ENCRYPTION_KEYS."
            return [*found, Finding(name="key", well=False, text=lost)]
        keys = load_keys(settings.database, settings.keys_text)
        found.append(await asyncio.to_thread(_revision, settings.database))
        return found + (await _inside(settings, keys, clock) if found[-1].well else [])
    except StorageError as error:
        return [Finding(name="database", well=False, text=str(error))]


def _open_to_others(path: Path) -> list[Finding]:
    """The key file, if whoever has an account on this host can read it."""
    if not path.exists() or not path.stat().st_mode & 0o077:
        return []
    return [Finding(name="key file", well=False, text=f"{path} can be read by others on this host: chmod 600 {path}.")]


def _revision(url: str) -> Finding:
    there, known = revision_of(url), newest_revision()
    if there == known:
        return Finding(name="migrations", well=True, text=f"at revision {there}, the newest")
    if there is None:
        return Finding(name="migrations", well=False, text="there are no tables yet: `throughline run` makes them.")
    if known is not None and there > known:
        text = f"revision {there} is newer than this program ({known}): install the version that wrote it."
        return Finding(name="migrations", well=False, text=text)
    text = f"at revision {there}, {known} is due: restart `throughline run`, which applies it."
    return Finding(name="migrations", well=False, text=text)


def _disk(file: Path) -> Finding:
    folder = file.parent if file.parent.is_dir() else Path.cwd()
    free = shutil.disk_usage(folder).free
    wal = Path(f"{file}-wal")
    size = sum(path.stat().st_size for path in (file, wal) if path.exists())
    text = f"{free // _MIB} MiB free beside a database of {size // _MIB} MiB"
    if free < max(LITTLE, 2 * size):  # a vacuum needs the file's size again
        return Finding(name="disk", well=False, text=f"{text}: free some space, or move the database.")
    return Finding(name="disk", well=True, text=text)


async def _inside(settings: Settings, keys: KeyRing, clock: Clock) -> list[Finding]:
    # Opening raises KeyLost when the keys are not the right ones.
    async with open_database(settings.database, keys=keys, connections=1, readers=1) as database:
        found = [Finding(name="database", well=True, text="answers"), Finding(name="key", well=True, text="opens it")]
        return found + await _stored(settings, database, clock) + await _rows(database)


async def _stored(settings: Settings, database: Database, clock: Clock) -> list[Finding]:
    """Whether what the database holds for a platform still works there."""
    found = []
    for platform in PLATFORMS:
        checks = await platform.doctor.stored(settings, database) if platform.doctor.stored else ()
        for check in checks:
            if isinstance(check, str):
                found.append(Finding(name=platform.name, well=True, text=check))
            else:
                found.append((await _checked(platform.name, check, clock))[0])
    return found


async def _rows(database: Database) -> list[Finding]:
    odd = await database.read(figures.odd_counts)
    failed = await database.read(conversations.failed_count)
    held = odd.get("held", 0)
    broken = await database.read(people.unreadable)
    told = ", ".join(f"{count} {state}" for state, count in sorted(odd.items())) or "nothing held, unknown or dead"
    outbox = f"{told}: `throughline outbox list` shows them, `outbox release` sends what is held." if held else told
    return [
        Finding(name="outbox", well=not held, text=outbox),
        Finding(
            name="people",
            well=not broken,
            text=f"{len(broken)} cannot be read, {', '.join(broken[:3])}: restore their rows of table person."
            if broken
            else "all can be read",
        ),
        Finding(
            name="inbox",
            well=not failed,
            text=f"{failed} events failed: `throughline inbox retry` replays them." if failed else "nothing has failed",
        ),
    ]
