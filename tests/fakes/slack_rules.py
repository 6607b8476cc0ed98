"""What Slack refuses: Block Kit's limits, views, and the parameters of methods, each by the page that says so."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]


class RefusalError(Exception):
    """A call that is answered with `ok: false`."""

    def __init__(self, error: str, *messages: str) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = list(messages)


# docs.slack.dev/reference/block-kit/blocks: 50 blocks in a message, 100 in modals and Home tabs
BLOCKS = {"message": 50, "modal": 100, "home": 100}
_ALLOWED = {
    "message": {"section", "actions", "header", "context", "divider", "rich_text", "image", "input"},
    "modal": {"section", "actions", "header", "context", "divider", "rich_text", "image", "input"},
    "home": {"section", "actions", "header", "context", "divider", "rich_text", "image", "input"},
}


class Checker:
    """Collects what is wrong with the blocks of one surface."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.faults: list[str] = []
        self._ids: set[str] = set()
        self._actions: set[str] = set()

    def wrong(self, what: str, at: str) -> None:
        self.faults.append(f"[ERROR] {what} [json-pointer:{at}]")

    def blocks(self, blocks: Any) -> None:
        if not isinstance(blocks, list):
            self.wrong("must provide an array", "/blocks")
            return
        if len(blocks) > BLOCKS[self.surface]:
            self.wrong(f"no more than {BLOCKS[self.surface]} items allowed", "/blocks")
        for number, block in enumerate(blocks):
            self.block(block, f"/blocks/{number}")

    def block(self, block: Any, at: str) -> None:
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in _ALLOWED[self.surface]:
            self.wrong(f"unsupported type: {kind}", f"{at}/type")
            return
        block_id = block.get("block_id")
        if block_id is not None:
            self.length(block_id, 1, 255, f"{at}/block_id")
            if block_id in self._ids:
                self.wrong(f"block_id already exists: {block_id}", f"{at}/block_id")
            self._ids.add(block_id)
        if kind in _BLOCK_RULES:
            _BLOCK_RULES[kind](self, block, at)

    def length(self, text: Any, least: int, most: int, at: str) -> None:
        """Characters are counted in UTF-16 units here, the stricter of the two ways."""
        if not isinstance(text, str):
            self.wrong("must be a string", at)
            return
        size = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if size < least:
            self.wrong(f"must be more than {least - 1} characters", at)
        if size > most:
            self.wrong(f"must be less than {most + 1} characters", at)

    def text(self, value: Any, most: int, at: str, *, only_plain: bool = True) -> None:
        """docs.slack.dev/reference/block-kit/composition-objects/text-object."""
        kinds = {"plain_text"} if only_plain else {"plain_text", "mrkdwn"}
        if not isinstance(value, dict) or value.get("type") not in kinds:
            self.wrong("failed to match all allowed schemas", at)
            return
        if unknown := set(value) - {"type", "text", "emoji", "verbatim"}:
            self.wrong(f"invalid additional property: {min(unknown)}", at)
        if "emoji" in value and value["type"] != "plain_text":
            self.wrong("invalid additional property: emoji", at)
        self.length(value.get("text"), 1, most, f"{at}/text")

    def element(self, element: Any, at: str, allowed: set[str]) -> None:
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in allowed:
            self.wrong(f"unsupported type: {kind}", f"{at}/type")
            return
        action_id = element.get("action_id")
        if action_id is not None:
            self.length(action_id, 1, 255, f"{at}/action_id")
            if action_id in self._actions:
                self.wrong(f"action_id `{action_id}` already exists", f"{at}/action_id")
            self._actions.add(action_id)
        _ELEMENT_RULES[kind](self, element, at)

    def options(self, options: Any, most: int, at: str) -> None:
        """docs.slack.dev/reference/block-kit/composition-objects/option-object: text 75, value 150."""
        if not isinstance(options, list) or not 1 <= len(options) <= most:
            self.wrong(f"no more than {most} items allowed", at)
            return
        for number, option in enumerate(options):
            self.text(option.get("text"), 75, f"{at}/{number}/text")
            self.length(option.get("value"), 1, 150, f"{at}/{number}/value")

    def chosen(self, element: Json, many: bool, at: str) -> None:
        """An initial option has to equal one of the options, text and all."""
        held = element.get("initial_options", []) if many else [element.get("initial_option")]
        if many and "initial_options" in element and not held:
            self.wrong("must have at least 1 item", f"{at}/initial_options")
        for option in held:
            if option is not None and option not in element.get("options", []):
                self.wrong("initial_option must match one of the options", f"{at}/initial_option")


# -- blocks ----------------------------------------------------------------------------------------------------------


def _section(check: Checker, block: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/blocks/section-block: 1 to 3,000 characters."""
    check.text(block.get("text"), 3000, f"{at}/text", only_plain=False)
    if "accessory" in block:
        check.element(block["accessory"], f"{at}/accessory", set(_ELEMENT_RULES))


def _actions(check: Checker, block: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/blocks/actions-block: up to 25 elements."""
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
        check.wrong("no more than 25 items allowed", f"{at}/elements")
        return
    for number, element in enumerate(elements):
        check.element(element, f"{at}/elements/{number}", _TAPPED)


def _header(check: Checker, block: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/blocks/header-block: plain_text, 150 characters."""
    check.text(block.get("text"), 150, f"{at}/text")


def _context(check: Checker, block: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/blocks/context-block: up to 10 elements."""
    if not 1 <= len(block.get("elements", [])) <= 10:
        check.wrong("no more than 10 items allowed", f"{at}/elements")


def _rich(check: Checker, block: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/blocks/rich-text-block."""
    for number, part in enumerate(block.get("elements", [])):
        if part.get("type") != "rich_text_section":
            check.wrong(f"unsupported type: {part.get('type')}", f"{at}/elements/{number}")
        for index, leaf in enumerate(part.get("elements", [])):
            spot = f"{at}/elements/{number}/elements/{index}"
            name = {"text": "text", "link": "url"}.get(leaf.get("type"), "")
            if not name:
                check.wrong(f"unsupported type: {leaf.get('type')}", spot)
            else:
                check.length(leaf.get(name), 1, 3000, f"{spot}/{name}")


def _input(check: Checker, block: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/blocks/input-block: label and hint 2,000 characters."""
    check.text(block.get("label"), 2000, f"{at}/label")
    if "hint" in block:
        check.text(block["hint"], 2000, f"{at}/hint")
    check.element(block.get("element"), f"{at}/element", _FILLED)


_BLOCK_RULES: Mapping[str, Callable[[Checker, Json, str], None]] = {
    "section": _section,
    "actions": _actions,
    "header": _header,
    "context": _context,
    "rich_text": _rich,
    "input": _input,
}


# -- elements --------------------------------------------------------------------------------------------------------


def _button(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/button-element: text 75, value 2,000, url 3,000."""
    check.text(element.get("text"), 75, f"{at}/text")
    if "value" in element:
        check.length(element["value"], 1, 2000, f"{at}/value")
    if "url" in element:
        check.length(element["url"], 1, 3000, f"{at}/url")
    if element.get("style", "primary") not in ("primary", "danger"):
        check.wrong("value must be primary or danger", f"{at}/style")


def _menu(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/select-menu-element: 100 options."""
    check.options(element.get("options"), 100, f"{at}/options")
    check.chosen(element, False, at)


def _menus(check: Checker, element: Json, at: str) -> None:
    check.options(element.get("options"), 100, f"{at}/options")
    check.chosen(element, True, at)


def _radio(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element: 10 options."""
    check.options(element.get("options"), 10, f"{at}/options")
    check.chosen(element, False, at)


def _boxes(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/checkboxes-element: 10 options."""
    check.options(element.get("options"), 10, f"{at}/options")
    check.chosen(element, True, at)


def _typed(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element: up to 3,000 characters."""
    if not 1 <= element.get("max_length", 3000) <= 3000:
        check.wrong("max_length must be at most 3000", f"{at}/max_length")
    if "initial_value" in element:
        check.length(element["initial_value"], 0, element.get("max_length", 3000), f"{at}/initial_value")


def _number(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/number-input-element."""
    if "is_decimal_allowed" not in element:
        check.wrong("missing required field: is_decimal_allowed", at)
    if "initial_value" in element and not re.fullmatch(r"-?\d+(\.\d+)?", str(element["initial_value"])):
        check.wrong("initial_value must be a number", f"{at}/initial_value")


def _day(check: Checker, element: Json, at: str) -> None:
    """docs.slack.dev/reference/block-kit/block-elements/date-picker-element: YYYY-MM-DD."""
    if "initial_date" in element and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", element["initial_date"]):
        check.wrong("initial_date must be YYYY-MM-DD", f"{at}/initial_date")


_ELEMENT_RULES: Mapping[str, Callable[[Checker, Json, str], None]] = {
    "button": _button,
    "static_select": _menu,
    "multi_static_select": _menus,
    "radio_buttons": _radio,
    "checkboxes": _boxes,
    "plain_text_input": _typed,
    "number_input": _number,
    "datepicker": _day,
}
_TAPPED = {"button", "static_select", "radio_buttons", "checkboxes", "datepicker"}
_FILLED = set(_ELEMENT_RULES) - {"button"}


# -- whole messages and views ----------------------------------------------------------------------------------------


def check_message(blocks: Any, text: Any) -> None:
    """docs.slack.dev/reference/methods/chat.postMessage#errors: no_text, invalid_blocks, msg_too_long."""
    if not blocks and not text:
        raise RefusalError("no_text")
    if isinstance(text, str) and len(text) > 40_000:
        raise RefusalError("msg_too_long")
    if blocks is not None:
        check = Checker("message")
        check.blocks(blocks)
        if check.faults:
            raise RefusalError("invalid_blocks", *check.faults)
        if sum(len(str(shown)) for shown in texts_of(blocks)) > 13_200:
            raise RefusalError("msg_blocks_too_long")


def check_metadata(metadata: Any) -> None:
    """docs.slack.dev/messaging/message-metadata: a type, and a flat payload of scalars."""
    if metadata is None:
        return
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise RefusalError("invalid_metadata_format")
    payload = metadata["event_payload"]
    if not isinstance(metadata["event_type"], str) or not isinstance(payload, dict):
        raise RefusalError("invalid_metadata_schema")
    if not all(isinstance(value, str | int | float | bool) for value in payload.values()):
        raise RefusalError("invalid_metadata_schema")


def check_view(view: Any, kind: str) -> None:
    """docs.slack.dev/reference/views: title, submit and close 24, private_metadata 3,000, callback_id 255."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise RefusalError("invalid_arguments", f"[ERROR] view must be a {kind} [json-pointer:/view/type]")
    check = Checker(kind)
    check.blocks(view.get("blocks"))
    if kind == "modal":
        check.text(view.get("title"), 24, "/view/title")
        for name in ("submit", "close"):
            if name in view:
                check.text(view[name], 24, f"/view/{name}")
        has_input = any(block.get("type") == "input" for block in view.get("blocks") or [])
        if has_input and "submit" not in view:
            check.wrong("`submit` is required when an `input` block is present", "/view")
    if "private_metadata" in view:
        check.length(view["private_metadata"], 0, 3000, "/view/private_metadata")
    if "callback_id" in view:
        check.length(view["callback_id"], 0, 255, "/view/callback_id")
    if check.faults:
        raise RefusalError("invalid_arguments", *check.faults)


def texts_of(node: Any) -> list[str]:
    """Every text that is shown, in order."""
    if isinstance(node, list):
        return [text for part in node for text in texts_of(part)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "link":
        return [node["url"]]
    if isinstance(node.get("text"), str):
        return [node["text"]]
    return [text for name, part in node.items() if name not in ("value",) for text in texts_of(part)]
