"""What no feature has taken yet. Each feature takes its own from here; empty, it goes."""

from collections.abc import Mapping

from bot.coaching.programme.change import PROGRAM_CHECKS, PROGRAM_OPTIONS, PROGRAM_OUTCOMES
from bot.coaching.programme.commands import PROGRAM_COMMANDS
from bot.coaching.rhythm.fallback import welcomed_back
from bot.coaching.rhythm.predicates import PREDICATES as RHYTHM_PREDICATES
from bot.coaching.shared.cards import Command, Feature, Run, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import (
    Content,
    Dates,
    a_client,
    a_verb,
    alone,
    code,
    journey,
    one_word,
    when,
)
from bot.unsorted import gaps as unsorted_gaps
from bot.unsorted.client_commands import CLIENT_COMMANDS
from bot.unsorted.follow_ups import ROUTINE, routine_follows
from bot.unsorted.outcomes import OUTCOMES

RUN: Mapping[str, Run] = {
    **PROGRAM_COMMANDS,
    **CLIENT_COMMANDS,
}
CLIENT, COACH, EITHER = Who.CLIENT, Who.COACH, Who.EITHER
FIRST, NEVER = Shown.FIRST, Shown.NEVER
PRACTICE = frozenset({Need.PRACTICE})
HISTORY = frozenset({Need.HISTORY})
LAST = frozenset({Need.LAST_ANSWER})


def _card(verb: str, who: Who, **more: object) -> Command:
    return Command(verb=verb, who=who, run=RUN[verb], **more)  # type: ignore[arg-type]


COMMANDS = (
    # client
    _card("pause", CLIENT, shape=when, in_free_text=when, dates=Dates.PAUSE, shown=FIRST),
    _card("resume", CLIENT, shape=when),
    _card("travel", CLIENT, in_free_text=journey, dates=Dates.REST, content=Content.PLACE),
    _card("start", CLIENT, shape=code, in_free_text=code),
    _card("stop", CLIENT, shape=alone),
    # coach
    _card("program", COACH, in_free_text=a_client, needs=PRACTICE | {Need.COMING}, shown=FIRST),
    _card("preview", COACH, in_free_text=a_client),
    # both
)
JOIN = {
    "shape": one_word,
    "in_free_text": code,
}  # said before anybody is known; redeemed before any command is looked up
HELP = {"shape": a_verb, "in_free_text": alone}

FEATURE = Feature(
    name="unsorted",
    commands=COMMANDS,
    options={
        **unsorted_gaps.OPTIONS,
        **PROGRAM_OPTIONS,
    },
    outcomes={
        **OUTCOMES,
        **PROGRAM_OUTCOMES,
    },
    validators=PROGRAM_CHECKS,
    placeholders=unsorted_gaps.NAMES,
    follow_ups={
        **dict.fromkeys(sorted(ROUTINE), routine_follows),
    },
)
RHYTHM = Feature(name="unsorted: rhythm", predicates=RHYTHM_PREDICATES, fallbacks=(welcomed_back,))
