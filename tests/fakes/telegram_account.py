"""One bot account at the fake Bot API: its chats, its queue of updates, and the methods that it can call."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from tests.fakes.telegram_files import caption_of, held_in
from tests.fakes.telegram_people import Group, Look, Person, Shown
from tests.fakes.telegram_rules import (
    DEFAULT_KINDS,
    POLL_LIMIT,
    Json,
    Pacing,
    RefusalError,
    bad,
    boolean,
    commands,
    decoded,
    integer,
    keyboard,
    kinds_allowed,
    scope,
    text_of,
)

_BIG = 2**52  # "at most 52 significant bits": core.telegram.org/bots/api#chat
_OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
_AS_IT_WAS = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@dataclass(slots=True)
class Hook:
    """A webhook as it was set."""

    url: str
    secret: str
    connections: int
    error: str = ""
    error_at: int = 0


@dataclass(slots=True)
class Account:
    """The state of an account, and what the methods do to it."""

    bot_id: int = 5550001
    username: str = "throughline_test_bot"
    burst: float = 40
    limits: bool = True
    query_life: float = 15.0
    updates: list[Json] = field(default_factory=list)
    confirmed: list[Json] = field(default_factory=list)
    unruly: Random | None = None
    chats: dict[int, Person | Group] = field(default_factory=dict)
    toasts: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, int, str], list[Json]] = field(default_factory=dict)
    hook: Hook | None = None
    allowed: tuple[str, ...] = DEFAULT_KINDS
    _queries: dict[str, float] = field(default_factory=dict)
    next_update: int = 900_000_001
    _next_message: int = 100
    _pushed: asyncio.Event = field(default_factory=asyncio.Event)
    _copies: list[Json] = field(default_factory=list)
    _poll: object = None
    _pacing: Pacing = field(init=False)

    def __post_init__(self) -> None:
        self._pacing = Pacing(self.burst, strict=self.limits)

    def person(self, name: str = "Ana", **more: Any) -> Person:
        """Somebody with an account, who has not written to the bot yet."""
        made = Person(api=self, id=7_000_001 + len(self.chats), first_name=name, **more)
        self.chats[made.id] = made
        return made

    def group(self, title: str = "Team", kind: str = "supergroup") -> Group:
        """A group that the bot is in."""
        made = Group(api=self, id=-1_001_000_000_001 - len(self.chats), title=title, kind=kind)
        self.chats[made.id] = made
        return made

    def push(self, kind: str, payload: Json) -> int:
        """Queue an update if its kind is allowed; returns its id, or 0."""
        if kind not in self.allowed:
            return 0
        number, self.next_update = self.next_update, self.next_update + 1
        self.updates.append({"update_id": number, kind: payload})
        self._pushed.set()
        if self.unruly:
            asyncio.get_running_loop().call_later(self.unruly.uniform(0, 0.5), self._copy, self.updates[-1])
        return number

    def _copy(self, update: Json) -> None:
        """The same update once more, confirmed or not."""
        self._copies.append(update)
        self._pushed.set()

    def new_message(self) -> int:
        self._next_message += 1
        return self._next_message

    def new_query(self) -> str:
        query = str(4_382_000_000_000_000_000 + len(self._queries))
        self._queries[query] = time.monotonic()
        return query

    @property
    def bot(self) -> Json:
        """core.telegram.org/bots/api#user."""
        return {"id": self.bot_id, "is_bot": True, "first_name": "Throughline", "username": self.username}

    def _methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
            "sendmessage": self._send_message,
            "sendphoto": partial(self._send_file, "photo"),
            "senddocument": partial(self._send_file, "document"),
            "editmessagetext": self._edit_message_text,
            "editmessagecaption": self._edit_message_caption,
            "editmessagereplymarkup": self._edit_message_reply_markup,
            "answercallbackquery": self._answer_callback_query,
            "setmycommands": self._set_my_commands,
            "getmycommands": self._get_my_commands,
            "sendchataction": self._send_chat_action,
        }

    # -- methods: receiving ------------------------------------------------------------------------------------------

    def _get_me(self, given: Json) -> Json:
        """core.telegram.org/bots/api#getme."""
        can = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return self.bot | can | {"can_connect_to_business": False, "has_main_web_app": False}

    async def _get_updates(self, given: Json) -> list[Json]:
        """core.telegram.org/bots/api#getupdates."""
        offset = integer(given, "offset", -_BIG, _BIG, 0)
        limit = integer(given, "limit", 1, 100, 100)
        wait = min(integer(given, "timeout", 0, 10_000, 0), POLL_LIMIT)
        self.allowed = kinds_allowed(given, self.allowed)
        if self.hook:
            raise RefusalError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
                " first",
            )
        mine = self._poll = object()
        self._pushed.set()  # ends the poll that waits
        await asyncio.sleep(0)
        kept = self.updates[offset:] if offset < 0 else [u for u in self.updates if u["update_id"] >= offset]
        self.confirmed += [update for update in self.updates if update not in kept]
        self.updates = kept
        end = time.monotonic() + wait
        while not (self.updates or self._copies) and (left := end - time.monotonic()) > 0:
            self._pushed.clear()
            try:
                async with asyncio.timeout(left):
                    await self._pushed.wait()
            except TimeoutError:
                break
            if self._poll is not mine:
                by = "setWebhook request" if self.hook else "other getUpdates request"
                more = "" if self.hook else "; make sure that only one bot instance is running"
                raise RefusalError(409, f"Conflict: terminated by {by}{more}")
        return self._in_some_order(self.updates[:limit])

    def _in_some_order(self, updates: list[Json]) -> list[Json]:
        """In order; but in an unruly world with copies among them, and in any."""
        if self.unruly is None:
            return updates
        found, self._copies = [*updates, *self._copies], []
        self.unruly.shuffle(found)
        return found

    def _set_webhook(self, given: Json) -> bool:
        """core.telegram.org/bots/api#setwebhook; plain HTTP is taken, as by a self-hosted server in local mode."""
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        if not url:
            return self._delete_webhook(given)
        if not url.startswith(("https://", "http://")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
            raise bad("secret token contains unallowed characters")
        connections = integer(given, "max_connections", 1, 100, 40)
        self.allowed = kinds_allowed(given, self.allowed)
        if boolean(given, "drop_pending_updates"):
            self.updates.clear()
        self.hook, self._poll = Hook(url=url, secret=secret, connections=connections), None
        self._pushed.set()
        return True

    def _delete_webhook(self, given: Json) -> bool:
        """core.telegram.org/bots/api#deletewebhook."""
        if boolean(given, "drop_pending_updates"):
            self.updates.clear()
        self.hook = None
        return True

    def _get_webhook_info(self, given: Json) -> Json:
        """core.telegram.org/bots/api#webhookinfo."""
        hook = self.hook
        info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self.updates)
        if hook:
            info |= {"max_connections": hook.connections, "allowed_updates": list(self.allowed)}
        if hook and hook.error:
            info |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
        return info

    # -- methods: sending --------------------------------------------------------------------------------------------

    def _chat(self, given: Json) -> Person | Group:
        if not given.get("chat_id"):
            raise bad("chat_id is empty")
        chat = self.chats.get(integer(given, "chat_id", -_BIG, _BIG))
        if chat is None:
            raise bad("chat not found")
        chat.check_open()
        return chat

    def _send_message(self, given: Json) -> Json:
        """core.telegram.org/bots/api#sendmessage."""
        chat = self._chat(given)
        text, entities = text_of(given, "message is too long")
        look = Look(text=text, entities=entities, markup=keyboard(given))
        boolean(given, "disable_notification")
        preview = decoded(given, "link_preview_options", dict, "link preview options")
        self._pacing.check(chat.id, time.monotonic())
        shown = Shown(id=self.new_message(), chat=chat, date=int(time.time()), preview=preview, looks=[look])
        chat.shown.append(shown)
        chat.noticed()
        return shown.payload()

    def _send_file(self, kind: str, given: Json) -> Json:
        """core.telegram.org/bots/api#sendphoto, #senddocument."""
        chat = self._chat(given)
        upload, held = held_in(given, kind)
        text, entities = caption_of(given)
        look = Look(text=text, entities=entities, markup=keyboard(given))
        boolean(given, "disable_notification")
        self._pacing.check(chat.id, time.monotonic())
        shown = Shown(id=self.new_message(), chat=chat, date=int(time.time()), preview=None, looks=[look])
        shown.upload, shown.held = upload, {kind: held}
        chat.shown.append(shown)
        chat.noticed()
        return shown.payload()

    def _shown(self, given: Json) -> Shown:
        chat = self._chat(given)
        number = integer(given, "message_id", 0, _BIG, 0)
        if not number:
            raise bad("message identifier is not specified")
        found = next((shown for shown in chat.shown if shown.id == number and not shown.deleted), None)
        if found is None:
            mine = number in getattr(chat, "own", {})
            raise bad("message can't be edited" if mine else "message to edit not found")
        return found

    def _edit_message_text(self, given: Json) -> Json:
        """core.telegram.org/bots/api#editmessagetext; without reply_markup the keyboard goes."""
        shown = self._shown(given)
        if shown.held:
            raise bad("there is no text in the message to edit")
        text, entities = text_of(given, "MESSAGE_TOO_LONG")
        return self._relook(shown, Look(text=text, entities=entities, markup=keyboard(given)))

    def _edit_message_caption(self, given: Json) -> Json:
        """core.telegram.org/bots/api#editmessagecaption; without reply_markup the keyboard goes."""
        shown = self._shown(given)
        if not shown.held:
            raise bad("there is no caption in the message to edit")
        text, entities = caption_of(given)
        return self._relook(shown, Look(text=text, entities=entities, markup=keyboard(given)))

    def _edit_message_reply_markup(self, given: Json) -> Json:
        """core.telegram.org/bots/api#editmessagereplymarkup."""
        shown = self._shown(given)
        return self._relook(shown, Look(text=shown.text, entities=shown.look.entities, markup=keyboard(given)))

    def _relook(self, shown: Shown, look: Look) -> Json:
        if look == shown.look:
            raise bad(_AS_IT_WAS)
        self._pacing.check(shown.chat.id, time.monotonic())
        shown.looks.append(look)
        shown.chat.noticed()
        return shown.payload()

    def _answer_callback_query(self, given: Json) -> bool:
        """core.telegram.org/bots/api#answercallbackquery."""
        query = str(given.get("callback_query_id", ""))
        if len(str(given.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        asked = self._queries.get(query)
        if asked is None or query in self.toasts or time.monotonic() - asked > self.query_life:
            raise bad(_OLD_QUERY)
        self.toasts[query] = str(given.get("text", ""))
        for chat in self.chats.values():
            chat.noticed()
        return True

    def _send_chat_action(self, given: Json) -> bool:
        """core.telegram.org/bots/api#sendchataction."""
        self._chat(given)
        if given.get("action") not in ("typing", "upload_photo", "upload_document", "record_voice", "choose_sticker"):
            raise bad("wrong parameter action in request")
        return True

    def _set_my_commands(self, given: Json) -> bool:
        """core.telegram.org/bots/api#setmycommands."""
        key, wanted = scope(given), commands(given)
        if key[0].startswith("chat") and key[1] not in self.chats:
            raise bad("chat not found")
        self.commands[key] = wanted
        return True

    def _get_my_commands(self, given: Json) -> list[Json]:
        """core.telegram.org/bots/api#getmycommands."""
        return self.commands.get(scope(given), [])
