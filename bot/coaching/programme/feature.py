"""What a coach's clients are asked over the whole time, and how it is changed."""

from bot.coaching.programme import change, commands
from bot.coaching.programme.lines import line_now
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import a_client

FEATURE = Feature(
    name="programme",
    commands=(
        Command(
            verb="program",
            who=Who.COACH,
            run=commands.program,
            about=commands.program_of,
            own_words=frozenset({"change"}),
            needs=frozenset({Need.COMING}),
            in_free_text=a_client,
            shown=Shown.FIRST,
        ),
        Command(verb="preview", who=Who.COACH, run=commands.preview, in_free_text=a_client),
    ),
    outcomes=change.OUTCOMES,
    validators=change.VALIDATORS,
    options=change.OPTIONS,
    placeholders={"line_now": line_now},
)
