"""Rendering for a terminal: a message as text, with its file and its buttons as lines of their own."""

from bot.messages.outgoing import Message
from bot.model.chart_data import Chart

_SCALE_FROM = 6  # so many buttons that carry numbers are shown as a range


def render(message: Message) -> str:
    """The text that a person at a terminal reads, and can answer by typing."""
    return "\n".join(part for part in (_file(message), message.text, _buttons(message)) if part)


def _file(message: Message) -> str:
    """The name of a file, and in words what a picture shows."""
    if message.file is None:
        return ""
    alt = message.file.alt if isinstance(message.file, Chart) else ""
    return f"📎 {message.file.name}: {alt}" if alt else f"📎 {message.file.name}"


def _buttons(message: Message) -> str:
    labels = [choice.label for choice in message.choices]
    if not labels:
        return ""
    if len(labels) >= _SCALE_FROM and all(label.isdigit() for label in labels):
        return f"[{labels[0]} to {labels[-1]}]"
    if message.kind == "choices":
        return "  ".join(f"[{'x' if c.picked else ' '}] {c.label}" for c in message.choices if c.value != "=")
    return "  ".join(f"[{label}]" for label in labels)
