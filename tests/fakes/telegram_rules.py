"""What the Bot API accepts and what it says otherwise: parameters, entities, keyboards, pacing.

The rules are those of core.telegram.org/bots/api (the anchor stands at each). That page leaves the wording of errors
open; it is the one of the public server's own source, github.com/tdlib/telegram-bot-api, telegram-bot-api/Client.cpp
(`fail_query_with_error`: not modified, blocked, deactivated, query too old, markup too long, retry after) and, for the
rest, as its users report it: github.com/eternnoir/pyTelegramBotAPI/issues/763 (not modified),
github.com/irazasyed/telegram-bot-sdk/issues/801 and github.com/m1guelpf/chatgpt-telegram/issues/40 (both kinds of 409).
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TEXT_LIMIT = 4096  # "1-4096 characters after entities parsing": core.telegram.org/bots/api#sendmessage
DATA_LIMIT = 64  # "1-64 bytes": core.telegram.org/bots/api#inlinekeyboardbutton
BUTTONS, ROW = 100, 8  # observed
POLL_LIMIT = 50  # seconds that a long poll lasts at most; observed
UPDATE_KINDS = (  # core.telegram.org/bots/api#update
    *("message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query"),
    *("message_reaction", "message_reaction_count", "my_chat_member", "chat_member", "chat_join_request", "poll"),
)
# "all update types except chat_member, message_reaction, and message_reaction_count (default)": #getupdates
DEFAULT_KINDS = tuple(k for k in UPDATE_KINDS if k not in ("chat_member", "message_reaction", "message_reaction_count"))

Json = dict[str, Any]


class RefusalError(Exception):
    """The API says no."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def answer(self) -> web.Response:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters  # core.telegram.org/bots/api#responseparameters
        return web.json_response(body, status=self.code)


def bad(words: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: {words}")


# -- parameters ------------------------------------------------------------------------------------------------------


async def parameters_of(request: web.Request) -> Json:
    """Query string, form, multipart or JSON: core.telegram.org/bots/api#making-requests."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        found |= dict(await request.post())
    return found


def integer(given: Json, name: str, low: int, high: int, default: int | None = None) -> int:
    value = given.get(name, default)
    if value is None:
        raise bad(f"parameter {name} is required")
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)) or not low <= int(value) <= high:
        raise bad(f"parameter {name} must be an integer from {low} to {high}")
    return int(value)


def boolean(given: Json, name: str) -> bool:
    value = str(given.get(name, "false")).lower()
    if value not in ("true", "false", "1", "0"):
        raise bad(f"parameter {name} must be a Boolean")
    return value in ("true", "1")


def decoded(given: Json, name: str, kind: type, words: str) -> Any:
    """A JSON-serialised parameter, or None when it is not there."""
    value = given.get(name)
    if value is None or value == "":
        return None
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise bad(f"can't parse {words} JSON object") from None
    if not isinstance(found, kind):
        raise bad(f"{'object' if kind is dict else 'array'} expected as {words}")
    return found


def kinds_allowed(given: Json, before: tuple[str, ...]) -> tuple[str, ...]:
    """ "If not specified, the previous setting will be used": core.telegram.org/bots/api#getupdates."""
    wanted = decoded(given, "allowed_updates", list, "allowed updates")
    if wanted is None:
        return before
    return tuple(kind for kind in wanted if kind in UPDATE_KINDS) or DEFAULT_KINDS


# -- text ------------------------------------------------------------------------------------------------------------


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def text_of(given: Json, too_long: str, limit: int = TEXT_LIMIT) -> tuple[str, list[Json]]:
    """The text and its entities; blanks at the edges are trimmed, control characters blanked."""
    raw = str(given.get("text", ""))
    mode = str(given.get("parse_mode", "")).lower()
    if mode not in ("", "html", "markdownv2", "markdown"):
        raise bad("unsupported parse_mode")
    text = raw if not mode else html(raw) if mode == "html" else markdown(raw)
    text = re.sub(r"[\x00-\x08\x0b-\x1f]", " ", text).strip()
    if not re.sub(r"[\s\u200b-\u200f\u2060\ufeff]", "", text):
        raise bad("message text is empty")
    if utf16(text) > limit:
        raise bad(too_long)
    return text, entities(text)


_ENTITIES = (  # core.telegram.org/bots/api#messageentity
    ("bot_command", r"(?<![\w/<>@])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?![\w/])"),
    ("mention", r"(?<![\w`@])@[A-Za-z0-9_]{3,32}"),
    ("url", r"\bhttps?://[^\s<>]+"),
    ("email", r"\b[\w.+-]+@[\w-]+\.\w{2,}"),
    ("hashtag", r"(?<!\w)#\w*[^\W\d]\w*"),
)


def entities(text: str) -> list[Json]:
    """What Telegram finds by itself; offsets and lengths in UTF-16 units."""
    found = [
        {"offset": utf16(text[: m.start()]), "length": utf16(m.group()), "type": kind}
        for kind, pattern in _ENTITIES
        for m in re.finditer(pattern, text)
    ]
    return sorted(found, key=lambda entity: entity["offset"])


_TAGS = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "tg-spoiler",
    "span",
    "tg-emoji",
    "blockquote",
]


def html(raw: str) -> str:
    """core.telegram.org/bots/api#html-style; byte offsets as the server gives them."""
    out: list[str] = []
    open_tags: list[str] = []
    at = 0
    while at < len(raw):
        if raw[at] != "<":
            out.append(raw[at])
            at += 1
            continue
        where = f"at byte offset {len(raw[:at].encode())}"
        found = re.match(r"<(/?)([^\s>]*)", raw[at:])
        end = raw.find(">", at)
        assert found is not None
        (_, tag), closes = found.groups(), bool(found[1])
        _check_tag(tag.lower(), closes, at + found.end() == len(raw), end < 0, open_tags, where)
        at = end + 1
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    named = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
    return re.sub(r"&(lt|gt|amp|quot);", lambda m: named[m[1]], "".join(out))


def _check_tag(tag: str, closes: bool, cut: bool, endless: bool, open_tags: list[str], where: str) -> None:
    """Take one tag, or say what is wrong with it in the server's words."""
    wrong = ""
    if closes:
        if not open_tags:
            wrong = f"Unexpected end tag {where}"
        elif endless:
            wrong = f"Unclosed end tag {where}"
        elif tag not in ("", open_tags[-1]):
            wrong = f'Unmatched end tag {where}, expected "</{open_tags[-1]}>", found "</{tag}>"'
        else:
            open_tags.pop()
    elif cut:
        wrong = f"Unclosed start tag {where}"
    elif tag not in _TAGS:
        wrong = f'Unsupported start tag "{tag}" {where}'
    elif endless:
        wrong = f'Unclosed start tag "{tag}" {where}'
    else:
        open_tags.append(tag)
    if wrong:
        raise bad(f"can't parse entities: {wrong}")


_MARKS = {"*": "Bold", "_": "Italic", "~": "Strikethrough", "`": "Code"}


def markdown(raw: str) -> str:
    """core.telegram.org/bots/api#markdownv2-style, its simple marks."""
    out: list[str] = []
    opened: dict[str, int] = {}
    at = 0
    while at < len(raw):
        sign = raw[at]
        if sign == "\\" and at + 1 < len(raw):
            out.append(raw[at + 1])
            at += 2
            continue
        if sign in _MARKS:
            if sign in opened:
                del opened[sign]
            else:
                opened[sign] = len(raw[:at].encode())
        elif sign in "[]()>#+-=|{}.!":
            raise bad(
                f"can't parse entities: Character '{sign}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            out.append(sign)
        at += 1
    if opened:
        sign, start = next(iter(opened.items()))
        raise bad(f"can't parse entities: Can't find end of {_MARKS[sign]} entity at byte offset {start}")
    return "".join(out)


# -- keyboards -------------------------------------------------------------------------------------------------------

_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def keyboard(given: Json) -> Json | None:
    """An inline keyboard, or None: core.telegram.org/bots/api#inlinekeyboardmarkup."""
    markup = decoded(given, "reply_markup", dict, "reply markup")
    if markup is None:
        return None
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse inline keyboard: Array of Array of Object expected")
    for row in rows:
        if len(row) > ROW:
            raise bad("too many buttons in a row of the inline keyboard")
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > BUTTONS:
        raise bad("reply markup is too long")
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    # Empty data or an empty address is none at all to the server; an empty inline query is one.
    empty = [name for name in ("callback_data", "url") if button.get(name) == ""]
    actions = [action for action in _ACTIONS if action in button and action not in empty]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1 or not button["text"].strip():
        raise bad("BUTTON_INVALID")
    data = button.get("callback_data")
    if data is not None and (not isinstance(data, str) or not 1 <= len(data.encode()) <= DATA_LIMIT):
        raise bad("BUTTON_DATA_INVALID")


# -- commands --------------------------------------------------------------------------------------------------------


def commands(given: Json) -> list[Json]:
    """core.telegram.org/bots/api#setmycommands and #botcommand."""
    found = decoded(given, "commands", list, "bot commands")
    if found is None:
        raise bad("can't parse commands")
    if len(found) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in found:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return [{"command": c["command"], "description": c["description"]} for c in found]


_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_member")


def scope(given: Json) -> tuple[str, int, str]:
    """The key under which commands are kept: scope, chat and language."""
    wanted = decoded(given, "scope", dict, "BotCommandScope") or {"type": "default"}
    language = str(given.get("language_code", ""))
    if wanted.get("type") not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad("invalid language code specified")
    return wanted["type"], int(wanted.get("chat_id", 0)), language


# -- pacing ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Bucket:
    """So many at once, refilled at a rate a second."""

    size: float
    rate: float
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.size

    def take(self, now: float) -> int:
        """0 and one is taken, or the whole seconds to wait."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return max(1, math.ceil((1 - self.level) / self.rate))
        self.level -= 1
        return 0


class Pacing:
    """30 a second for a bot, one a second for a chat with short bursts, 20 a minute in a group.

    core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. Not `strict`, it lets everything through.
    """

    def __init__(self, burst: float, *, strict: bool) -> None:
        self._bot = Bucket(30, 30)
        self._burst = burst
        self._strict = strict
        self._chats: dict[int, Bucket] = {}

    def check(self, chat: int, now: float) -> None:
        if not self._strict:
            return
        fresh = Bucket(20, 20 / 60) if chat < 0 else Bucket(self._burst, 1)
        for bucket in (self._chats.setdefault(chat, fresh), self._bot):
            wait = bucket.take(now)
            if wait:
                raise RefusalError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
