"""Whether a client answered: one definition, for what they read of themselves and for what their coach does."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta

from bot.model.occurrences import Answered, Asked

A_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def answered(asked: Iterable[Asked], told: bool) -> Answered | None:
    """How far somebody answered what they were asked; None for whoever was not asked, and told nothing of themselves.

    One thing answered to its end is enough, and so is a word that nobody asked for (`told`).
    """
    found = {each.answered for each in asked}
    if Answered.WHOLLY in found or (told and Answered.PARTLY not in found):
        return Answered.WHOLLY
    if Answered.PARTLY in found:
        return Answered.PARTLY
    return Answered.NOT if found else None


def in_days(
    asked: Collection[Asked], told: Collection[date], first: date, last: date
) -> tuple[tuple[Asked, ...], Answered | None]:
    """What was asked on these local days, both included, and how far it was answered."""
    found = tuple(each for each in asked if first <= each.day <= last)
    return found, answered(found, any(first <= day <= last for day in told))


def lately(asked: Collection[Asked], now: datetime, was_told: Callable[[str], bool]) -> tuple[Asked, ...]:
    """What was asked in the last week, less what was told before.

    What was asked within a day and waits still is for the next time, which therefore looks a day further back.
    """
    found = (each for each in asked if now - _WEEK - A_DAY < each.at <= now and not _fresh(each, now))
    return tuple(each for each in found if not was_told(asked_key(each)))


def asked_key(asked: Asked) -> str:
    """Names what was asked, for whoever counts what was told."""
    return f"asked {asked.slot} {asked.day}"


def _fresh(asked: Asked, now: datetime) -> bool:
    return asked.open and asked.answered is Answered.NOT and now - asked.at < A_DAY
