"""A habit in somebody's words: said back as it is taken; and `log` with a habit: one more, a number, a rest, an end."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.habits.lines import habit_line, rule_words, week_line
from bot.coaching.habits.rules import (
    MOST_TIMES,
    applicable,
    going,
    holds_from,
    next_day,
    off_of,
    own_habits,
    week_counting,
)
from bot.coaching.shared.lines import on_one_line
from bot.coaching.shared.validators import LINE
from bot.engine.answers import habit_value
from bot.messages.readings import DateKind, Reading
from bot.model.facts import Facts
from bot.model.habits.records import HabitChanged, HabitTold
from bot.model.habits.values import Habit, HabitRule, HabitWords
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Opening, Reply

_NUMBER = re.compile(r"#?(\d{1,4})\b[.:]?\s*")
_TURNS = ("rest", "on", "end", "smaller", "days", "weekly")
_OF = re.compile(r"(\d{1,2})(?:\s*(?:/|[^\W\d_]+)\s*\d{1,2})?")
_LEADING = " \t:,.-–—"


def taken_as_habit(words: HabitWords, said: str, facts: Facts) -> Reply:
    """Open `habit` with what was said, which stands at once; of a rule that cannot be kept nothing does.

    One that goes on already gets the new rule, and is not kept twice.
    """
    if words.rule is None:
        return Reply(says=(phrase("misread_habit_rule"),))
    if not words.text:
        return Reply(says=(phrase("habit_needs_words"),))
    if len(words.text) > LINE:
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    known = next((h for h in going(facts) if h.text.casefold() == words.text.casefold()), None)
    if known is not None and not words.rule.rare:
        return _ruled(known, words.rule, facts)
    return Reply(opens=Opening(dialogue="habit", known={"what": (habit_value(words), said)}))


def _ruled(habit: Habit, rule: HabitRule, facts: Facts) -> Reply:
    """Another rule for it, from today or the next week on."""
    if rule == habit.newest_rule:
        return Reply(says=(habit_line(habit, facts.today, off_of(facts), own=True), *_how(habit)))
    since = holds_from(habit, facts.today, off_of(facts))
    turn = HabitChanged(key=f"habit_turn:{habit.id}", habit=habit.id, kind="rule", since=since, rule=rule)
    return _echo("habit_rule", habit, (turn,), rule=rule_words(rule), day=since)


# -- `log` -----------------------------------------------------------------------------------------------------------


def log_habit(reading: Reading, facts: Facts) -> Reply | None:
    """What `log` says of a habit; None where its words name none."""
    habit, rest = _named(reading.rest, facts)
    if habit is None:
        return None
    reply = _told(habit, rest, reading, facts)
    if not habit.private:
        return reply
    return replace(reply, own=True, opens=replace(reply.opens, private=True) if reply.opens is not None else None)


def _told(habit: Habit, rest: str, reading: Reading, facts: Facts) -> Reply:
    if habit.ended:
        return Reply(says=(phrase("habit_over", habit=on_one_line(habit.text)),))
    if rest.isdecimal():
        return _number(habit, int(rest), facts)
    kind, behind = _turn(reading, rest)
    rule = reading.habit.rule if reading.habit is not None and not kind else None
    if rule is not None and not rule.rare:
        return _ruled(habit, rule, facts)
    if kind == "smaller":
        return _smaller(habit, behind, facts)
    if kind in ("days", "weekly"):
        return _asked(habit, facts, each_day=kind == "days")
    if kind:
        until = next((d.day for d in reading.dates if d.kind is DateKind.FUTURE and behind), None)
        return _turned(habit, kind, until, facts)
    if reading.report == "done":
        return one_more(habit, facts)
    return Reply(says=(habit_line(habit, facts.today, off_of(facts), own=True), *_how(habit)), buttons=_buttons(habit))


def _turn(reading: Reading, rest: str) -> tuple[str, str]:
    """What is to become of it, by the longest words that stand for that, and what stands behind them."""
    words = rest.split()
    for length in range(min(len(words), 3), 0, -1):
        kind = reading.means(" ".join(words[:length]))
        if kind in _TURNS:
            return kind, " ".join(words[length:])
    return "", ""


def _how(habit: Habit) -> tuple[Phrase, ...]:
    return (phrase("habit_how", number=habit.number),)


def _buttons(habit: Habit) -> tuple[tuple[str, Phrase], ...]:
    return tuple((f"/log {habit.number} {word}", phrase(f"button_habit_{word}")) for word in ("rest", "smaller", "end"))


def one_more(habit: Habit, facts: Facts) -> Reply:
    """One of it was done today."""
    told = HabitTold(key=f"habit:{habit.id}", habit=habit.id, done=1, day=facts.today, single=True)
    return _counted(habit, told, facts)


def _counted(habit: Habit, told: HabitTold, facts: Facts) -> Reply:
    """What is told of a week in which there is nothing to do is not counted, and that is said."""
    off = off_of(facts)
    week = week_counting(habit, facts.today, off)
    if applicable(habit, week, off):
        return Reply(says=(week_line(habit, (told,), week, off),), records=(told,))
    day, name = next_day(habit, facts.today, off), on_one_line(habit.text)
    return Reply(says=(phrase("habit_comes_on", habit=name, day=day) if day else phrase("habit_not_now", habit=name),))


def week_told(text: str, facts: Facts) -> Reply | None:
    """The habit by all of its name and a number alone behind it, "gym 2" or "gym 2 of 3": so many this week."""
    habit, rest = habit_named(text, facts)
    found = _OF.fullmatch(rest) if habit is not None and not habit.ended else None
    return _number(habit, int(found[1]), facts) if habit is not None and found is not None else None


def _number(habit: Habit, done: int, facts: Facts) -> Reply:
    """So many in this week, in place of what was told of it before."""
    off = off_of(facts)
    week = week_counting(habit, facts.today, off)
    of = applicable(habit, week, off)
    if done > of > 0:
        return Reply(says=(phrase("habit_fewer", habit=on_one_line(habit.text), count=of),))
    return _counted(habit, HabitTold(key=f"habit:{habit.id}", habit=habit.id, done=done, day=week), facts)


def _turned(habit: Habit, kind: str, until: date | None, facts: Facts) -> Reply:
    if kind == "on" and not habit.rests(facts.today):
        return Reply(says=(phrase("habit_goes_on_already", habit=on_one_line(habit.text)),))
    last = until - timedelta(days=1) if kind == "rest" and until is not None else None
    if last is not None and last < facts.today:
        return Reply(says=(phrase("misread_date_past"),))
    since = holds_from(habit, facts.today, off_of(facts))
    turn = HabitChanged(key=f"habit_turn:{habit.id}", habit=habit.id, kind=kind, since=since, until=last)
    return _echo(f"habit_{kind}_until" if last else f"habit_{kind}", habit, (turn,), number=habit.number, until=until)


def _asked(habit: Habit, facts: Facts, *, each_day: bool) -> Reply:
    """Whether it is asked about on its days as well."""
    if each_day and not habit.newest_rule.on_days:
        return Reply(says=(phrase("habit_has_no_days", habit=on_one_line(habit.text)),))
    turn = HabitChanged(
        key=f"habit_turn:{habit.id}", habit=habit.id, kind="asked", since=facts.today, each_day=each_day
    )
    return _echo("habit_days" if each_day else "habit_weekly", habit, (turn,))


def _smaller(habit: Habit, behind: str, facts: Facts) -> Reply:
    """A number behind it is so many times a week; else it is asked."""
    if not behind.isdecimal() or not 1 <= int(behind) <= MOST_TIMES:
        return Reply(opens=Opening(dialogue="smaller-habit", items=(habit.id,)))
    return _ruled(habit, HabitRule(times=int(behind)), facts)


def _echo(key: str, habit: Habit, records: tuple[HabitChanged, ...], **params: object) -> Reply:
    return Reply(says=(phrase(key, habit=on_one_line(habit.text), **params),), records=records)


# -- which habit -----------------------------------------------------------------------------------------------------


def _named(text: str, facts: Facts) -> tuple[Habit | None, str]:
    """The habit that a text begins with, by number or by its words, and what stands behind."""
    number = _NUMBER.match(text.strip())
    if number is not None:
        by_number = {habit.number: habit for habit in own_habits(facts)}
        return by_number.get(int(number[1])), text.strip()[number.end() :].strip(_LEADING)
    return habit_named(text, facts)


def habit_named(text: str, facts: Facts) -> tuple[Habit | None, str]:
    """The habit whose words, or whose first word alone, a text begins with, and what stands behind; those over last."""
    said = " ".join(text.split())
    ordered = sorted(own_habits(facts), key=lambda habit: (habit.ended, -len(habit.text)))
    names = [(habit, " ".join(habit.text.split()[:words])) for words in (None, 1) for habit in ordered]
    for habit, name in names:
        if name and re.match(rf"{re.escape(name)}(?!\w)", said, re.IGNORECASE):
            return habit, said[len(name) :].strip(_LEADING)
    return None, ""
