"""Commitments: made, gone over in check-ins, reported at any time, and taken back."""

from bot.coaching.commitments.commands import checkin, commit, progress, undo
from bot.coaching.commitments.fallback import taken_for_what_it_is
from bot.coaching.commitments.log import log
from bot.coaching.commitments.outcomes import OUTCOMES
from bot.coaching.commitments.placeholders import OPTIONS, PLACEHOLDERS
from bot.coaching.commitments.predicates import PREDICATES
from bot.coaching.commitments.rules import LISTS, STANDS
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import Content, Dates, a_commitment, a_report, alone, few

FEATURE = Feature(
    name="commitments",
    commands=(
        Command(
            verb="log",
            who=Who.CLIENT,
            run=log,
            in_free_text=a_report,
            dates=Dates.REST,
            content=Content.REPORT,
            needs=frozenset({Need.HISTORY}),
            shown=Shown.FIRST,
        ),
        Command(
            verb="commit",
            who=Who.CLIENT,
            run=commit,
            in_free_text=a_commitment,
            dates=Dates.REST,
            content=Content.COMMITMENT,
            shown=Shown.FIRST,
        ),
        Command(
            verb="progress",
            who=Who.CLIENT,
            run=progress,
            shape=few,
            needs=frozenset({Need.HISTORY}),
            shown=Shown.FIRST,
        ),
        Command(verb="checkin", who=Who.CLIENT, run=checkin, shape=alone),
        Command(verb="undo", who=Who.CLIENT, run=undo, shape=alone, needs=frozenset({Need.LAST_ANSWER})),
    ),
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    lists=LISTS,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
    fallbacks=(taken_for_what_it_is,),
    stands=STANDS,
)
