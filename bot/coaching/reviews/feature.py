"""What reviews add: the monthly review, and another date, size or end of a goal."""

from bot.coaching.reviews import leads_to, outcomes, placeholders, rules
from bot.coaching.reviews.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="reviews",
    commands=COMMANDS,
    outcomes={"review": outcomes.review, "adjust": outcomes.adjust},
    predicates={"has_goals": rules.has_goals},
    options={"goals_at_work": placeholders.goal_options},
    placeholders={
        "review_minutes": placeholders.review_minutes,
        "both_see_goals": placeholders.both_see_goals,
        "goal_slippage": placeholders.goal_slippage,
        "adjusted_in_words": placeholders.adjusted_in_words,
    },
    follow_ups={"review": leads_to.reviewed, "adjust": leads_to.adjusted},
)
