"""Reading an answer: buttons and typed text go through the same parser, one for each kind.

A parser takes the question and the reading of a text and gives `Parsed`, or `Misread` with the reason's key.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.engine.buttons import ALL, bounds, level_options
from bot.engine.dialogue.tree import Ask, Kind
from bot.engine.matching import numbers_in, option_meant, option_named, plain
from bot.messages.readings import DateKind, DateReading, Deed, Reading
from bot.model.habits.values import HabitRule, HabitWords
from bot.model.phrases import Phrase, phrase
from bot.rendering.nil_words import is_nil
from bot.rendering.wording import Wording

TEXT_LIMIT = 2_000  # characters of one answer; a line or two is what is asked for
LINE_LIMIT = 500  # characters of what is asked for as a line
LIST_LIMIT = 7
_ANY_WORDS = ("", "a_line")  # checks of free words; where a name or a city is asked for, "no" is none


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """A value, JSON-able, and the words that echo it; None for an answer that says that there is nothing to say."""

    value: Any
    label: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Misread:
    """Why it could not be taken: a phrase of the catalogue."""

    why: Phrase = field(default_factory=lambda: phrase("misread_choice"))


Reader = Callable[[Ask, Reading, Wording], Parsed | Misread]


def parse(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    """The answer that a reading gives to a question."""
    return READERS[ask.kind](ask, reading, wording)


def steers(ask: Ask, value: Any) -> bool:
    """Whether an answer is an option that steers the dialogue, such as "!later", and no words that begin like one."""
    return str(value).startswith("!") and any(option.value == value for option in ask.options)


def ends_list(reading: Reading, wording: Wording) -> bool:
    """Whether a list is to end: "That's all", tapped or typed, or a word for nothing."""
    said = plain(reading.text)
    ready = {plain(wording.say("choices_ready")), *map(plain, wording.words["enough"])}
    return reading.text == ALL or said in ready or is_nil(reading.text, wording)


def _scale(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    low, high = bounds(ask)
    why = Misread(why=phrase("misread_scale", low=low, high=high))
    numbers = numbers_in(reading.text, wording)
    said = reading.text.lower()
    if len(numbers) == 2 and numbers[1] == high and ("/" in said or {*wording.words["out_of"]} & {*said.split()}):
        numbers = numbers[:1]
    if len(numbers) != 1 or numbers[0] != int(numbers[0]) or not low <= numbers[0] <= high:
        return why
    return Parsed(value=int(numbers[0]), label=str(int(numbers[0])))


def _number(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    numbers = numbers_in(reading.text, wording)
    low, high = ask.low, ask.high
    if len(numbers) != 1 or (low is not None and numbers[0] < low) or (high is not None and numbers[0] > high):
        return Misread(why=phrase("misread_number", low=low, high=high))
    value = numbers[0]
    return Parsed(value=int(value) if value == int(value) else value, label=f"{value:g}")


def _choice(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    found = option_meant(ask.options, reading.text, wording)
    return Parsed(value=found.value, label=found.label) if found else Misread()


def _choices(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    whole = option_meant(ask.options, reading.text, wording)  # a label may hold an "and" itself
    parts = [part for part in re.split(r"[,;\n]|\s(?:and|und)\s", reading.text) if part.strip()]
    found = [whole] if whole else [option_meant(ask.options, part, wording) for part in parts]
    picked = {o.value: o.label for o in found if o is not None}
    if not picked or None in found:
        return Misread(why=phrase("misread_choices"))
    return Parsed(value=list(picked), label=", ".join(picked.values()))


def _level(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    """A number, the name of a level, or its sentence where the ladder is known."""
    text = reading.text.strip().replace("−", "-").replace("–", "-")
    if re.fullmatch(r"[+-]?[0-2]", text):
        level = int(text)
        return Parsed(value=level, label=wording.say(f"level_{level}"))
    found = option_named(level_options(ask, wording), text)
    if found is None:
        return Misread(why=phrase("misread_level"))
    return Parsed(value=int(found.value), label=wording.say(f"level_{int(found.value)}"))


def _yes_no(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    text = plain(reading.text)
    for value, known in ((True, "yes"), (False, "no")):
        if text in wording.words[known]:
            return Parsed(value=value, label=wording.say(f"answer_{known}"))
    return Misread(why=phrase("misread_yes_no"))


def _text(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    """Options of a text are suggestions, tapped or typed as they read; anything else is taken as it stands."""
    said = plain(reading.text)
    tapped = next((o for o in ask.options if o.value == reading.text), None) or next(
        (o for o in ask.options if said and said in (plain(o.label), *map(plain, o.also))), None
    )
    if tapped is not None:
        return Parsed(value=tapped.value, label=tapped.label)
    again = reading.literal and any(deed.habit for deed in reading.deeds)  # an edit; else it has its own dialogue
    if ask.several and (len(reading.deeds) > 1 or again):
        return _deeds(reading)
    nil = ask.check in _ANY_WORDS and is_nil(reading.text, wording)
    return Parsed(value=None if nil else reading.text, label=reading.text)


def _date(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    if is_nil(reading.text, wording):
        return Parsed(value=None, label=reading.text)
    found = reading.dates[0] if reading.dates else _tapped_day(reading.text)
    if found.kind is not DateKind.FUTURE or found.day is None:
        return Misread(why=phrase(f"misread_date_{found.kind}"))
    return Parsed(value=found.day.isoformat(), label=found.day)


def _tapped_day(text: str) -> DateReading:
    try:
        return DateReading(kind=DateKind.FUTURE, day=date.fromisoformat(text))
    except ValueError:
        return DateReading(kind=DateKind.NONE)


def _commitments(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    if is_nil(reading.text, wording):
        return Parsed(value=None, label=reading.text)
    lines = [line for line in lines_of(reading.text) if not is_nil(line, wording)]
    if not lines:
        return Misread(why=phrase("trouble_empty"))
    if len(lines) > list_limit(ask):
        return Misread(why=phrase("misread_list_long", limit=list_limit(ask)))
    if ask.several and len(lines) <= len(reading.deeds) <= list_limit(ask):
        return _deeds(reading)
    dated = len(reading.dates) == len(lines) and not ask.undated
    dates = reading.dates if dated else [DateReading(kind=DateKind.NONE)] * len(lines)
    wanted = [_commitment(line, found) for line, found in zip(lines, dates, strict=True)]
    return Parsed(value=wanted, label=[line["text"] for line in wanted])


def _deeds(reading: Reading) -> Parsed | Misread:
    """Several promises in one answer, as a list holds them; a rule that is to be said back first is none of them."""
    wrong = unkept_rule(reading.deeds)
    if wrong is not None:
        return Misread(why=wrong)
    wanted = [entry_of(deed) for deed in reading.deeds]
    return Parsed(value=wanted, label=words_of_list(wanted))


def unkept_rule(deeds: Iterable[Deed]) -> Phrase | None:
    """Why one of several things cannot be taken as the habit that it is: no such rule, or one to be said back first."""
    for deed in deeds:
        if deed.habit is not None and deed.habit.rule is None:
            return phrase("misread_habit_rule")
        if deed.habit is not None and deed.habit.rule is not None and deed.habit.rule.rare:
            return phrase("misread_habit_rare", habit=deed.text, day=max(deed.habit.rule.month_days))
    return None


def entry_of(deed: Deed) -> dict[str, Any]:
    """A promise as a list holds it; what comes again and again with its rule and all of its words."""
    entry = _entry(deed.text or deed.day.phrase, deed.day)
    return entry if deed.habit is None else {**entry, "habit": {**habit_value(deed.habit), "said": deed.said}}


def list_limit(ask: Ask) -> int:
    """How many entries a list takes at most."""
    return ask.high or LIST_LIMIT


def longer(ask: Ask, listed: list[dict[str, Any]], parsed: Parsed) -> Parsed | Misread:
    """A list with further entries behind those that it had."""
    entries = [*listed, *(parsed.value or ())]
    if len(entries) > list_limit(ask):
        return Misread(why=phrase("misread_list_long", limit=list_limit(ask)))
    return Parsed(value=entries, label=words_of_list(entries))


def words_of_list(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """The entries of a list as they were said, a day aside."""
    return [(entry.get("habit") or {}).get("said") or entry["text"] for entry in entries]


def _commitment(line: str, found: DateReading) -> dict[str, Any]:
    return _entry(without_date(line, found), found)


def _entry(text: str, found: DateReading) -> dict[str, Any]:
    day = found.day.isoformat() if found.kind is DateKind.FUTURE and found.day else None
    return {"text": text, "day": day}


def _habit(ask: Ask, reading: Reading, wording: Wording) -> Parsed | Misread:
    """What comes again and again, as its words and its rule; a number alone is so many times a week, as on a button."""
    times = numbers_in(reading.text, wording) if reading.habit is None else []
    if len(times) == 1 and len(reading.text.split()) == 1 and times[0] == int(times[0]) > 0:
        tapped = next((o.label for o in ask.options if o.value == reading.text), reading.text)
        return Parsed(value=habit_value(HabitWords(text="", rule=HabitRule(times=int(times[0])))), label=tapped)
    if reading.habit is None:
        return Misread(why=phrase("misread_habit"))
    if reading.habit.rule is None:
        return Misread(why=phrase("misread_habit_rule"))
    return Parsed(value=habit_value(reading.habit), label=reading.text)


def habit_value(said: HabitWords) -> dict[str, Any]:
    """A habit as an answer keeps it."""
    rule = said.rule or HabitRule()
    days = {"weekdays": list(rule.weekdays), "month_days": list(rule.month_days)}
    return {"text": said.text, "times": rule.times, **days, "every": rule.every, "nth": rule.nth}


def without_date(text: str, found: DateReading) -> str:
    """The text with the date's own words cut off its end or start; left whole when they stand inside it."""
    if found.kind is not DateKind.FUTURE or not found.phrase:
        return text.strip()
    stripped = text.strip(" .,;!")
    if stripped.endswith(found.phrase):
        stripped = stripped.removesuffix(found.phrase)
    elif stripped.startswith(found.phrase):
        stripped = stripped.removeprefix(found.phrase)
    return stripped.strip(" .,;:-") or text.strip()


def date_in_passing(ask: Ask, parsed: Parsed, reading: Reading) -> tuple[Parsed, Parsed | None]:
    """The words of an answer without the day that they name, and that day; None when they name no day to come.

    An answer that is a day and nothing else has no words, but where a promise is asked for.
    """
    found = reading.dates[0] if reading.dates else None
    if not isinstance(parsed.value, str):
        return parsed, None
    if len(reading.deeds) == 1 and not _is_option(ask, parsed):
        said = reading.deeds[0].said or reading.deeds[0].text or parsed.value
        parsed = Parsed(value=said, label=said)
    if found is None or found.kind is not DateKind.FUTURE or found.day is None:
        return parsed, None
    text = without_date(parsed.value, found)
    bare = text.strip(" .,;!").casefold() == found.phrase.casefold() and not ask.several
    words = Parsed(value=None, label=found.day) if bare else Parsed(value=text, label=text)
    return words, Parsed(value=found.day.isoformat(), label=found.day)


def _is_option(ask: Ask, parsed: Parsed) -> bool:
    return any(option.value == parsed.value for option in ask.options)


def lines_of(text: str) -> list[str]:
    """The entries of a list: one a line, or parted by semicolons; bullets and numbers in front are dropped."""
    parts = (re.sub(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+", "", part).strip() for part in re.split(r"[\n;]", text))
    return [part for part in parts if part]


READERS: Mapping[Kind, Reader] = {
    Kind.SCALE: _scale,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.COMMITMENTS: _commitments,
    Kind.LEVEL: _level,
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: _number,
    Kind.HABIT: _habit,
}
