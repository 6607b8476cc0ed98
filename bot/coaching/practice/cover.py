"""Reading for a coach who is away: what whoever covers is shown, what is kept from them, and the client's word on it.

Covered clients never stand among the own ones (`Facts.practice`), so that no command of a coach but those that read
here finds them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from bot.coaching.digest.client_lines import roster_lines
from bot.coaching.digest.digest import Part
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.visibility.table import cover_of
from bot.model.facts import ClientView, Cover, Engagement, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.records import DataViewed, Record
from bot.model.records_sessions import CoverSettled
from bot.model.replies import Given, Notification

_AT_ONCE = 20  # lines in one message


# -- what whoever covers reads ---------------------------------------------------------------------------------------


def everyone(facts: Facts) -> tuple[ClientView, ...]:
    """All clients that a coach may look up now: their own, and those they cover."""
    return (*facts.practice, *facts.covered)


def mark(view: ClientView) -> tuple[Phrase, ...]:
    """For whom and until when a client is covered; nothing for an own one."""
    cover = view.engagement.cover
    if not view.covered or cover is None:
        return ()
    return (phrase("covered_for", coach=view.engagement.coach_name, day=cover.last),)


def looked(view: ClientView, what: str) -> DataViewed:
    """What was read, and that it was in place of the client's coach."""
    covering = view.engagement.id if view.covered else ""
    return DataViewed(client=view.engagement.client, what=what, covering=covering)


def covered_lines(covered: Iterable[ClientView], today: date) -> tuple[Phrase, ...]:
    """The roster of each coach who is covered, below a line that says so."""
    groups: dict[tuple[str, date], list[ClientView]] = {}
    for view in covered:
        if view.engagement.cover is not None:
            groups.setdefault((view.engagement.coach, view.engagement.cover.last), []).append(view)
    return tuple(line for group in groups.values() for line in (*mark(group[0]), *roster_lines(group, today)))


def covered_parts(covered: tuple[ClientView, ...], today: date) -> tuple[Part, ...]:
    """What a digest has to say on covered clients, in messages of their own, each with a button to open one."""
    lines = covered_lines(covered, today)
    buttons = tuple(
        (f"/client {ref_of(view.engagement.id)}", phrase("button_open", client=view.name)) for view in covered
    )
    return tuple(
        Part(lines=lines[at : at + _AT_ONCE], buttons=() if at else buttons[:_AT_ONCE])
        for at in range(0, len(lines), _AT_ONCE)
    )


# -- a call, while the coach is away ---------------------------------------------------------------------------------


def call(facts: Facts, engagement: Engagement) -> tuple[tuple[Phrase, ...], tuple[Notification, ...]]:
    """Who hears that the client wants a call: whoever covers, else the coach; and what the client is told."""
    said, tells = call_elsewhere(facts, engagement)
    if tells:
        return said, tells
    told = Notification(person=engagement.coach, phrase=phrase("call_wanted", client=engagement.client_name))
    return (phrase("call_asked", coach=engagement.coach_name), *said), (told,)


def call_elsewhere(facts: Facts, engagement: Engagement) -> tuple[tuple[Phrase, ...], tuple[Notification, ...]]:
    """While the coach is away: what the client is told of it, and whoever covers is told of the call; else nothing."""
    cover = cover_of(engagement, facts.today)
    names = {"client": engagement.client_name, "coach": engagement.coach_name}
    if cover is not None:
        wanted = phrase("cover_call_wanted", **names, day=cover.last)
        said = phrase("cover_call_asked", **names, cover=cover.name, day=cover.last)
        return (said,), (Notification(person=cover.coach, phrase=wanted),)
    until = facts.away.get(engagement.coach)
    return ((phrase("call_away", coach=engagement.coach_name, day=until),) if until is not None else ()), ()


# -- the client's word -----------------------------------------------------------------------------------------------


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
