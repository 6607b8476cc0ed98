"""Photos and documents out, and new captions for them.

Source: core.telegram.org/bots/api#sendphoto, #senddocument, #editmessagecaption.
"""

from telegram import InlineKeyboardMarkup

from bot.messages.outgoing import File
from bot.rendering.shortening import units
from handlers.telegram.line import Line
from handlers.telegram.outbound import Rendered
from handlers.telegram.text import split

CAPTION = 1024  # UTF-16 units after entities are parsed
PHOTO_SIZE = 10 * 1024 * 1024  # bytes; a heavier picture goes as a document, of 50 MB at most
PHOTO = "image/png"


def as_caption(rendered: Rendered) -> str | None:
    """The text of a message where it fits below a file, else None."""
    fits = len(rendered.parts) == 1 and units(rendered.parts[0]) <= CAPTION
    return rendered.parts[0] if fits else None


async def upload(line: Line, chat: int, file: File, caption: str, keyboard: InlineKeyboardMarkup | None) -> str:
    """Send a picture as a photo, which is seen at once, anything else as a document; returns the message's id."""
    sends = line.send_photo if file.media == PHOTO and len(file.content) <= PHOTO_SIZE else line.send_document
    sent = await sends(chat, file.content, caption=caption or None, filename=file.name, reply_markup=keyboard)
    return str(sent.message_id)


async def recaption(line: Line, chat: int, message: int, rendered: Rendered) -> None:
    """Give a file a new caption, cut where it has become too long for one."""
    caption = split(rendered.parts[-1], CAPTION)[0]
    await line.edit_message_caption(chat, message, caption=caption, reply_markup=rendered.keyboard)
