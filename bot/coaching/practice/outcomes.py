"""What the answers of a coach's own dialogues come to, and of the client's who is asked about another coach."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.programme.rules import TEMPLATES
from bot.coaching.safety.crisis import danger_words
from bot.coaching.shared.places import zone_of
from bot.coaching.shared.validators import NO_HELPLINE, hour_of, is_helpline
from bot.model.facts import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.records import CoachWished, HandoverSettled, PreferencesChanged, Record
from bot.model.records_plan import ProgrammeSet
from bot.model.replies import Given

_OTHER, _NOTHING = "other", "nothing"


def coach_setup(given: Given) -> tuple[Record, ...]:
    """How a coach wants to work; what was skipped stays as it is by default."""
    called, city = given.get("called"), given.get("city")
    zone = zone_of(city) if city else None
    weekday, hour = _digest(given)
    wished = CoachWished(
        weekday=int(weekday) if weekday else None,
        at=hour_of(hour, given.facts) if hour else None,
        pointers=_pointers(given),
    )
    records: tuple[Record, ...] = (PreferencesChanged(name=called, zone=zone),) if called or zone else ()
    programme = given.get("programme")
    records += (ProgrammeSet(programme=TEMPLATES[programme]),) if programme else ()
    return (*records, wished) if wished != CoachWished() else records


def _pointers(given: Given) -> str | None:
    """The helpline that counts: one that was confirmed in the words that a client would read; None changes nothing."""
    helpline, before = given.get("helpline"), given.get("pointers")
    if NO_HELPLINE in (helpline, before):
        return ""
    if before is not None and is_helpline(before):
        return str(before)  # a version of the dialogue that did not ask whether it is right
    return helpline if given.get("named") else None


def _digest(given: Given) -> tuple[str, str]:
    """The weekday and hour that were chosen, at once or one after the other."""
    chosen = given.get("digest")
    if chosen and chosen != _OTHER:
        weekday, _, hour = chosen.partition(" ")
        return weekday, hour
    return given.get("weekday") or "", given.get("hour") or ""


def handover(given: Given) -> tuple[Record, ...]:
    """The client's word on another coach; without one, nothing changes."""
    agreed, engagement = given.get("agreed"), _engagement(given)
    if agreed is None or engagement is None or not engagement.heir:
        return ()
    return (HandoverSettled(engagement=engagement.id, heir=engagement.heir, agreed=agreed),)


def handover_stands(given: Given) -> bool:
    """Somebody is still meant to take over."""
    engagement = _engagement(given)
    return engagement is not None and bool(engagement.heir)


def _engagement(given: Given) -> Engagement | None:
    return next((e for e in given.facts.engagements if e.id == given.engagement), None)


def heir(given: Given) -> Any:
    """The name of the coach who would take over."""
    engagement = _engagement(given)
    return engagement.heir_name if engagement and engagement.heir else phrase("your_coach")


def digest_in_words(given: Given) -> Phrase:
    """When the digest comes, as it was just said or chosen before."""
    weekday, hour = _digest(given)
    own = given.facts.own
    day = phrase(f"weekday_{weekday or own.weekday}")
    return phrase("digest_when", day=day, at=(hour_of(hour, given.facts) if hour else None) or own.at)


def pointers_in_words(given: Given) -> Any:
    """The helplines that are shown, or that there are none."""
    return given.facts.own.pointers or phrase("setup_none")


def danger_note(given: Given) -> Phrase:
    """The very words that a client in danger reads, with the helpline that was just said."""
    return danger_words(given.get("helpline") or "")


def helpline_said(given: Given) -> bool:
    """A helpline was named in this dialogue, not only the emergency number."""
    return given.get("helpline") not in (None, NO_HELPLINE)


def nothing_chosen(given: Given) -> bool:
    """Nothing was to be changed, or the helpline that was named is not right."""
    return given.get("what") == _NOTHING or (helpline_said(given) and not given.get("named"))


COACH_OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "coach_setup": coach_setup,
    "coach_settings": coach_setup,
    "handover": handover,
}
COACH_PREDICATES: Mapping[str, Callable[..., bool]] = {
    "handover_stands": handover_stands,
    "helpline_said": helpline_said,
    "nothing_chosen": nothing_chosen,
}
COACH_NAMES: Mapping[str, Callable[[Given], Any]] = {
    "heir": heir,
    "digest_in_words": digest_in_words,
    "pointers_in_words": pointers_in_words,
    "danger_note": danger_note,
}
