"""The composition root: the only place where the parts are wired together."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.coaching import names
from bot.coaching.chat_commands import CHAT_COMMANDS
from bot.coaching.client_commands import CLIENT_COMMANDS
from bot.coaching.coach_commands import COACH_COMMANDS
from bot.coaching.follows import follows
from bot.coaching.items import LISTS
from bot.coaching.later import later
from bot.coaching.outcomes import OUTCOMES
from bot.coaching.predicates import PREDICATES
from bot.coaching.unplaced import unplaced
from bot.coaching.validators import VALIDATORS
from bot.conversation import Conversation
from bot.delivery import Delivery
from bot.engine.library import Functions, Library
from bot.engine.lint import lint
from bot.engine.load import load_dialogues
from bot.messages import Messenger
from bot.page import page_of
from bot.settings import Settings
from bot.understanding.date_worker import DateWorker
from bot.wording import DIALOGUES, load_wording
from schedules.scheduler import Body, bodies
from storage.database import Database, open_database
from storage.encryption import load_keys
from storage.migrate import upgrade


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """The running parts."""

    database: Database
    library: Library
    conversation: Conversation
    delivery: Delivery
    jobs: Mapping[str, Body]


def functions() -> Functions:
    """Every function that a dialogue may name."""
    return Functions(
        predicates=PREDICATES,
        validators=VALIDATORS,
        lists=LISTS,
        options=names.OPTIONS,
        outcomes=OUTCOMES,
        commands={**COACH_COMMANDS, **CLIENT_COMMANDS, **CHAT_COMMANDS},
        names=names.Names,
        gaps=frozenset(names.NAMES),
        later=later,
        unplaced=unplaced,
        follows=follows,
    )


def library(folder: Path = DIALOGUES) -> Library:
    """The dialogues and catalogues below a folder, linted; raises DialogueError or WordingError."""
    dialogues = load_dialogues(folder)
    made = Library(
        dialogues=dialogues,
        wordings=load_wording(folder),
        functions=functions(),
        versions={dialogue.version: dialogue for dialogue in dialogues.values()},
    )
    lint(made)
    return made


@asynccontextmanager
async def running(
    settings: Settings, messengers: Mapping[str, Messenger], clock: Callable[[], datetime]
) -> AsyncIterator[App]:
    """The wired parts over the migrated database; closes what it opened."""
    made = library()
    keys = load_keys(settings.database_url, settings.keys_text)
    upgrade(settings.database_url)
    async with open_database(settings.database_url, keys=keys) as database:
        dates = DateWorker()
        delivery = Delivery(database, messengers, clock, partial(page_of, library=made))
        conversation = Conversation(database, made, dates, delivery.wake)
        jobs = bodies(database, conversation.receive, delivery)
        try:
            yield App(database=database, library=made, conversation=conversation, delivery=delivery, jobs=jobs)
        finally:
            await dates.close()
