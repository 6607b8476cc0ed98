"""Rendering for a terminal: a message as text, with its buttons as a line of numbered choices."""

from bot.messages import Message

_SCALE_FROM = 6  # so many buttons that carry numbers are shown as a range


def render(message: Message) -> str:
    """The text that a person at a terminal reads, and can answer by typing."""
    buttons = _buttons(message)
    return f"{message.text}\n{buttons}" if buttons else message.text


def _buttons(message: Message) -> str:
    labels = [choice.label for choice in message.choices]
    if not labels:
        return ""
    if len(labels) >= _SCALE_FROM and all(label.isdigit() for label in labels):
        return f"[{labels[0]} to {labels[-1]}]"
    if message.kind == "choices":
        return "  ".join(f"[{'x' if c.picked else ' '}] {c.label}" for c in message.choices if c.value != "=")
    return "  ".join(f"[{label}]" for label in labels)
