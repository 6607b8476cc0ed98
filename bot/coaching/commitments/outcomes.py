"""What the answers of a dialogue come to: pure functions from answers to records, named in the YAML.

Every record is keyed by the run that made it, so an outcome may run again after an edit.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from bot.coaching.commitments.rules import items_of, promised_text, reports, still_open
from bot.coaching.sessions.outcomes import asked
from bot.coaching.shared.predicates import all_at_once
from bot.coaching.shared.preferences import DAILY_FOR, preferences_given
from bot.model.facts import Audience, Pace
from bot.model.plan import OWN
from bot.model.records import (
    ChatBound,
    CommitmentMade,
    Consented,
    Paused,
    PreferencesChanged,
    Rated,
    Record,
    Remarked,
    Reported,
    Restored,
    RetentionChosen,
    Stopped,
)
from bot.model.replies import Given


def settings(given: Given) -> tuple[Record, ...]:
    """Changed wishes; what the coach sees is a consent of its own."""
    records: list[Record] = []
    sees, engagement, in_form = given.get("sees"), given.facts.engagement, all_at_once(given)
    if sees is not None and not (in_form and engagement is not None and engagement.visible == sees):
        records.append(Consented(kind="coach_sees", choice=sees))
    if given.get("withdraw") is not None:
        records.append(Consented(kind=given.get("withdraw"), choice="no"))
    if given.get("keep") is not None:
        records.append(RetentionChosen(days=int(given.get("keep"))))
    wished = _new_only(given, preferences_given(given)) if in_form else preferences_given(given)
    if wished != PreferencesChanged():
        records.append(wished)
    return (*records, Restored()) if wished.pace is not None else tuple(records)


def _new_only(given: Given, wished: PreferencesChanged) -> PreferencesChanged:
    """The wishes of a form without what stood there already."""
    now = given.facts.wishes
    same_pace = wished.pace == now.pace
    return replace(
        wished,
        zone=None if wished.zone == given.facts.person.home else wished.zone,
        pace=None if same_pace else wished.pace,
        daily_until=None if same_pace else wished.daily_until,
        weekday=None if wished.weekday == now.weekday else wished.weekday,
        at=None if wished.at == now.at else wished.at,
    )


def pace(given: Given) -> tuple[Record, ...]:
    """How often, chosen anew; without an answer daily check-ins end and weekly ones follow."""
    chosen = Pace(given.get("pace") or Pace.WEEKLY)
    until = given.facts.today + DAILY_FOR if chosen is Pace.DAILY else None
    return (PreferencesChanged(pace=chosen, daily_until=until),)


def promise(given: Given) -> tuple[Record, ...]:
    """A commitment with its if-then plan, and the one that waits for it."""
    if given.get("what") is None:
        return ()
    made = CommitmentMade(
        key="promise",
        text=promised_text(given),
        due=_day(given.get("due_smaller") or given.get("due")),
        cue=given.get("cue") or "",
        proof=given.get("proof") or "",
        confidence=given.get("confidence"),
        audience=given.audience("what"),
        engagement=given.engagement,
        goal=_goal_of(given),
    )
    waits = given.get("waits")
    if waits in (None, "none"):
        return (made,)
    return (made, Reported(key=waits, commitment=waits, report="parked"))


def _goal_of(given: Given) -> str:
    goal = given.facts.plan_of(given.engagement).goal(given.get("goal") or "")
    return goal.id if goal is not None else ""


def reported(given: Given) -> tuple[Record, ...]:
    """A word on each commitment gone over, and what was learned."""
    return (*reports(given), *_remarks(given, learned="learning"), *_notes(given))


def checkin(given: Given) -> tuple[Record, ...]:
    """Reports, ratings, and the week in a few words."""
    said = _remarks(given, well="win", way="obstacle", going="going")
    return (*reported(given), *_ratings(given), *said, *_own_questions(given), *asked(given))


def _own_questions(given: Given) -> Iterator[Remarked]:
    """Answers to the coach's own questions, each below its question."""
    asked = {f"{OWN}{n}": q.text for n, q in enumerate(given.facts.plan_of(given.engagement).programme.questions, 1)}
    for key in given.values:
        if key.startswith(OWN) and given.get(key) is not None:
            text = "\n".join(part for part in (asked.get(key, ""), given.words(key)) if part)
            yield Remarked(key=key, kind="own", text=text, audience=given.audience(key))


def _ratings(given: Given) -> Iterator[Rated]:
    about = next((c.id for c in still_open(given)), "")
    for kind, subject in (("confidence", about), ("energy", "")):
        value = given.get(kind)
        if value is not None:
            yield Rated(key=kind, kind=kind, value=value, about=subject, audience=given.audience(kind))


def _remarks(given: Given, **kinds: str) -> Iterator[Remarked]:
    for question, kind in kinds.items():
        key = f"slip.{question}" if f"slip.{question}" in given.values else question
        text = given.values.get(key)
        if text:
            audience = given.audiences.get(key, Audience.COACH)
            yield Remarked(key=question, kind=kind, text=text, audience=audience)


def _notes(given: Given) -> Iterator[Remarked]:
    for item in items_of(given):
        at = given.inside("items", item)
        for question, kind in (("helped", "helped"), ("left", "left")):
            text = at.get(question)
            if text:
                key = f"{question}:{item}"
                yield Remarked(key=key, kind=kind, text=text, about=item, audience=at.audience(question))


def focus(given: Given) -> tuple[Record, ...]:
    """The week's focus, and when it gets its moment."""
    first, matters, moment = given.get("comes_first"), given.get("matters"), given.get("moment")
    commitment = given.facts.commitment(first) if first else None
    text = matters or (commitment.text if commitment else "")
    if not text:
        return ()
    when = f" ({moment})" if moment else ""
    hidden = commitment is not None and commitment.audience is Audience.PRIVATE
    audience = Audience.PRIVATE if hidden else given.audience("matters" if matters else "moment")
    return (Remarked(key="focus", kind="focus", text=text + when, audience=audience),)


def coming_back(given: Given) -> tuple[Record, ...]:
    """A light restart, a lighter rhythm, a rest, or the end, as the client chose."""
    match given.get("restart"):
        case "pause":
            return (Restored(), Paused(first=given.facts.today))
        case "stop":
            return (Stopped(),)
        case "lighter":
            return (Restored(), PreferencesChanged(pace=Pace.FORTNIGHTLY))
        case "restart" | "as_before":
            chosen = given.get("pace")
            wished = (PreferencesChanged(pace=Pace(chosen)),) if chosen else ()
            return (Restored(), *wished, *_kept(given))
        case _:
            return ()


def reconnect(given: Given) -> tuple[Record, ...]:
    """Whether a chat that a coach's code was used in is the client's."""
    agreed = given.get("yours")
    place = given.facts.pending
    return (ChatBound(place=place, agreed=agreed),) if place and agreed is not None else ()


def _kept(given: Given) -> Iterator[Reported]:
    keep = given.get("keep")
    if keep in (None, "all"):
        return
    for commitment in given.facts.open_commitments:
        if commitment.id != keep:
            yield Reported(key=commitment.id, commitment=commitment.id, report="parked")


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "settings": settings,
    "pace": pace,
    "promise": promise,
    "reports": reported,
    "checkin": checkin,
    "focus": focus,
    "coming_back": coming_back,
    "reconnect": reconnect,
}
