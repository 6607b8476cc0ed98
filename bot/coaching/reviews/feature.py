"""What reviews add: the monthly review, and another date, size or end of a goal."""

from bot.coaching.reviews import commands, follow_ups, outcomes, placeholders, rules
from bot.coaching.shared.cards import Command, Feature
from bot.model.roles import Who
from bot.understanding.commands import a_client, alone

FEATURE = Feature(
    name="reviews",
    commands=(
        Command(verb="review", who=Who.CLIENT, run=commands.own_review, in_free_text=alone),
        Command(verb="adjust", who=Who.CLIENT, run=commands.adjust_own, in_free_text=alone),
        Command(verb="review", who=Who.COACH, about=commands.ask_for_review, in_free_text=a_client),
        Command(verb="adjust", who=Who.COACH, about=commands.adjust_for_client, in_free_text=a_client),
    ),
    outcomes={"review": outcomes.review, "adjust": outcomes.adjust},
    predicates={"has_goals": rules.has_goals},
    options={"goals_at_work": placeholders.goal_options},
    placeholders={
        "review_minutes": placeholders.review_minutes,
        "both_see_goals": placeholders.both_see_goals,
        "goal_slippage": placeholders.goal_slippage,
        "adjusted_in_words": placeholders.adjusted_in_words,
    },
    follow_ups={"review": follow_ups.reviewed, "adjust": follow_ups.adjusted},
)
