"""Translation of Telegram's updates into events; decides nothing. Updates are read as they are on the wire.

Shapes: core.telegram.org/bots/api#update.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.messages.incoming import (
    Address,
    ButtonPressed,
    ChatStateChanged,
    CommandSent,
    Content,
    GroupMention,
    Inbound,
    NonTextSent,
    TextEdited,
    TextSent,
)
from handlers.telegram.line import Json

PLATFORM = "telegram"
_LATEST = 253_402_300_799  # seconds, the last that a date can hold
_COMMAND = re.compile(r"/([A-Za-z]\w{0,63})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL | re.ASCII)
# What a message may hold besides text; the first that is there names the sign of life.
_WORDLESS = (
    "voice",
    "video_note",
    "sticker",
    "animation",
    "photo",
    "video",
    "audio",
    "document",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "paid_media",
    "checklist",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Me:
    """The bot's own account: its id, and its username without the @."""

    id: str
    username: str = ""


def inbound(update: Json, me: Me) -> Inbound | None:
    """The event of an update, or None where it holds nothing for us. Raises LookupError or TypeError if malformed."""
    if "message" in update:
        return _message(update, update["message"], me)
    if "edited_message" in update:
        return _edited(update, update["edited_message"], me)
    if "callback_query" in update:
        return _tapped(update, update["callback_query"], me)
    if "message_reaction" in update:
        return _reaction(update, update["message_reaction"], me)
    if "my_chat_member" in update:
        return _membership(update, update["my_chat_member"], me)
    return None


def chat_of(update: Json) -> int:
    """The chat that an update belongs to, whatever it is; 0 if it belongs to none."""
    held = next((held for held in update.values() if isinstance(held, dict)), {})
    try:
        chat = held.get("chat") or (held.get("message") or {}).get("chat") or held.get("from") or {}
        return int(chat.get("id", 0))
    except (TypeError, ValueError, AttributeError):
        return 0


def query_of(update: Json) -> str:
    """The id of the button press that waits for an answer, or nothing."""
    query = update.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, dict) else ""


def called(text: str) -> CommandSent | None:
    """The command that a text calls: `/verb rest`, `/verb@bot rest`; None if it is not one."""
    found = _COMMAND.fullmatch(text.strip())
    return CommandSent(verb=found[1].lower(), rest=(found[3] or "").strip()) if found else None


# -- kinds of update -------------------------------------------------------------------------------------------------


def _message(update: Json, message: Json, me: Me) -> Inbound | None:
    sender = _person(message.get("from"))
    if sender is None:
        return None
    if message["chat"]["type"] != "private":
        return _overheard(message, sender, me) if _addressed(message, me) else None
    content = _content(message, me)
    return None if content is None else _event(update, message["chat"], sender, content, me, message["message_id"])


def _content(message: Json, me: Me) -> Content | None:
    text = message.get("text")
    if text is not None:
        text = _to_us(text, me)
        return called(text) or TextSent(text=text, hangs_on=_hangs_on(message, me))
    if message.get("caption"):
        return TextSent(text=message["caption"], hangs_on=_hangs_on(message, me))
    kind = next((kind for kind in _WORDLESS if kind in message), None)
    return None if kind is None else NonTextSent(kind=kind)


def _to_us(text: str, me: Me) -> str:
    """The text without our own name in front of it, which says to whom and nothing else."""
    rest = re.sub(rf"^\s*@{re.escape(me.username)}\b[\s,:]*", "", text, flags=re.IGNORECASE) if me.username else text
    return rest or text


def _hangs_on(message: Json, me: Me) -> str:
    """The message of ours that this one replies to or quotes, or nothing."""
    replied = message.get("reply_to_message") or {}
    ours = str((replied.get("from") or {}).get("id", "")) == me.id
    return str(replied["message_id"]) if ours else ""


def _edited(update: Json, message: Json, me: Me) -> Inbound | None:
    sender = _person(message.get("from"))
    text = message.get("text") or message.get("caption")
    if sender is None or not text or message["chat"]["type"] != "private":
        return None
    return _event(update, message["chat"], sender, TextEdited(text=text), me, message["message_id"])


def _tapped(update: Json, query: Json, me: Me) -> Inbound | None:
    sender = _person(query["from"])
    chat = (query.get("message") or {}).get("chat") or {}
    if sender is None or chat.get("type") != "private":
        return None
    token, mark, value = str(query.get("data", "")).partition(":")
    content: Content | None = ButtonPressed(token=token, value=value) if token and mark else called(value)
    return None if content is None else _event(update, chat, sender, content, me)


def _reaction(update: Json, reaction: Json, me: Me) -> Inbound | None:
    sender = _person(reaction.get("user"))
    added = [kind for kind in reaction["new_reaction"] if kind not in reaction["old_reaction"]]
    if sender is None or not added or reaction["chat"]["type"] != "private":
        return None
    return _event(update, reaction["chat"], sender, NonTextSent(kind="reaction"), me)


def _membership(update: Json, change: Json, me: Me) -> Inbound | None:
    sender = _person(change["from"])
    if sender is None or change["chat"]["type"] != "private":
        return None
    content = ChatStateChanged(open=change["new_chat_member"]["status"] == "member")
    return _event(update, change["chat"], sender, content, me)


# -- groups ----------------------------------------------------------------------------------------------------------


def _addressed(message: Json, me: Me) -> bool:
    """Whether somebody in a group speaks to us: by a command, by our name, or by a reply."""
    if message["chat"]["type"] not in ("group", "supergroup"):
        return False
    text = str(message.get("text") or message.get("caption") or "")
    command = _COMMAND.fullmatch(text.strip())
    if command is not None:
        return (command[2] or me.username).lower() == me.username.lower()
    named = me.username and re.search(rf"@{re.escape(me.username)}\b", text, re.IGNORECASE)
    return bool(named or _hangs_on(message, me))


def _overheard(message: Json, sender: Json, me: Me) -> Inbound:
    """One event for each group, ever: its key holds the group in place of the update."""
    chat = str(message["chat"]["id"])
    address = Address(platform=PLATFORM, bot=me.id, chat=chat, user=str(sender["id"]))
    language = str(sender.get("language_code", ""))
    return Inbound(key=f"{PLATFORM}:{me.id}:group:{chat}", address=address, content=GroupMention(), language=language)


# -- parts -----------------------------------------------------------------------------------------------------------


def _person(sender: Json | None) -> Json | None:
    """Whoever sent it, unless that is a bot (ourselves among them) or nobody."""
    return None if not sender or sender.get("is_bot") else sender


def _event(
    update: Json, chat: Json, sender: Json, content: Content, me: Me, message_id: int | str = ""
) -> Inbound | None:
    """An event of a private chat; None for one that claims to come from somebody else than whose chat it is."""
    if str(chat["id"]) != str(sender["id"]):
        return None
    return Inbound(
        key=f"{PLATFORM}:{me.id}:{update['update_id']}",
        address=Address(platform=PLATFORM, bot=me.id, chat=str(chat["id"]), user=str(sender["id"])),
        content=content,
        message_id=str(message_id),
        name=str(sender.get("first_name", "")),
        language=str(sender.get("language_code", "")),
        written=_written(update),
    )


def _written(update: Json) -> datetime | None:
    """When a message was written, or changed last, by Telegram's clock."""
    message = update.get("message") or update.get("edited_message") or {}
    at = message.get("edit_date") or message.get("date")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < _LATEST else None
