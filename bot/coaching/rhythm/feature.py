"""When the bot writes of itself: rest and return, another city, and how to go on after a silence."""

from bot.coaching.rhythm import commands, follow_ups
from bot.coaching.rhythm.fallback import welcomed_back
from bot.coaching.rhythm.outcomes import OUTCOMES
from bot.coaching.rhythm.placeholders import comeback
from bot.coaching.rhythm.predicates import PREDICATES
from bot.coaching.rhythm.validators import VALIDATORS
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.roles import Who
from bot.understanding.commands import Content, Dates, alone, code, journey, when

FEATURE = Feature(
    name="rhythm",
    commands=(
        Command(
            verb="pause",
            who=Who.CLIENT,
            run=commands.pause,
            shape=when,
            in_free_text=when,
            dates=Dates.PAUSE,
            shown=Shown.FIRST,
        ),
        Command(verb="resume", who=Who.CLIENT, run=commands.resume, shape=when),
        Command(
            verb="travel",
            who=Who.CLIENT,
            run=commands.travel,
            in_free_text=journey,
            dates=Dates.REST,
            content=Content.PLACE,
        ),
        Command(verb="start", who=Who.CLIENT, run=commands.resume, shape=code, in_free_text=code),
        Command(verb="stop", who=Who.CLIENT, run=commands.stop, shape=alone),
    ),
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    validators=VALIDATORS,
    placeholders={"comeback_in_words": comeback},
    follow_ups=follow_ups.FOLLOW_UPS,
    fallbacks=(welcomed_back,),
)
