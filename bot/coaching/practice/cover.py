"""The client's word on another coach who reads while their own is away, and what the question about it says."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.model.facts import Cover, Facts
from bot.model.phrases import phrase
from bot.model.records import Record
from bot.model.records_sessions import CoverSettled
from bot.model.replies import Given


def cover_to_settle(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The absence that this client is asked about, if there is one."""
    cover = _asked(facts, engagement)
    return (cover.absence,) if cover is not None else ()


def apply_record(given: Given) -> tuple[Record, ...]:
    """A yes or a no to the very absence that was asked about; without an answer nothing is agreed."""
    found: list[Record] = []
    for absence in given.lists.get("cover_to_settle", ()):
        agreed = given.inside("asked", absence).get("agreed")
        if agreed is not None:
            found.append(CoverSettled(engagement=given.engagement, absence=absence, agreed=agreed))
    return tuple(found)


def stands(given: Given) -> bool:
    """The absence that is asked about is still the one that was told, and not over."""
    cover = _asked(given.facts, given.engagement)
    return cover is not None and cover.last >= given.facts.today and given.item in ("", cover.absence)


def _asked(facts: Facts, engagement: str) -> Cover | None:
    return next((e.cover for e in facts.engagements if e.id == engagement), None)


def _of(given: Given, wanted: Callable[[Cover], Any]) -> Any:
    cover = _asked(given.facts, given.engagement)
    return wanted(cover) if cover is not None else phrase("another_coach")


COVER_OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {"cover": apply_record}
COVER_PREDICATES: Mapping[str, Callable[..., bool]] = {"cover_stands": stands}
COVER_LISTS: Mapping[str, Callable[[Facts, str], tuple[str, ...]]] = {"cover_to_settle": cover_to_settle}
COVER_NAMES: Mapping[str, Callable[[Given], Any]] = {
    "cover": lambda given: _of(given, lambda cover: cover.name),
    "away_first": lambda given: _of(given, lambda cover: cover.first),
    "away_last": lambda given: _of(given, lambda cover: cover.last),
}
