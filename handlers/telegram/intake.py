"""Takes updates, however they came: translates, has them received, answers the taps. One chat at a time, in order."""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from weakref import WeakValueDictionary

from telegram.error import TelegramError

from bot.messages.incoming import CommandSent, GroupMention, Inbound, NonTextSent, Receipt, TextEdited, TextSent
from handlers.telegram.inbound import Me, chat_of, inbound, query_of
from handlers.telegram.line import Json, Line, redacted
from handlers.telegram.text import clean, split

TOAST_LIMIT = 200  # characters: core.telegram.org/bots/api#answercallbackquery
_REMEMBERED = 2000  # messages, albums and groups; forgetting one costs a repeated line, no more
_ARRIVING = frozenset({"start", "join"})

Receive = Callable[[Inbound, datetime], Awaitable[Receipt]]
Clock = Callable[[], datetime]
Arrived = Callable[[Inbound], Coroutine[None, None, None]]

_log = logging.getLogger(__name__)


class Intake:
    """Has every update received before it returns; `arrived` is told when somebody may have a new role."""

    def __init__(self, line: Line, me: Me, receive: Receive, clock: Clock, arrived: Arrived | None = None) -> None:
        self._line = line
        self._me = me
        self._receive = receive
        self._clock = clock
        self._arrived = arrived
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # lives while somebody waits
        self._seen: OrderedDict[str, str] = OrderedDict()  # what was answered once, and digests of what was written
        self._answers: set[asyncio.Task[None]] = set()

    async def take(self, update: Json) -> None:
        """Take one update, after those of its chat that came before; raises what `receive` raises: it was not taken.

        An update that cannot be read is logged by its number and dropped: it would never be readable.
        """
        async with self._turns.setdefault(chat_of(update), asyncio.Lock()):
            event = self._translated(update)
            receipt = await self._receive(event, self._clock()) if event else None
            self._remember(update, event)
        query = query_of(update)
        if query:
            self._later(self._answer(query, receipt.toast if receipt else ""))
        if event is not None and self._arrived is not None and _may_arrive(event):
            self._later(self._arrived(event))

    async def close(self, patience: float = 2.0) -> None:
        """Let the answers that are under way go out, for `patience` seconds at most."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=patience)
        for task in tuple(self._answers):
            task.cancel()

    def _translated(self, update: Json) -> Inbound | None:
        try:
            event = inbound(update, self._me)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            _log.warning("telegram: update %s cannot be read (%s)", update.get("update_id"), type(error).__name__)
            return None
        return None if event is None or self._repeats(update, event) else event

    def _repeats(self, update: Json, event: Inbound) -> bool:
        """One line is enough for an album of pictures, and for a group; an edit that changes no word says nothing."""
        if isinstance(event.content, TextEdited):
            return self._seen.get(_message_of(event)) == _digest(event.content.text)
        if isinstance(event.content, NonTextSent | GroupMention):
            return _once(update, event) in self._seen
        return False

    def _remember(self, update: Json, event: Inbound | None) -> None:
        if event is None:
            return
        words = event.content.text if isinstance(event.content, TextSent | TextEdited) else _written(update)
        for mark, held in ((_once(update, event), ""), (_message_of(event), _digest(words))):
            if mark:
                self._seen[mark] = held
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._answers.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._answers.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.warning("telegram: an afterthought of an update failed (%s)", type(error).__name__)

    async def _answer(self, query: str, toast: str) -> None:
        """Stop the button's spinning. That the press is too old to be answered is nobody's fault."""
        try:
            await self._line.answer_callback_query(query, text=split(clean(toast), TOAST_LIMIT)[0] or None)
        except TelegramError as error:
            _log.debug("telegram: a tap was not answered (%s)", redacted(error))


def _once(update: Json, event: Inbound) -> str:
    """What is answered once for all: a group that spoke to us, the pictures of an album behind the first."""
    if isinstance(event.content, GroupMention):
        return event.key
    album = update.get("message", {}).get("media_group_id")
    return f"{event.address.chat}:album:{album}" if album else ""


def _message_of(event: Inbound) -> str:
    return f"{event.address.chat}:message:{event.message_id}" if event.message_id else ""


def _written(update: Json) -> str:
    message = update.get("message") or {}
    return str(message.get("text") or message.get("caption") or "")


def _digest(words: str) -> str:
    """Enough to know the same words again; words themselves are not kept."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _may_arrive(event: Inbound) -> bool:
    """Whether somebody may just have redeemed a code, and so have another role."""
    match event.content:
        case CommandSent(verb=verb):
            return verb in _ARRIVING
        case TextSent(text=text):
            return text.split(maxsplit=1)[0].lower() in _ARRIVING if text.strip() else False
        case _:
            return False
