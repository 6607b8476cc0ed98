"""A coach's programme: which dialogues are in it, on which days, and what changing it makes of it. Pure rules.

The menu holds what is put on an agenda. Whatever is not in the menu (commitments, due today, check-ins, consents) is
always there: it follows from what the client chose.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.model.plan import OwnQuestion, Programme
from bot.model.records_plan import Scheduled

CORE = ("before-session", "after-session", "review", "looking-back", "celebrate", "next-chapter", "follow-up")
OPTIONAL = (
    "first-picture",
    "strengths-and-direction",
    "coachs-note",
    "practice-echo",
    "about-the-coaching",
    "sponsor-close",
    "self-coaching",
)
MENU = (*OPTIONAL[:2], *CORE[:2], *OPTIONAL[2:4], *CORE[2:6], *OPTIONAL[4:6], CORE[6], OPTIONAL[6])
DATED: Mapping[str, int] = {"first-picture": 1, "strengths-and-direction": 8}  # day from the start
QUESTIONS = 3  # of a coach's own; more would be a questionnaire
MONTH = 30  # days, for what lies months ahead

_SHORT = frozenset({*CORE, "first-picture", "about-the-coaching"})
TEMPLATES: Mapping[str, Programme] = {
    "three": Programme(template="three", months=3, on=_SHORT, days=DATED),
    "six": Programme(
        template="six", months=6, on=_SHORT | {"strengths-and-direction", "coachs-note", "practice-echo"}, days=DATED
    ),
    "twelve": Programme(template="twelve", months=12, on=frozenset(MENU), days=DATED),
}
STANDARD = TEMPLATES["six"]


def standing(programme: Programme | None) -> Programme:
    """The programme, or the standard one where none was chosen."""
    return programme if programme is not None and programme.template else STANDARD


def wants(programme: Programme, dialogue: str) -> bool:
    """Whether a dialogue is in the programme; what the menu does not hold always is."""
    return dialogue not in MENU or dialogue in standing(programme).on


def opening(programme: Programme, engagement: str, start: date) -> tuple[Scheduled, ...]:
    """What comes on a day of its own, counted from the local day on which the client began."""
    held = standing(programme)
    return tuple(
        Scheduled(dialogue=dialogue, day=start + timedelta(days=day), engagement=engagement)
        for dialogue, day in sorted(held.days.items(), key=lambda entry: (entry[1], entry[0]))
        if dialogue in held.on
    )


def toggled(programme: Programme, dialogue: str) -> Programme:
    """The programme with that dialogue in it, or without it."""
    return replace(programme, on=programme.on ^ {dialogue})


def on_day(programme: Programme, dialogue: str, day: int) -> Programme:
    """The programme with that dialogue on another day from the start."""
    return replace(programme, days={**programme.days, dialogue: day}, on=programme.on | {dialogue})


def worded(programme: Programme, line: str, text: str) -> Programme:
    """The programme with one line (language/dialogue/node) worded anew; an empty text brings the old wording back."""
    others = {key: kept for key, kept in programme.texts.items() if key != line}
    return replace(programme, texts={**others, line: text} if text else others)


def asking(programme: Programme, question: OwnQuestion) -> Programme:
    """The programme with a question more; the oldest goes when there are too many."""
    return replace(programme, questions=(*programme.questions, question)[-QUESTIONS:])


def not_asking(programme: Programme, number: int) -> Programme:
    """The programme without that question, counted from one."""
    return replace(programme, questions=tuple(q for n, q in enumerate(programme.questions, 1) if n != number))
