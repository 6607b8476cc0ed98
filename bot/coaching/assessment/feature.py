"""What the feature adds: `assessment`, with the questions on strengths and the sorting of values.

A questionnaire has its place in this folder, too.
"""

from bot.coaching.assessment import placeholders
from bot.coaching.assessment.commands import COMMANDS
from bot.coaching.assessment.outcomes import strengths
from bot.coaching.assessment.rules import EIGHT, FIVE, at_most, more_than, third_is_open
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="assessment",
    commands=COMMANDS,
    outcomes={"strengths": strengths},
    predicates={"values_more_than": more_than, "third_is_open": third_is_open},
    validators={"eight_values": at_most(EIGHT), "five_values": at_most(FIVE)},
    options={
        "all_values": placeholders.all_values,
        "picked_values": placeholders.picked_values,
        "values_for_first": placeholders.left_after(),
        "values_for_second": placeholders.left_after("first"),
        "values_for_third": placeholders.left_after("first", "second"),
    },
    placeholders={"values_in_words": placeholders.values_in_words},
)
