"""The commands that Telegram lists beside the input line: those of the person's role, in their language."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.model.phrases import Phrase, phrase
from bot.model.roles import Who
from bot.rendering.shortening import shortened, units
from bot.rendering.wording import Wording
from handlers.telegram.line import FloodError, Line, redacted
from handlers.telegram.text import clean

Menus = Mapping[Who, Mapping[str, Phrase]]  # by role the verbs in their order, each with what explains it

STRANGER_VERBS = ("start", "help")
_NAME = re.compile(r"[a-z0-9_]{1,32}")  # core.telegram.org/bots/api#botcommand
_DESCRIPTION = 256
_COMMANDS = 100  # core.telegram.org/bots/api#setmycommands
_TRIES = 3
_DEFAULT = "en"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """What somebody is to us, and the language they read."""

    coach: bool = False
    client: bool = False
    language: str = _DEFAULT


def commands(role: Role, wording: Wording, menus: Menus) -> tuple[BotCommand, ...]:
    """The commands of a role, what matters first at the top, each described as `help` does; a coach's word first."""
    coach, client = menus[Who.COACH] if role.coach else {}, menus[Who.CLIENT] if role.client else {}
    shown = {**coach, **{verb: line for verb, line in client.items() if verb not in coach}}
    shown = shown or {verb: phrase(f"help_{verb}") for verb in STRANGER_VERBS}
    named = [verb for verb in shown if _NAME.fullmatch(verb)]
    lines = {verb: shown[verb] for verb in named[:_COMMANDS]}
    return tuple(BotCommand(verb, _description(wording.render(line))) for verb, line in lines.items())


def _description(said: str) -> str:
    """The help line of a verb without the verb itself."""
    line = clean(said)
    _, mark, rest = line.partition(": ")
    return shortened(rest if mark and rest else line, _DESCRIPTION, units)


class Listing:
    """Has Telegram list the commands; a list that cannot be set is logged and does no other harm."""

    def __init__(self, line: Line, wordings: Mapping[str, Wording], menus: Menus) -> None:
        self._menus = menus
        self._line = line
        self._wordings = wordings
        self._listed: dict[str, Role] = {}

    async def list_for_strangers(self) -> None:
        """The list of every private chat that has none of its own, in each language."""
        scope = BotCommandScopeAllPrivateChats()
        for language, wording in self._wordings.items():
            code = None if language == _DEFAULT else language
            await self._set(commands(Role(language=language), wording, self._menus), scope, code)

    async def list_for(self, chat: str, role: Role) -> None:
        """The list of one chat; nothing is sent if it is the one that was set before."""
        wording = self._wordings.get(role.language) or self._wordings.get(_DEFAULT)
        if wording is None or self._listed.get(chat) == role:
            return
        if await self._set(commands(role, wording, self._menus), BotCommandScopeChat(int(chat)), None):
            self._listed[chat] = role

    async def _set(
        self,
        wanted: tuple[BotCommand, ...],
        scope: BotCommandScopeAllPrivateChats | BotCommandScopeChat,
        language: str | None,
    ) -> bool:
        for wait in range(1, _TRIES + 1):
            try:
                await self._line.set_my_commands(wanted, scope=scope, language_code=language)
            except FloodError as flooded:
                await asyncio.sleep(flooded.seconds)
            except Exception as error:
                _log.info("telegram: commands were not listed (%s)", redacted(error))
                await asyncio.sleep(wait)
            else:
                return True
        return False
