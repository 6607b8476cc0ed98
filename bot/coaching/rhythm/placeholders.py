"""What fills the gaps of texts about the rhythm: how it goes on after a silence, and plans that come back."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any

from bot.coaching.commitments.placeholders import due_day
from bot.coaching.commitments.rules import DUE_TODAY
from bot.coaching.rhythm.items import NOON, cue_hour
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given

_ENDS = " .,;"  # what stands around words before they stand in a sentence


def comeback(given: Given) -> Phrase:
    """How it goes on after a silence, as the client chose."""
    pace = phrase(f"pace_{given.get('pace') or given.facts.wishes.pace}")
    return phrase(f"comeback_{given.get('restart') or 'none'}", pace=pace)


def _comes_back(given: Given) -> bool:
    """Whether a commitment of today is not asked about yet but brought back, as it was planned."""
    commitment, engagement = given.commitment, given.engagement_here
    if given.by != "bot" or given.dialogue != DUE_TODAY or commitment is None or commitment.due is None:
        return False
    if engagement is None or engagement.state != "active" or not _falls_today(given.facts, commitment.due):
        return False
    return bool(given.facts.wishes.at < NOON or cue_hour(commitment.cue, given.facts.person.locale))


def _falls_today(facts: Facts, due: date) -> bool:
    """Whether today is the first working day from a day on."""
    days = (due + timedelta(days=n) for n in range(max(0, (facts.today - due).days)))
    wishes = facts.wishes
    return due <= facts.today and not any(
        day.weekday() in wishes.working_days and day not in wishes.holidays for day in islice(days, 14)
    )


def _due_question(given: Given) -> Any:
    """How it is asked on its day: the plan comes back first; else how it went."""
    return _plan_for(given, phrase("today_begins")) if _comes_back(given) else _how_it_went(given, "due_asked")


def _due_reminder(given: Given) -> Any:
    return _how_it_went(given, "due_asked" if _comes_back(given) else "due_still")


def _how_it_went(given: Given, key: str) -> Phrase:
    return phrase(key, day=due_day(given), commitment=given.commitment.text if given.commitment else "")


def _plan_ahead(given: Given) -> Any:
    """A plan, the working day before its own."""
    due, facts = (given.commitment.due if given.commitment else None), given.facts
    day = due or facts.today
    while day.weekday() not in facts.wishes.working_days or day in facts.wishes.holidays:
        day += timedelta(days=1)
    return _plan_for(given, phrase("tomorrow_begins") if day == facts.today + timedelta(days=1) else day)


def _plan_for(given: Given, day: Any) -> Phrase:
    """When, what, and how they would know: as it was planned."""
    made = given.commitment
    what, cue, proof = (made.text, made.cue, made.proof) if made else ("", "", "")
    gaps = {"day": day, "cue": phrase("plan_cue", cue=_small(cue, given)) if cue else "", "what": _small(what, given)}
    if proof:
        return phrase("plan_back_proof", proof=proof.strip(_ENDS), **gaps)
    return phrase("plan_back", **gaps)


def _small(words: str, given: Given) -> str:
    """Words in the middle of a sentence, without its end; where nouns are large, the first may be one."""
    words = words.strip(_ENDS)
    return words[:1].lower() + words[1:] if words[1:2].islower() and not given.facts.capitals else words


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "comeback_in_words": comeback,
    "due_question": _due_question,
    "due_reminder": _due_reminder,
    "plan_ahead": _plan_ahead,
}
