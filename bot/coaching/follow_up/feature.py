"""What is added after the end of an engagement: check-ins, a monthly minute, a last good-bye, a way back."""

from bot.coaching.follow_up import leads_to, outcomes, placeholders, predicates, rules
from bot.coaching.follow_up.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="follow_up",
    commands=COMMANDS,
    outcomes={
        "follow_up": outcomes.follow_up,
        "self_coaching": outcomes.self_coaching,
        "last_good_bye": outcomes.last_good_bye,
        "reopening": outcomes.reopening,
    },
    predicates={
        "has_closing_goals": predicates.has_closing_goals,
        "has_ladder": predicates.has_ladder,
        "moved_on_ladder": predicates.moved_on_ladder,
        "has_habits": predicates.has_habits,
        "wants_checkins": predicates.wants_checkins,
        "going_on": predicates.going_on,
        "stays": predicates.stays,
        "something_slipped": predicates.something_slipped,
    },
    validators={"some_days": rules.some_days},
    lists={"closing_goals": rules.goals_at_the_end},
    options={"habits": placeholders.habit_options},
    placeholders={
        "goal_text": placeholders.goal_text,
        "goal_rungs": placeholders.goal_rungs,
        "goal_ladder": placeholders.goal_ladder,
        "goal_was": placeholders.goal_was,
        "levels_in_words": placeholders.levels_in_words,
        "default_days": placeholders.default_days,
        "since_the_end": placeholders.since_the_end,
        "summary_clause": placeholders.summary_clause,
        "next_checkin": placeholders.next_check_in,
        "deleted_on": placeholders.deleted_on,
        "kept_longest": placeholders.kept_longest,
    },
    follow_ups={"follow-up": leads_to.checked_in, "reopening": leads_to.asked_to_reopen},
)
