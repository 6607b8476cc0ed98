"""What no feature has taken yet. Each feature takes its own from here; empty, it goes."""

from collections.abc import Mapping

from bot.coaching.planning import follow_ups as planning_follow_ups
from bot.coaching.planning import gaps as planning_gaps
from bot.coaching.planning import outcomes as planning_outcomes
from bot.coaching.planning import rules as planning_rules
from bot.coaching.planning.commands import GOAL_COMMANDS
from bot.coaching.planning.phase_command import PHASE_COMMANDS
from bot.coaching.practice.away import AWAY_COMMANDS
from bot.coaching.practice.cover import COVER_LISTS, COVER_OUTCOMES, COVER_PREDICATES
from bot.coaching.practice.links import CHAT_COMMANDS
from bot.coaching.practice.outcomes import COACH_OUTCOMES, COACH_PREDICATES
from bot.coaching.programme.change import PROGRAM_CHECKS, PROGRAM_OPTIONS, PROGRAM_OUTCOMES
from bot.coaching.programme.commands import PROGRAM_COMMANDS
from bot.coaching.rhythm.fallback import welcomed_back
from bot.coaching.rhythm.predicates import PREDICATES as RHYTHM_PREDICATES
from bot.coaching.shared.cards import Command, Feature, Run, Shown
from bot.coaching.sponsor.report import REPORT_COMMANDS, REPORT_LISTS, REPORT_OUTCOMES, REPORT_PREDICATES
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import (
    Content,
    Dates,
    a_client,
    a_client_and_more,
    a_verb,
    alone,
    an_absence,
    code,
    few,
    few_or_client,
    journey,
    one_word,
    when,
)
from bot.unsorted import gaps as unsorted_gaps
from bot.unsorted.client_commands import CLIENT_COMMANDS
from bot.unsorted.coach_commands import COACH_COMMANDS
from bot.unsorted.follow_ups import ROUTINE, routine_follows
from bot.unsorted.outcomes import OUTCOMES

RUN: Mapping[str, Run] = {
    **COACH_COMMANDS,
    **PROGRAM_COMMANDS,
    **REPORT_COMMANDS,
    **CLIENT_COMMANDS,
    **CHAT_COMMANDS,
    **AWAY_COMMANDS,
    **GOAL_COMMANDS,
    **PHASE_COMMANDS,
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
    _card("goals", CLIENT, shape=few),
    _card("sponsor", CLIENT, shape=few),
    _card("callme", CLIENT, shape=when, needs=frozenset({Need.AWAY})),
    _card("resume", CLIENT, shape=when),
    _card("travel", CLIENT, in_free_text=journey, dates=Dates.REST, content=Content.PLACE),
    _card("start", CLIENT, shape=code, in_free_text=code),
    _card("stop", CLIENT, shape=alone),
    # coach
    _card("invite", COACH, needs=frozenset({Need.INVITES}), shown=FIRST),
    _card("program", COACH, in_free_text=a_client, needs=PRACTICE | {Need.COMING}, shown=FIRST),
    _card("away", COACH, in_free_text=an_absence, dates=Dates.COVER, needs=frozenset({Need.COLLEAGUES})),
    _card("goals", COACH, shape=few_or_client, in_free_text=a_client, needs=PRACTICE),
    _card("ladder", COACH, in_free_text=a_client_and_more, needs=PRACTICE),
    _card("sponsor", COACH, shape=few_or_client, in_free_text=a_client, needs=PRACTICE),
    _card("phase", COACH, in_free_text=a_client_and_more, needs=PRACTICE),
    _card("confirm", COACH, in_free_text=a_client_and_more, needs=PRACTICE),
    _card("leave", COACH, in_free_text=a_client, needs=PRACTICE),
    _card("handover", COACH, in_free_text=a_client_and_more, needs=PRACTICE | {Need.COLLEAGUES}),
    _card("report", COACH, in_free_text=a_client, needs=PRACTICE),
    _card("reconnect", COACH, in_free_text=a_client, needs=PRACTICE),
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
    predicates={
        **REPORT_PREDICATES,
        **COACH_PREDICATES,
        **COVER_PREDICATES,
        **planning_gaps.PREDICATES,
    },
    validators={**PROGRAM_CHECKS, **planning_gaps.VALIDATORS},
    lists={**REPORT_LISTS, **planning_rules.LISTS, **COVER_LISTS},
    options={
        **unsorted_gaps.OPTIONS,
        **PROGRAM_OPTIONS,
        **planning_gaps.OPTIONS,
    },
    outcomes={
        **OUTCOMES,
        **REPORT_OUTCOMES,
        **COACH_OUTCOMES,
        **COVER_OUTCOMES,
        **PROGRAM_OUTCOMES,
        **planning_outcomes.OUTCOMES,
    },
    placeholders=unsorted_gaps.NAMES,
    follow_ups={
        "sponsor-close": planning_follow_ups.sponsor_wording,
        **planning_follow_ups.FOLLOWS,
        **dict.fromkeys(sorted(ROUTINE), routine_follows),
    },
)
RHYTHM = Feature(name="unsorted: rhythm", predicates=RHYTHM_PREDICATES, fallbacks=(welcomed_back,))
