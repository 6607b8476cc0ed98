"""Telegram as a messenger: renders, sends, and says exactly what became of it."""

from functools import partial

import httpx
from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError

from bot.messages.outgoing import File
from bot.messages.sending import Fate, NotSent, Parcel, Refused, Sent, Unclear, Unreachable
from handlers.telegram.files import as_caption, recaption, upload
from handlers.telegram.health import Health, State
from handlers.telegram.inbound import PLATFORM, Me
from handlers.telegram.line import DeclinedError, FloodError, Line, redacted
from handlers.telegram.outbound import Rendered, render

TOKEN_RETRY = 60.0  # seconds; a revoked token is mended by an operator
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_GONE = ("chat not found", "user not found", "peer_id_invalid", "user_deactivated")
_AS_IT_WAS = "message is not modified"
_NO_CAPTION = "there is no caption in the message"


class TelegramMessenger:
    """Sends parcels over a line; a message is changed in place where a parcel says so."""

    platform = PLATFORM
    edits = True
    forms = False
    pages = False

    def __init__(self, line: Line, health: Health) -> None:
        self._line = line
        self._health = health
        self.me: Me | None = None

    async def answers(self) -> bool:
        """Whether the Bot API answers at all just now."""
        try:
            await self._line.get_me()
        except Exception:  # whatever the answer had PTB raise
            return False
        self._health.answered()
        return True

    async def send(self, parcel: Parcel) -> Fate:
        """Send one parcel; the id of its last part is its message id."""
        if self.me is None:
            return NotSent(reason="Telegram has not been reached yet", retry_after=1.0, whole=True)
        if parcel.address.bot != self.me.id:
            return Unreachable(reason=f"the chat belongs to another bot, {parcel.address.bot}")
        if not _is_number(parcel.address.chat) or not _is_number(parcel.replaces or "0"):
            return Refused(reason="not a chat or message of Telegram's")
        chat, rendered = int(parcel.address.chat), render(parcel.message)
        if parcel.replaces:
            fate = await self._change(chat, int(parcel.replaces), rendered, filed=parcel.message.file is not None)
        else:
            fate = await self._post(chat, rendered, parcel.file)
        if isinstance(fate, Sent):
            self._health.answered()
        return fate

    async def _post(self, chat: int, rendered: Rendered, file: File | None) -> Fate:
        """Send a file with its caption, or what is said in parts; both where that is too long for a caption."""
        steps = [partial(self._part, chat, part) for part in rendered.parts]
        if file is not None:
            caption = as_caption(rendered)
            uploads = partial(upload, self._line, chat, file, caption or "")
            steps = [uploads, *steps] if caption is None else [uploads]
        message_id = ""
        for number, step in enumerate(steps, 1):
            try:
                message_id = await step(rendered.keyboard if number == len(steps) else None)
            except Exception as error:  # whatever PTB raises, the row has to be told what became of it
                if message_id:
                    return Unclear(reason=f"only the beginning is known to have arrived: {redacted(error)}")
                return self._fate(error)
        return Sent(message_id=message_id)

    async def _part(self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None) -> str:
        sent = await self._line.send_message(chat, text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW)
        return str(sent.message_id)

    async def _change(self, chat: int, message: int, rendered: Rendered, *, filed: bool) -> Fate:
        """Give a message its new look; of a long one the last part, which is the one that had the buttons.

        A file has a caption to change, unless its words were too many and stand in a message of their own.
        """
        try:
            if filed:
                await recaption(self._line, chat, message, rendered)
                return Sent(message_id=str(message))
            await self._line.edit_message_text(
                rendered.parts[-1],
                chat,
                message,
                reply_markup=rendered.keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except Exception as error:
            words = error.message.lower() if isinstance(error, BadRequest) else ""
            if filed and _NO_CAPTION in words:
                return await self._change(chat, message, rendered, filed=False)
            if _AS_IT_WAS in words:
                return Sent(message_id=str(message))
            return self._fate(error)
        return Sent(message_id=str(message))

    def _fate(self, error: Exception) -> Fate:
        if isinstance(error, InvalidToken):
            self._health.turn(State.UNAUTHORISED, "the token was revoked; set TELEGRAM_BOT_TOKEN to the new one")
        fate = fate_of(error)
        if isinstance(fate, Unclear) or isinstance(error.__cause__, _NEVER_LEFT):
            self._health.unanswered(redacted(error))
        return fate


def fate_of(error: Exception) -> Fate:
    """What an error says of a single request.

    PTB raises `NetworkError` for whatever httpx raises, with that as its cause: only the kinds that end before the
    first byte of the request leaves are certain. Anything not known to be one of the others is unclear.
    """
    reason = redacted(error)
    match error:
        case FloodError():
            return NotSent(reason=reason, retry_after=error.seconds)
        case InvalidToken():
            return NotSent(reason="token revoked", retry_after=TOKEN_RETRY, whole=True)
        case Forbidden():
            return Unreachable(reason=reason)
        case BadRequest():
            gone = any(words in error.message.lower() for words in _GONE)
            return Unreachable(reason=reason) if gone else Refused(reason=reason)
        case ChatMigrated() | DeclinedError():
            return Refused(reason=reason)
        case NetworkError() if isinstance(error.__cause__, _NEVER_LEFT):
            return NotSent(reason=reason)
        case NetworkError() if isinstance(error.__cause__, UnicodeError | httpx.InvalidURL):
            return Refused(reason=reason)
        case _:
            return Unclear(reason=reason)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
