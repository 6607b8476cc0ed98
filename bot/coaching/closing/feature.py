"""What closing adds: a coach names the end; each side looks back, the client also forward."""

from bot.coaching.closing import leads_to, outcomes, placeholders, rules
from bot.coaching.closing.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="closing",
    commands=COMMANDS,
    outcomes={
        "looking_back": outcomes.looking_back,
        "coach_levels": outcomes.coach_levels,
        "celebrate": outcomes.celebrate,
        "next_chapter": outcomes.next_chapter,
        "about_the_coaching": outcomes.about_the_coaching,
        "your_data": outcomes.your_data,
        "close": outcomes.close,
    },
    predicates={"in_programme": rules.in_programme, "told_of_coaching": rules.told_of_coaching},
    validators={"two_habits": rules.two_habits},
    placeholders={
        "goal_began": placeholders.goal_began,
        "looking_minutes": placeholders.looking_minutes,
        "thanks_in_words": placeholders.thanks_in_words,
        "checkins_in_words": placeholders.check_ins_in_words,
        "ends_on": placeholders.ends_on,
        "data_in_words": placeholders.data_in_words,
        "kept_until": placeholders.kept_until,
    },
    follow_ups={
        "looking-back": leads_to.looked_back,
        "celebrate": leads_to.celebrated,
        "next-chapter": leads_to.looked_ahead,
        "your-data": leads_to.said_what_becomes_of_data,
        "about-the-coaching": leads_to.spoke_of_the_coaching,
        "close-engagement": leads_to.end_set,
    },
)
