"""A coach's programme: which dialogues are in it, on which days, and what changing it makes of it. Pure rules.

The menu holds what is put on an agenda. Whatever is not in the menu (commitments, due today, check-ins, consents) is
always there: it follows from what the client chose. What is in it, and where, stands in the head of each dialogue.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.programme.headers import CORE, HEADERS, ON_DAYS, TEMPLATE_NAMES
from bot.model.plan import OwnQuestion, Programme
from bot.model.records_plan import Scheduled

QUESTIONS = 3  # of a coach's own; more would be a questionnaire
MONTH = 30  # days, for what lies months ahead
MONTHS: Mapping[str, int] = dict(zip(TEMPLATE_NAMES, (3, 6, 12), strict=True))

MENU = tuple(header.name for header in HEADERS.values() if header.programme)
REWORDABLE = tuple(header.name for header in HEADERS.values() if header.rewordable)
DATED: Mapping[str, int] = {h.name: h.day for h in HEADERS.values() if h.group == ON_DAYS}  # day from the start


def in_group(group: str) -> tuple[str, ...]:
    """The dialogues of one group of the menu, in their order."""
    return tuple(header.name for header in HEADERS.values() if header.group == group)


def _template(name: str) -> Programme:
    held = (CORE, *TEMPLATE_NAMES[: TEMPLATE_NAMES.index(name) + 1])
    on = frozenset(dialogue for dialogue in MENU if HEADERS[dialogue].programme in held)
    return Programme(template=name, months=MONTHS[name], on=on, days=DATED)


TEMPLATES: Mapping[str, Programme] = {name: _template(name) for name in TEMPLATE_NAMES}
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
