"""The buttons of a question."""

from datetime import timedelta

from bot.engine.dialogue.tree import Ask, Kind, Option
from bot.messages.outgoing import Choice
from bot.model.facts import Facts
from bot.rendering.wording import Wording

ALL = "="  # the button that ends a list, or sends off what is ticked
LEVELS = (-2, -1, 0, 1, 2)


def choices_of(ask: Ask, wording: Wording, picked: tuple[str, ...] = (), *, listed: bool = False) -> tuple[Choice, ...]:
    """The buttons of a question, in order; none for a question that is answered in words, but to end a list."""
    match ask.kind:
        case Kind.COMMITMENTS if listed:
            return (Choice(value=ALL, label=wording.say("choices_ready")),)
        case Kind.CHOICE | Kind.TEXT | Kind.HABIT:
            return tuple(Choice(value=o.value, label=o.label) for o in ask.options)
        case Kind.CHOICES:
            boxes = tuple(Choice(value=o.value, label=o.label, picked=o.value in picked) for o in ask.options)
            return (*boxes, Choice(value=ALL, label=wording.say("choices_ready")))
        case Kind.SCALE:
            low, high = bounds(ask)
            return tuple(Choice(value=str(n), label=str(n)) for n in range(low, high + 1))
        case Kind.LEVEL:
            return tuple(Choice(value=o.value, label=o.label) for o in level_options(ask, wording))
        case Kind.YES_NO:
            return tuple(Choice(value=v, label=wording.say(f"answer_{v}")) for v in ("yes", "no"))
        case _:
            return ()


def days_to_tap(facts: Facts, wording: Wording) -> tuple[Choice, ...]:
    """A few days for someone whose date could not be read: tomorrow, and the last working days of two weeks."""
    last = max(facts.wishes.working_days, default=4)
    week_end = facts.today + timedelta(days=(last - facts.today.weekday()) % 7 or 7)
    days = sorted({facts.today + timedelta(days=1), week_end, week_end + timedelta(days=7)})
    return tuple(Choice(value=day.isoformat(), label=wording.write(day)) for day in days)


def columns_of(ask: Ask) -> int:
    """How many buttons fit a row at best."""
    return {Kind.SCALE: 5, Kind.YES_NO: 2}.get(ask.kind, ask.columns)


def level_options(ask: Ask, wording: Wording) -> tuple[Option, ...]:
    """The levels, with the sentences of the goal's own ladder where there is one; either name means the level."""
    worded = {int(option.value): option.label for option in ask.options}
    return tuple(
        Option(
            value=f"{level:+d}",
            label=worded.get(level) or wording.say(f"level_{level}"),
            also=(wording.say(f"level_{level}"),),
        )
        for level in LEVELS
    )


def bounds(ask: Ask) -> tuple[int, int]:
    """The lowest and the highest number of a scale."""
    return (1 if ask.low is None else ask.low, 10 if ask.high is None else ask.high)
