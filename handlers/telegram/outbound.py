"""Rendering: a table from our message values to Telegram's; what Telegram cannot show becomes text to type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.outgoing import Choice, Message
from bot.rendering.shortening import one_each, shortened
from handlers.telegram.text import clean, split

DATA_LIMIT = 64  # bytes of callback data: core.telegram.org/bots/api#inlinekeyboardbutton
BUTTONS = 100  # in one keyboard
COLUMNS = 8  # in one row
ROW_SIGNS = 40  # what a phone shows of the labels of one row
READY = "="  # the value of the button that ends a choice of several


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """A message as Telegram takes it: plain text in parts, and the keyboard that goes below the last one."""

    parts: tuple[str, ...]
    keyboard: InlineKeyboardMarkup | None = None


def render(message: Message) -> Rendered:
    """The parts and the keyboard of a message. A choice that fits no button becomes a line that says what to type."""
    fits = [choice for choice in message.choices if _fits(message, choice)][:BUTTONS]
    lines = tuple(_line(choice) for choice in message.choices if choice not in fits)
    text = clean("\n".join((message.text, *lines)))
    return Rendered(parts=split(text), keyboard=_keyboard(message, fits))


def data_of(message: Message, choice: Choice) -> str:
    """What a button sends when it is pressed: the token and the value; a command has no token."""
    return f"{message.token}:{choice.value}"


def _fits(message: Message, choice: Choice) -> bool:
    return len(clean(data_of(message, choice)).encode()) <= DATA_LIMIT


def _line(choice: Choice) -> str:
    typed = choice.value if choice.value.startswith("/") else ""
    label = choice.label.strip() or choice.value
    return f"• {label}: {typed}" if typed else f"• {label}"


def _keyboard(message: Message, choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    if not choices:
        return None
    labels = [_label(message, choice) for choice in choices]
    columns = _columns(message.columns, labels)
    buttons = [
        InlineKeyboardButton(shortened(label, max(ROW_SIGNS // columns, 1), one_each), callback_data=clean(data))
        for label, data in zip(labels, (data_of(message, choice) for choice in choices), strict=True)
    ]
    return InlineKeyboardMarkup([list(row) for row in _rows(message, choices, buttons, columns)])


def _label(message: Message, choice: Choice) -> str:
    label = " ".join(clean(choice.label).split()) or clean(choice.value).strip() or "·"
    if message.kind == "choices" and choice.value != READY:
        return f"{'☑' if choice.picked else '☐'} {label}"
    return label


def _columns(wanted: int, labels: Sequence[str]) -> int:
    """As many columns as are wanted, but no more than keep every label readable."""
    longest = max(len(label) for label in labels)
    return max(1, min(wanted, COLUMNS, ROW_SIGNS // max(longest, 1)))


def _rows(
    message: Message, choices: Sequence[Choice], buttons: Sequence[InlineKeyboardButton], columns: int
) -> Iterator[Sequence[InlineKeyboardButton]]:
    """Rows of equal length; the button that ends a choice of several has a row of its own."""
    ends = message.kind == "choices" and choices[-1].value == READY
    boxes = buttons[:-1] if ends else buttons
    for start in range(0, len(boxes), columns):
        yield boxes[start : start + columns]
    if ends:
        yield buttons[-1:]
