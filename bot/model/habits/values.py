"""What somebody does again and again: its rule, what was told of it, and what became of it.

Days are local dates of the client, weekdays count from Monday = 0.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitRule:
    """When a habit comes: on weekdays, on days of the month, or so many `times` in a week, whichever days.

    A day of the month that a month has not stands for its last one, and so does 0. `every` is after how many weeks it
    comes again; with `nth`, only that one of a month's days comes (the first is 1, the last -1).
    """

    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    times: int = 0
    every: int = 1
    nth: int = 0

    @property
    def on_days(self) -> bool:
        """It has days of its own."""
        return bool(self.weekdays or self.month_days)

    @property
    def rare(self) -> bool:
        """One of its days is missing in some months."""
        return any(day > 28 for day in self.month_days)


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitWords:
    """A text in which something comes again: what, and by which rule; None for a rule that nothing here can keep."""

    text: str
    rule: HabitRule | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitCount:
    """What was told of a habit: `done` times in the week of `day`; `single`: on that very day."""

    day: date
    done: int
    single: bool = False
    told: date | None = None
    run: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitTurn:
    """What became of a habit from a day on: `kind` is rest (up to `until`, included), on, end, rule or asked.

    `rule` is the new one, `each_day` says whether it is asked on its days.
    """

    kind: str
    since: date
    until: date | None = None
    rule: HabitRule | None = None
    each_day: bool = False
    run: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """Something that somebody does again and again, as it was made; `counts` and `turns` stand in the order of telling.

    `number` is what the client types to name it, one of the row of commitments; `each_day`: it is asked on its days as
    well, which `asked` says the last of; `private`: kept from the coach. `run` is the dialogue in which it was made.
    """

    id: str
    number: int
    engagement: str
    text: str
    rule: HabitRule
    made: date
    goal: str = ""
    each_day: bool = False
    private: bool = False
    asked: date | None = None
    run: str = ""
    counts: tuple[HabitCount, ...] = ()
    turns: tuple[HabitTurn, ...] = ()

    @property
    def ended(self) -> bool:
        """It is over."""
        return any(turn.kind == "end" for turn in self.turns)

    @property
    def asks_each_day(self) -> bool:
        """Whether it is asked on its days, as was said last."""
        said = [turn.each_day for turn in self.turns if turn.kind == "asked"]
        return said[-1] if said else self.each_day

    @property
    def newest_rule(self) -> HabitRule:
        """The rule that was given last."""
        return next((turn.rule for turn in reversed(self.turns) if turn.rule is not None), self.rule)

    def rests(self, today: date) -> bool:
        """Say whether it rests."""
        last = next((turn for turn in reversed(self.turns) if turn.kind in ("rest", "on")), None)
        return last is not None and last.kind == "rest" and (last.until is None or last.until >= today)

    def without(self, run: str) -> "Habit":
        """The habit as if nothing had been told of it in that run."""
        counts = tuple(count for count in self.counts if count.run != run)
        return replace(self, counts=counts, turns=tuple(turn for turn in self.turns if turn.run != run))


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysOff:
    """What a habit's week is counted by: working days and holidays; `pauses` are first and last days, both included.

    `fortnightly`: somebody is asked every other week only.
    """

    working_days: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    pauses: tuple[tuple[date, date | None], ...] = ()
    fortnightly: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A week, named by its first day: what was done of what there was to do."""

    week: date
    done: int
    of: int


def summed(weeks: Collection[Counted]) -> tuple[int, int]:
    """What was done in these weeks together, and of how many."""
    return sum(week.done for week in weeks), sum(week.of for week in weeks)
