"""The composition root: the only place where the parts are wired together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.clock import real_clock
from bot.coaching.rhythm.hours import later
from bot.conversation.receive import Conversation
from bot.delivery.attachments import Filing
from bot.delivery.composed_anew import composed_anew
from bot.delivery.deliver import Delivery
from bot.delivery.home_page import page_of
from bot.delivery.recovery import Step, no_step
from bot.delivery.retry_delays import Tempo
from bot.engine.dialogue.editing import lines_of
from bot.engine.dialogue.load import load_dialogues
from bot.engine.dialogue.tree import Dialogue, every_ask
from bot.engine.library import Functions, Library
from bot.engine.lint import lint
from bot.features import (
    COMMANDS,
    EXPLAINED,
    PLACEHOLDERS,
    Placeholders,
    beside,
    fallback,
    follow_ups,
    registered,
    stands,
)
from bot.gcra import Pace
from bot.messages.sending import Messenger
from bot.model.facts import Script
from bot.observer import SILENT, Observer
from bot.platforms import PACES
from bot.rendering.wording import DIALOGUES, load_wording
from bot.running.watch import CALM
from bot.settings import Settings
from bot.understanding.dates.worker import DateWorker
from schedules.scheduler import Body, bodies
from storage.database.encryption import load_keys
from storage.database.migrate import upgrade
from storage.database.open import Database, open_database

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """The running parts."""

    database: Database
    library: Library
    conversation: Conversation
    delivery: Delivery
    jobs: Mapping[str, Body]


def _same(part: T) -> T:
    return part


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivering:
    """How messages go out: each platform's pace, how long things take, and who is told of each step."""

    paces: Mapping[str, Pace] = field(default_factory=lambda: PACES)
    tempo: Tempo = field(default_factory=Tempo)
    step: Step = no_step


@dataclass(frozen=True, kw_only=True, slots=True)
class Edges:
    """Where a process meets the world: its clock (UTC), its database, its messengers; fault tests hand in others."""

    clock: Callable[[], datetime] = real_clock
    database: Callable[[Database], Database] = _same
    messenger: Callable[[Messenger], Messenger] = _same
    delivering: Delivering = field(default_factory=Delivering)
    patience: float = 120.0  # seconds that the database may be away at the start: as long as a server may recover
    calm: float = CALM


def functions() -> Functions:
    """Every function that a dialogue may name."""
    return Functions(
        predicates=registered("predicates"),
        validators=registered("validators"),
        lists=registered("lists"),
        options=registered("options"),
        outcomes=registered("outcomes"),
        commands=COMMANDS,
        names=Placeholders,
        gaps=frozenset(PLACEHOLDERS),
        later=later,
        fallback=fallback,
        beside=beside,
        follow_ups=follow_ups,
        stands=stands,
        explained=EXPLAINED,
        taken_before=frozenset({"join"}),  # said by somebody whom nobody knows yet
    )


def library(folder: Path = DIALOGUES) -> Library:
    """The dialogues and catalogues below a folder, linted; raises DialogueError or WordingError."""
    dialogues = load_dialogues(folder)
    made = Library(
        dialogues=dialogues,
        wordings=load_wording(folder),
        functions=functions(),
        versions={dialogue.version: dialogue for dialogue in dialogues.values()},
        scripts=_scripts(dialogues),
    )
    lint(made)
    return made


def _scripts(dialogues: Mapping[tuple[str, str], Dialogue]) -> Mapping[str, Mapping[str, Script]]:
    """The dialogues that a coach may word otherwise, by language, in the order of the programme."""
    found: dict[str, dict[str, Script]] = {}
    for language, name in dialogues:
        dialogue = dialogues[language, name]
        lines = tuple((line.key, line.text) for line in lines_of(dialogue)) if not dialogue.locked else ()
        first = next((ask.text for ask in every_ask(dialogue)), "")
        found.setdefault(language, {})[name] = Script(
            title=dialogue.title, lines=lines, first=first, setting=dialogue.locked
        )
    return found


@asynccontextmanager
async def running(
    settings: Settings,
    messengers: Mapping[str, Messenger],
    clock: Callable[[], datetime],
    over: Callable[[Database], Database] = _same,
    observer: Observer = SILENT,
    *,
    delivering: Delivering | None = None,
    made: Library | None = None,
    dates: DateWorker | None = None,
    filing: Filing | None = None,
) -> AsyncIterator[App]:
    """The wired parts over the migrated database; closes what it opened. `made` is a library that was read already."""
    made = made or library()
    keys = load_keys(settings.database, settings.keys_text)
    # A server that does not answer would hold up signals with the loop.
    await asyncio.to_thread(upgrade, settings.database)
    opened = await asyncio.to_thread(partial(open_database, settings.database, keys=keys))
    async with over(opened) as database:
        dates = dates or DateWorker()
        how = delivering or Delivering()
        drawn = partial(page_of, library=made)
        delivery = Delivery(
            database,
            messengers,
            clock,
            drawn,
            filed=(filing or Filing()).filed,
            compose=partial(composed_anew, library=made),
            paces=how.paces,
            tempo=how.tempo,
            step=how.step,
        )
        conversation = Conversation(database, made, dates, delivery.wake, observer)
        spread = timedelta(minutes=settings.prompt_spread_minutes)
        jobs = bodies(database, conversation.receive, delivery, made, spread=spread)
        try:
            yield App(database=database, library=made, conversation=conversation, delivery=delivery, jobs=jobs)
        finally:
            await dates.close()
