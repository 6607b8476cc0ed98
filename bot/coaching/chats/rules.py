"""When a chat is somebody's own, and for how long a new one waits for the word of the old one."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.model.people.chats import Chat
from bot.model.people.client_view import ClientView

SILENT = timedelta(days=14)  # a chat from which nothing came for so long may be lost
WAITS = timedelta(hours=24)  # so long whoever holds an old chat can say that it was not them
_REF = 8

YES, NO = "itsme", "notme"  # what a chat answers that may be somebody's


def ref_of(place: str) -> str:
    """What names a chat behind a command."""
    return place[:_REF]


def lost(heard: Iterable[datetime | None], now: datetime) -> bool:
    """Nothing came from any of the chats that are open, for a fortnight."""
    return all(at is None or now - at >= SILENT for at in heard)


def seems_lost(view: ClientView) -> bool:
    """Whether the chat may be lost, as far as the coach may know; what they may not see makes no difference here."""
    if not view.connected or view.today is None:
        return True
    began = view.engagement.began.date() if view.engagement.began is not None else date.min
    return view.today - max(view.last_reply or began, began) >= SILENT


def named(wanted: str, chats: Iterable[Chat]) -> Chat | None:
    """The chat that a command names."""
    return next((chat for chat in chats if wanted and ref_of(chat.id) == wanted), None)
