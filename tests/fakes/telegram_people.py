"""People and groups at the fake Bot API: what they do becomes updates, what the bot sent is what they see."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_rules import Json, RefusalError, entities

if TYPE_CHECKING:
    from tests.fakes.telegram_account import Account

_FILE = {"file_id": "AwACAgIAAxkBAAIB", "file_unique_id": "AgADAgADZ8Qx", "file_size": 20_480}
_PHOTO = {
    "file_id": "AgACAgIAAxkBAAIC",
    "file_unique_id": "AQADAgADZ8Ux",
    "file_size": 1_253,
    "width": 90,
    "height": 67,
}
MEDIA: dict[str, Any] = {  # full shapes: core.telegram.org/bots/api#available-types
    "voice": {"duration": 3, "mime_type": "audio/ogg", **_FILE},
    "video_note": {"duration": 4, "length": 240, "thumbnail": _PHOTO, **_FILE},
    "sticker": {
        "width": 512,
        "height": 512,
        "emoji": "👍",
        "set_name": "Cats",
        "is_animated": False,
        "is_video": False,
        "type": "regular",
        "thumbnail": _PHOTO,
        **_FILE,
    },
    "photo": [_PHOTO, {**_PHOTO, "width": 800, "height": 600}],
    "video": {"duration": 9, "width": 640, "height": 480, "mime_type": "video/mp4", "thumbnail": _PHOTO, **_FILE},
    "audio": {"duration": 200, "performer": "Someone", "title": "Song", "mime_type": "audio/mpeg", **_FILE},
    "document": {"file_name": "plan.pdf", "mime_type": "application/pdf", **_FILE},
    "location": {"latitude": 52.52, "longitude": 13.405},
    "contact": {"phone_number": "+4930123456", "first_name": "Sam", "user_id": 99},
    "dice": {"emoji": "🎲", "value": 4},
}


@dataclass(slots=True)
class Look:
    """How a message of the bot looks at one time."""

    text: str
    entities: list[Json]
    markup: Json | None


@dataclass(slots=True)
class Shown:
    """A message of the bot in somebody's chat, with every look that it had."""

    id: int
    chat: "Person | Group"
    date: int
    preview: Json | None
    looks: list[Look]
    deleted: bool = False
    upload: Any = None
    held: Json = field(default_factory=dict)

    @property
    def look(self) -> Look:
        return self.looks[-1]

    @property
    def text(self) -> str:
        return self.look.text

    @property
    def buttons(self) -> list[list[str]]:
        """The labels that can be pressed now, in rows."""
        return _labels(self.look)

    def data(self, label: str) -> str:
        """What the button with that label sends, in the newest look that has it: an old app may still show it."""
        for look in reversed(self.looks):
            for row in (look.markup or {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return str(button["callback_data"])
        raise AssertionError(f"no button {label!r} among {_labels(self.looks[0])} of {self.text!r}")

    def payload(self) -> Json:
        """core.telegram.org/bots/api#message."""
        sent = {"message_id": self.id, "from": self.chat.api.bot, "chat": self.chat.chat, "date": self.date}
        words = "caption" if self.held else "text"
        found: Json = sent | self.held | ({words: self.text} if self.text or not self.held else {})
        if len(self.looks) > 1:
            found["edit_date"] = int(time.time())
        if self.look.entities:
            found["caption_entities" if self.held else "entities"] = self.look.entities
        if self.look.markup:
            found["reply_markup"] = self.look.markup
        if self.preview:
            found["link_preview_options"] = self.preview
        return found


def _labels(look: Look) -> list[list[str]]:
    return [[button["text"] for button in row] for row in (look.markup or {}).get("inline_keyboard", [])]


@dataclass(slots=True, kw_only=True)
class _Chat:
    api: "Account"
    id: int
    shown: list[Shown] = field(default_factory=list)
    own: dict[int, Json] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def chat(self) -> Json:
        raise NotImplementedError

    def noticed(self) -> None:
        """Something on the screen has changed."""
        self._changed.set()

    @property
    def last(self) -> Shown:
        """The bot's newest message."""
        return self.shown[-1]

    async def sees(self, *words: str, within: float = 5.0) -> Shown:
        """Wait until the bot's newest message says so."""

        def there() -> bool:
            return bool(self.shown) and all(word in self.last.text for word in words)

        await self.until(there, within, lambda: f"{words} not in {[s.text for s in self.shown[-3:]]}")
        return self.last

    async def until(self, true: Callable[[], bool], within: float = 5.0, why: Callable[[], str] = lambda: "") -> None:
        """Wait until something holds that the bot brings about."""
        end = time.monotonic() + within
        while not true():
            self._changed.clear()
            try:
                async with asyncio.timeout(min(0.05, max(end - time.monotonic(), 0))):
                    await self._changed.wait()
            except TimeoutError:
                if time.monotonic() >= end:
                    raise AssertionError(f"it did not happen within {within} s; {why()}") from None

    def _message(self, sender: Json, more: Json, reply_to: "Shown | int | None", quote: str) -> int:
        number = self.api.new_message()
        message: Json = {"message_id": number, "from": sender, "chat": self.chat, "date": int(time.time()), **more}
        if isinstance(reply_to, Shown):
            message["reply_to_message"] = reply_to.payload()
        elif reply_to is not None:
            message["reply_to_message"] = self.own[reply_to]
        if quote:
            message["quote"] = {"text": quote, "position": 0, "is_manual": True}
        self.own[number] = message
        self.api.push("message", message)
        return number


def _textual(text: str) -> Json:
    found = entities(text)
    return {"text": text, "entities": found} if found else {"text": text}


@dataclass(slots=True, kw_only=True)
class Person(_Chat):
    """Somebody and their private chat with the bot; a method is one thing they do."""

    first_name: str
    last_name: str = "Example"
    username: str = "somebody"
    language_code: str = "en"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    @property
    def user(self) -> Json:
        named = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {"id": self.id, "is_bot": False, **named, "language_code": self.language_code}

    @property
    def chat(self) -> Json:
        named = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {"id": self.id, **named, "type": "private"}

    def check_open(self) -> None:
        """Whether the bot may write here."""
        if self.deactivated:
            raise RefusalError(403, "Forbidden: user is deactivated")
        if self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if not self.started:
            raise RefusalError(403, "Forbidden: bot can't initiate conversation with a user")

    def says(self, text: str, *, reply_to: "Shown | int | None" = None, quote: str = "") -> int:
        """Type a text or a command; returns its message id."""
        self.started = True
        return self._message(self.user, _textual(text), reply_to, quote)

    def starts(self, code: str = "") -> int:
        """Press Start, maybe below a deep link: core.telegram.org/bots/features#deep-linking."""
        return self.says(f"/start {code}".strip())

    def sends(self, kind: str, *, caption: str = "", album: str = "") -> int:
        """Send something that is not text."""
        self.started = True
        more: Json = {kind: MEDIA[kind]}
        more |= {"caption": caption} if caption else {}
        more |= {"media_group_id": album} if album else {}
        return self._message(self.user, more, None, "")

    def edits(self, number: int, text: str) -> None:
        """Change a message of theirs."""
        message = {k: v for k, v in self.own[number].items() if k not in ("text", "entities")}
        self.own[number] = message | {"edit_date": int(time.time())} | _textual(text)
        self.api.push("edited_message", self.own[number])

    def reacts(self, shown: Shown, emoji: str = "👍", *, old: str = "") -> None:
        """core.telegram.org/bots/api#messagereactionupdated; without an emoji the old one is taken back."""
        kinds = {name: [{"type": "emoji", "emoji": e}] if e else [] for name, e in (("old", old), ("new", emoji))}
        changed = {"chat": self.chat, "message_id": shown.id, "user": self.user, "date": int(time.time())}
        self.api.push("message_reaction", changed | {"old_reaction": kinds["old"], "new_reaction": kinds["new"]})

    def presses(self, label: str, *, on: Shown | None = None, data: str = "") -> str:
        """Press a button, of the last message that has any unless told; returns the id of the query."""
        shown = on or next(shown for shown in reversed(self.shown) if shown.buttons)
        query = self.api.new_query()
        held = {"id": query, "from": self.user, "message": shown.payload(), "chat_instance": "-3141592653589793"}
        self.api.push("callback_query", held | {"data": data or shown.data(label)})
        return query

    async def toast(self, query: str, within: float = 5.0) -> str:
        """What the press was answered with."""
        await self.until(lambda: query in self.api.toasts, within, lambda: "the press was never answered")
        return self.api.toasts[query]

    def blocks(self) -> None:
        """core.telegram.org/bots/api#chatmemberupdated: the bot is `kicked` from a private chat that was closed."""
        self.blocked = True
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        """The chat is open again."""
        self.blocked = False
        self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> None:
        def member(status: str) -> Json:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": self.api.bot, "status": status, **until}

        changed = {"chat": self.chat, "from": self.user, "date": int(time.time())}
        members = {"old_chat_member": member(old), "new_chat_member": member(new)}
        self.api.push("my_chat_member", changed | members)


@dataclass(slots=True, kw_only=True)
class Group(_Chat):
    """A group that the bot is in."""

    title: str
    kind: str
    migrated_to: int = 0

    @property
    def chat(self) -> Json:
        return {"id": self.id, "title": self.title, "type": self.kind}

    def check_open(self) -> None:
        """core.telegram.org/bots/api#responseparameters."""
        if self.migrated_to:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusalError(400, words, migrate_to_chat_id=self.migrated_to)

    def hears(self, who: Person, text: str, *, reply_to: Shown | None = None) -> int:
        """Somebody writes in the group."""
        return self._message(who.user, _textual(text), reply_to, "")

    def grows_up(self, by: Person) -> "Group":
        """It becomes a supergroup, with another id: core.telegram.org/bots/api#message, migrate_to_chat_id."""
        grown = self.api.group(self.title, "supergroup")
        self.migrated_to = grown.id
        self._message(by.user, {"migrate_to_chat_id": grown.id}, None, "")
        grown._message(by.user, {"migrate_from_chat_id": self.id}, None, "")
        return grown
