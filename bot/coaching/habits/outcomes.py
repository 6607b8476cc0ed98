"""What answers about habits come to: pure functions from answers to records, named in the YAML."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.habits.rules import going, holds_from, off_of, own_habits, to_ask, to_ask_today
from bot.coaching.habits.said import day_here, habit_here, rule_of, said, stands, week_here
from bot.model.commitments.records import Reported
from bot.model.facts import Facts
from bot.model.habits.records import HabitChanged, HabitMade, HabitTold
from bot.model.habits.values import HabitRule
from bot.model.people.answers import Audience
from bot.model.records import Record
from bot.model.replies import Given

_WEEK = timedelta(days=7)


def habit(given: Given) -> tuple[Record, ...]:
    """A habit, and what waits for it. One whose rule is rare waits for its yes."""
    found = said(given)
    if found is None or not stands(given) or given.get("right") == "drop":
        return ()
    text, rule = found
    hidden = any(given.audience(asked) is Audience.PRIVATE for asked in ("what", "right", "instead"))
    made = habit_made(given, key="habit", text=text, rule=rule, private=hidden)
    return (replace(made, each_day=given.get("right") == "each_day"), *_waits(given))


def habit_made(given: Given, *, key: str, text: str, rule: HabitRule, private: bool, goal: str = "") -> HabitMade:
    """A habit of the engagement that a dialogue is about, for the goal that was chosen in it if no other is named."""
    return HabitMade(
        key=key, text=text, rule=rule, engagement=given.engagement, goal=goal or _goal(given), private=private
    )


def _goal(given: Given) -> str:
    """The goal that was chosen; where there is but one, that."""
    active = given.plan_here.active_goals
    chosen = given.get("goal")
    if chosen is None and len(active) == 1:
        return active[0].id
    return next((goal.id for goal in active if goal.id == chosen), "")


def _waits(given: Given) -> Iterator[Record]:
    waits = given.get("waits")
    if waits is None or waits == "none":
        return
    other = given.facts.habit(waits)
    if other is None:
        yield Reported(key=waits, commitment=waits, report="parked")
    else:
        since = holds_from(other, day_here(given), off_of(given.facts))
        yield HabitChanged(key=waits, habit=waits, kind="rest", since=since)


# -- the week's count ------------------------------------------------------------------------------------------------


def habits_told(given: Given) -> Iterator[Record]:
    """How many it were of each habit that a check-in asked about, and what is to become of it."""
    for item in given.lists.get("habits", ()):
        at = given.inside("habits", item)
        kept = at.get("kept")
        if kept is not None and habit_here(at) is not None:
            week = week_here(at)
            yield HabitTold(key=f"habit:{item}", habit=item, done=int(kept), day=week)
            yield from _changed(at, item, since=max(week + _WEEK, day_here(at)))


def _changed(at: Given, item: str, since: date) -> Iterator[Record]:
    next_step, key = at.get("next"), f"habit_next:{item}"
    if next_step in ("rest", "end"):
        yield HabitChanged(key=key, habit=item, kind=next_step, since=since)
    elif next_step == "smaller":
        yield from _smaller(at, item, since)


def _smaller(at: Given, item: str, since: date) -> Iterator[Record]:
    value = at.get("smaller")
    if value is not None:
        yield HabitChanged(key=f"habit_next:{item}", habit=item, kind="rule", since=since, rule=rule_of(value))


def smaller(given: Given) -> tuple[Record, ...]:
    """Another rule for the habit that the dialogue is about."""
    found: list[Record] = []
    for item in given.lists.get("chosen_habits", ()):
        at = given.inside("chosen", item)
        here = habit_here(at)
        if here is not None:
            found += _smaller(at, item, holds_from(here, day_here(given), off_of(given.facts)))
    return tuple(found)


# -- on its day ------------------------------------------------------------------------------------------------------


def today(given: Given) -> tuple[Record, ...]:
    """What was done of the habits of a day."""
    found: list[Record] = []
    for item in given.lists.get("habits_today", ()):
        at = given.inside("today", item)
        done = at.get("done")
        if done is not None and habit_here(at) is not None:
            key, day = f"habit:{item}", day_here(at)
            found.append(HabitTold(key=key, habit=item, done=int(done == "yes"), day=day, single=True))
    return tuple(found)


# -- lists -----------------------------------------------------------------------------------------------------------


def _habits(facts: Facts, engagement: str) -> tuple[str, ...]:
    """Those that a check-in of today asks about."""
    return tuple(habit.id for habit in to_ask(own_habits(facts), facts.today, off_of(facts)))


def _is_asked(given: Given) -> bool:
    """Whether a check-in still comes to a habit: not where its week was told elsewhere in the meantime."""
    if any(f"[{given.item}]." in key for key in given.values):
        return True
    found = habit_here(given)
    return found is not None and bool(to_ask((found,), day_here(given), off_of(given.facts)))


def _today(facts: Facts, engagement: str) -> tuple[str, ...]:
    """Those whose day it is."""
    return tuple(habit.id for habit in to_ask_today(own_habits(facts), facts.today, off_of(facts)))


def _is_asked_today(given: Given) -> bool:
    """Whether its day is still to be asked about: not where it was told elsewhere in the meantime."""
    if any(f"[{given.item}]." in key for key in given.values):
        return True
    found = habit_here(given)
    return found is not None and bool(to_ask_today((found,), day_here(given), off_of(given.facts)))


def _all_habits(facts: Facts, engagement: str) -> tuple[str, ...]:
    """All that go on, where none is named when the dialogue begins."""
    return tuple(habit.id for habit in going(facts))


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "habit": habit,
    "smaller_habit": smaller,
    "habits_today": today,
    "habits_week": lambda given: tuple(habits_told(given)),
}
LISTS: Mapping[str, Callable[[Facts, str], tuple[str, ...]]] = {
    "habits": _habits,
    "habits_today": _today,
    "chosen_habits": _all_habits,
}
STANDS: Mapping[str, Callable[[Given], bool]] = {"habits": _is_asked, "habits_today": _is_asked_today}
