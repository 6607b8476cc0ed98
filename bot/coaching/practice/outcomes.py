"""What the answers of a coach's own dialogues come to, and of the client's who is asked about another coach or chat."""

from collections.abc import Callable, Mapping

from bot.coaching.programme.rules import TEMPLATES
from bot.coaching.shared.outcomes import chats_refused
from bot.coaching.shared.places import zone_of
from bot.coaching.shared.validators import NO_HELPLINE, hour_of, is_helpline
from bot.model.facts import Facts
from bot.model.people.engagements import Cover, Engagement
from bot.model.records import CoachWished, HandoverSettled, PreferencesChanged, Record
from bot.model.records_plan import ProgrammeSet
from bot.model.records_sessions import CoverSettled
from bot.model.replies import Given

_OTHER = "other"


def coach_setup(given: Given) -> tuple[Record, ...]:
    """How a coach wants to work; what was skipped stays as it is by default."""
    called, city = given.get("called"), given.get("city")
    zone = zone_of(city) if city else None
    weekday, hour = digest_chosen(given)
    wished = CoachWished(
        weekday=int(weekday) if weekday else None,
        at=hour_of(hour, given.facts) if hour else None,
        pointers=_pointers(given),
    )
    records: tuple[Record, ...] = (PreferencesChanged(name=called, zone=zone),) if called or zone else ()
    programme = given.get("programme")
    records += (ProgrammeSet(programme=TEMPLATES[programme]),) if programme else ()
    records += tuple(chats_refused(given))
    return (*records, wished) if wished != CoachWished() else records


def _pointers(given: Given) -> str | None:
    """The helpline that counts: one that was confirmed in the words that a client would read; None changes nothing."""
    helpline, before = given.get("helpline"), given.get("pointers")
    if NO_HELPLINE in (helpline, before):
        return ""
    if before is not None and is_helpline(before):
        return str(before)  # a version of the dialogue that did not ask whether it is right
    return helpline if given.get("named") else None


def digest_chosen(given: Given) -> tuple[str, str]:
    """The weekday and hour that were chosen, at once or one after the other."""
    chosen = given.get("digest")
    if chosen and chosen != _OTHER:
        weekday, _, hour = chosen.partition(" ")
        return weekday, hour
    return given.get("weekday") or "", given.get("hour") or ""


def handover(given: Given) -> tuple[Record, ...]:
    """The client's word on another coach; without one, nothing changes."""
    agreed, engagement = given.get("agreed"), engagement_here(given)
    if agreed is None or engagement is None or not engagement.heir:
        return ()
    return (HandoverSettled(engagement=engagement.id, heir=engagement.heir, agreed=agreed),)


def engagement_here(given: Given) -> Engagement | None:
    """The engagement that is spoken of; None for any other."""
    return next((e for e in given.facts.engagements if e.id == given.engagement), None)


def cover_to_settle(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The absence that this client is asked about, if there is one."""
    cover = cover_asked(facts, engagement)
    return (cover.absence,) if cover is not None else ()


def cover(given: Given) -> tuple[Record, ...]:
    """A yes or a no to the very absence that was asked about; without an answer nothing is agreed."""
    found: list[Record] = []
    for absence in given.lists.get("cover_to_settle", ()):
        agreed = given.inside("asked", absence).get("agreed")
        if agreed is not None:
            found.append(CoverSettled(engagement=given.engagement, absence=absence, agreed=agreed))
    return tuple(found)


def cover_asked(facts: Facts, engagement: str) -> Cover | None:
    """The absence in which another coach is to read, as that engagement has it."""
    return next((e.cover for e in facts.engagements if e.id == engagement), None)


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "coach_setup": coach_setup,
    "coach_settings": coach_setup,
    "handover": handover,
    "cover": cover,
    "reconnect": lambda given: (),  # of versions that are stored: the chat itself asks now
}
LISTS: Mapping[str, Callable[[Facts, str], tuple[str, ...]]] = {"cover_to_settle": cover_to_settle}
