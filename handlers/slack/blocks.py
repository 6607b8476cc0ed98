"""Rendering: our messages as Block Kit, by a table of what an answer is tapped on; and taps read back.

Nothing is mrkdwn: every text is a plain_text object, or the literal text of a rich_text block where it holds a link,
so that no text can mention, link or format. Limits: docs.slack.dev/reference/block-kit/blocks and the pages below it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages.incoming import ButtonPressed, CommandSent
from bot.messages.outgoing import Choice, Message
from bot.rendering.shortening import units
from handlers.slack.text import clipped, cut, escaped, pieces

Block = dict[str, Any]

SECTION = 2_900  # of the 3,000 that a section may hold
WHOLE = 12_000  # of one message's text; Slack refuses messages of much more with msg_blocks_too_long
FALLBACK = 2_900
LABEL, VALUE, ACTION_ID, URL = 75, 2_000, 255, 3_000
OPTION, OPTION_VALUE, OPTIONS = 75, 150, 100
HEADER = 150
ROW = 5  # buttons that stand side by side
ELEMENTS, BLOCKS = 25, 50
MENU_FROM = 16  # so many choices of one are offered as a menu

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}']")
_TAP, _CALL, _SEE = "tap", "call", "see"
_PICKED = "✓ "
_READY = "="
_BUTTON, _MENU = "button", "static_select"


def plain(text: str, limit: int) -> Block:
    """A plain_text object, cut to its room; a blank where nothing is left, since Slack takes no empty text."""
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": False}


def fallback(message: Message) -> str:
    """What notifications and screen readers get: the only text of ours that Slack reads as mrkdwn."""
    return escaped(cut(message.text, FALLBACK)) or " "


def blocks_of(message: Message) -> list[Block]:
    """A message: its text in sections, and what can be tapped below it."""
    said = paragraphs(message.text, WHOLE)
    return [*said, *choices_of(message)][:BLOCKS]


def paragraphs(text: str, limit: int) -> list[Block]:
    """A text of any length as blocks that each fit; what is over `limit` is cut off."""
    parts = pieces(cut(text, limit), SECTION) or [" "]
    return [
        _linked(part) if _LINK.search(part) else {"type": "section", "text": plain(part, SECTION)} for part in parts
    ]


def _linked(text: str) -> Block:
    """Literal text in which the links can be followed; each shows where it leads."""
    elements: list[Block] = []
    at = 0
    for link in _LINK.finditer(text):
        if link.start() > at:
            elements.append({"type": "text", "text": text[at : link.start()]})
        elements.append({"type": "link", "url": link.group()})
        at = link.end()
    if at < len(text):
        elements.append({"type": "text", "text": text[at:]})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def choices_of(message: Message) -> list[Block]:
    """What can be tapped below a message: a menu where there are many to choose one from, else rows of buttons."""
    choices = message.choices
    menu = message.token and message.kind != "choices" and MENU_FROM <= len(choices) <= OPTIONS
    if menu and all(0 < units(choice.value) <= OPTION_VALUE for choice in choices):
        return [{"type": "actions", "elements": [_menu(message)]}]
    buttons = [button(choice, message.token, number) for number, choice in enumerate(choices)]
    return rows(buttons, message.columns)


def rows(buttons: Sequence[Block], columns: int) -> list[Block]:
    """Buttons in rows of `columns` at best; where that takes too many blocks, as many in each as Slack allows."""
    width = min(max(columns, 1), ROW)
    if len(buttons) > ELEMENTS * width:
        width = ELEMENTS
    return [{"type": "actions", "elements": list(buttons[at : at + width])} for at in range(0, len(buttons), width)]


def button(choice: Choice, token: str, number: int) -> Block:
    """One button: an answer to the prompt `token`, a command where the value begins with a slash, or a link."""
    label = f"{_PICKED}{choice.label}" if choice.picked else choice.label
    made: Block = {"type": _BUTTON, "text": plain(label, LABEL), "action_id": _action_id(token, number)}
    if choice.value.startswith(("https://", "http://")) and len(choice.value) <= URL:
        return made | {"url": choice.value, "action_id": f"{_SEE}|{number}"}
    if choice.value:
        made["value"] = clipped(choice.value, VALUE)
    if choice.value == _READY:
        made["style"] = "primary"
    return made


def option(choice: Choice) -> Block:
    """One entry of a menu or a list."""
    return {"text": plain(choice.label, OPTION), "value": clipped(choice.value, OPTION_VALUE)}


def _menu(message: Message) -> Block:
    menu: Block = {
        "type": _MENU,
        "action_id": _action_id(message.token, 0),
        "options": [option(choice) for choice in message.choices],
    }
    picked = next((choice for choice in message.choices if choice.picked), None)
    return menu | {"initial_option": option(picked)} if picked else menu


def _action_id(token: str, number: int) -> str:
    return cut(f"{_TAP}|{token}|{number}" if token else f"{_CALL}|{number}", ACTION_ID)


def read_action(action: Mapping[str, Any]) -> ButtonPressed | CommandSent | None:
    """What pressing one of our buttons, or picking from one of our menus, means; None for what is not ours."""
    kind, _, rest = str(action.get("action_id", "")).partition("|")
    value = _value(action)
    if value is None:
        return None
    if kind == _CALL and value.startswith("/"):
        verb, _, more = value[1:].partition(" ")
        return CommandSent(verb=verb.lower(), rest=more.strip())
    token = rest.rpartition("|")[0]
    return ButtonPressed(token=token, value=value) if kind == _TAP and token else None


def _value(action: Mapping[str, Any]) -> str | None:
    selected = action.get("selected_option")
    value = selected.get("value") if isinstance(selected, dict) else action.get("value")
    return value if isinstance(value, str) else None
