"""The chats of somebody, as settings show them: how many there are, and the others to take away."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.model.people.chats import Chat
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.time_zones import local_day

_SHOWN = 12


def _others(given: Given) -> tuple[tuple[str, Any], ...]:
    """Every chat but the one that is spoken in, by what names it: its platform, and since when it is theirs."""
    own = [chat for chat in given.facts.places if not chat.here and chat.state != "moved"]
    return tuple((chat.id, _entry(chat, given)) for chat in own[:_SHOWN])


def _entry(chat: Chat, given: Given) -> Phrase:
    platform = chat.platform.capitalize()
    if chat.since is None:
        return phrase("chat_entry_bare", platform=platform)
    return phrase("chat_entry", platform=platform, day=local_day(chat.since, given.facts.person.home))


def _chats(given: Given) -> Phrase:
    return phrase("chats_of_yours", count=sum(chat.own for chat in given.facts.places))


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {"chats_in_words": _chats}
OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {"other_chats": _others}
