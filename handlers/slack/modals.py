"""Forms: our `Form` as a modal, what was filled in read back, and errors put at the right field.

Limits: docs.slack.dev/reference/views/modal-views and docs.slack.dev/reference/block-kit/block-elements.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.messages.outgoing import Field, Form, Message
from bot.rendering.shortening import units
from handlers.slack.blocks import OPTION_VALUE, OPTIONS, Block, option, plain
from handlers.slack.text import cut

TITLE, LABEL, HINT = 24, 2_000, 2_000
BLOCK_ID, METADATA, INPUT = 255, 3_000, 3_000
FIELDS = 100
LISTED = 10  # so many choices are shown at once; more are a menu
CALLBACK = "form"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_READY = "="
_APART = "\n"


def view_of(message: Message, form: Form) -> Block:
    """The modal of a message's form; its token travels with it."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(form.title, TITLE),
        "submit": plain(form.submit, TITLE),
        "close": plain(form.cancel, TITLE),
        "private_metadata": json.dumps({"token": message.token})[:METADATA],
        "blocks": [_input(field) for field in form.fields[:FIELDS]],
    }


def _input(field: Field) -> Block:
    element = _ELEMENTS.get(field.kind, _line)(field)
    block: Block = {
        "type": "input",
        "block_id": cut(field.name, BLOCK_ID),
        "optional": field.optional,
        "label": plain(field.label, LABEL),
        "element": element | {"action_id": cut(field.name, BLOCK_ID)},
    }
    # Hints tell how an answer can be worded; a calendar is not typed into.
    typed = element["type"] != "datepicker"
    return block | {"hint": plain(field.hint, HINT)} if field.hint and typed else block


# -- what an answer is filled into, by its kind ----------------------------------------------------------------------


def _line(field: Field) -> Block:
    longest = min(field.longest or INPUT, INPUT)
    element: Block = {"type": "plain_text_input", "max_length": longest}
    return element | {"initial_value": cut(field.value, longest)} if field.value else element


def _lines(field: Field) -> Block:
    return _line(field) | {"multiline": True}


def _number(field: Field) -> Block:
    element: Block = {"type": "number_input", "is_decimal_allowed": True}
    return element | {"initial_value": field.value} if field.value else element


def _day(field: Field) -> Block:
    """A calendar; words that stand there already are kept as words."""
    if field.value and not _DAY.fullmatch(field.value):
        return _line(field)
    return {"type": "datepicker"} | ({"initial_date": field.value} if field.value else {})


def _one(field: Field) -> Block:
    """One of several: all in sight while they are few, else a menu, else words."""
    if not _listable(field):
        return _line(field)
    chosen = [option(c) for c in field.choices if c.picked or c.value == field.value][:1]
    element: Block = {"type": "radio_buttons" if len(field.choices) <= LISTED else "static_select"}
    element["options"] = [option(choice) for choice in field.choices]
    return element | {"initial_option": chosen[0]} if chosen else element


def _several(field: Field) -> Block:
    offered = [choice for choice in field.choices if choice.value != _READY]
    if not _listable(field) or not offered:
        return _line(field)
    held = field.value.split(_APART)
    chosen = [option(choice) for choice in offered if choice.picked or choice.value in held]
    element: Block = {"type": "checkboxes" if len(offered) <= LISTED else "multi_static_select"}
    element["options"] = [option(choice) for choice in offered]
    return element | {"initial_options": chosen} if chosen else element


def _listable(field: Field) -> bool:
    fit = all(0 < units(choice.value) <= OPTION_VALUE for choice in field.choices)
    return fit and 0 < len(field.choices) <= OPTIONS


_ELEMENTS: Mapping[str, Callable[[Field], Block]] = {
    "text": _line,
    "commitments": _lines,
    "number": _number,
    "date": _day,
    "scale": _one,
    "choice": _one,
    "level": _one,
    "yes_no": _one,
    "choices": _several,
}


# -- reading ---------------------------------------------------------------------------------------------------------


def read_form(view: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The token that a form carried, and what stands in each field by its name; several picks are lines."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    found: dict[str, str] = {}
    for block in (values if isinstance(values, dict) else {}).values():
        for name, element in (block if isinstance(block, dict) else {}).items():
            found[str(name)] = _filled(element) if isinstance(element, dict) else ""
    return _token(view.get("private_metadata")), found


def _filled(element: Mapping[str, Any]) -> str:
    for name in ("value", "selected_date"):
        if isinstance(element.get(name), str):
            return str(element[name])
    picked = element.get("selected_options") or [element.get("selected_option")]
    options = picked if isinstance(picked, list) else []
    return _APART.join(str(entry.get("value", "")) for entry in options if isinstance(entry, dict))


def _token(metadata: Any) -> str:
    try:
        held = json.loads(metadata) if isinstance(metadata, str) else None
    except ValueError:
        return ""
    token = held.get("token") if isinstance(held, dict) else None
    return token if isinstance(token, str) else ""


def errors_at(view: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str]:
    """Errors by block of the form, as Slack takes them; one of no field that is shown stands at the first.

    Source: docs.slack.dev/surfaces/modals#displaying_errors
    """
    blocks = view.get("blocks")
    ids = [str(b.get("block_id")) for b in (blocks if isinstance(blocks, list) else []) if _is_input(b)]
    found: dict[str, str] = {}
    for name, text in errors.items():
        at = name if name in ids or not ids else ids[0]
        found[at] = cut(f"{found[at]} {text}" if at in found else text, LABEL) or " "
    return found


def _is_input(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "input"
