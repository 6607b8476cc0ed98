"""What the outcomes of several features make of answers."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.coaching.shared.places import zone_of
from bot.coaching.shared.validators import hour_of
from bot.model.people.preferences import Pace
from bot.model.records import ChatRefused, PreferencesChanged, Record, Remarked
from bot.model.replies import Given
from bot.understanding.names import name_in
from bot.understanding.week_days import days_of


def day_of(value: str | None) -> date | None:
    """An answered date."""
    return date.fromisoformat(value) if value else None


def remarks(given: Given, **kinds: str) -> Iterator[Remarked]:
    """A remark for each question that was answered; `kinds` says of what kind it is."""
    for question, kind in kinds.items():
        text = given.get(question)
        if text:
            key = given.key(question)
            yield Remarked(key=key, kind=kind, text=given.labels.get(key) or text, audience=given.audience(question))


def remarks_of_list(given: Given, question: str, kind: str, entries: Iterable[str]) -> Iterator[Remarked]:
    """A remark for each entry of an answer that is a list."""
    for number, text in enumerate(entries):
        yield Remarked(key=f"{question}:{number}", kind=kind, text=text, audience=given.audience(question))


KEPT = "none"  # the answer that takes no chat away


def chats_refused(given: Given) -> list[Record]:
    """The chat that settings take away, if one was named."""
    gone = given.get("gone")
    return [ChatRefused(place=gone)] if gone not in (None, KEPT) else []


DAILY_FOR = timedelta(days=14)  # how long check-ins are daily


def preferences_given(given: Given) -> PreferencesChanged:
    """What was answered about name, place and rhythm; None for what was not."""
    week, hour, weekday, pace = (given.get(name) for name in ("week", "hour", "weekday", "pace"))
    return PreferencesChanged(
        name=name_in(given.get("called") or "", given.facts) or None,
        zone=zone_of(given.get("city") or ""),
        working_days=days_of(week, given.facts) if week else None,
        weekday=int(weekday) if weekday else None,
        at=hour_of(hour, given.facts) if hour else None,
        pace=Pace(pace) if pace else None,
        daily_until=given.facts.today + DAILY_FOR if pace == Pace.DAILY else None,
        focus=given.get("focus"),
        add_holiday=day_of(given.get("holiday")),
    )
