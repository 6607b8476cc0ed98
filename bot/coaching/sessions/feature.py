"""Sessions, what is asked around them, notes and briefs, and what a client thinks through between them."""

from bot.coaching.sessions import brief, commands, follow_ups, notes, outcomes, placeholders
from bot.coaching.sessions.changes import ACTS
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import Dates, a_client, a_client_and_more, alone, never, when

_ROUTINE = ("weekly-checkin", "daily-checkin", "one-tap", "due-today", "monday-focus")
_HISTORY = frozenset({Need.HISTORY})

FEATURE = Feature(
    name="sessions",
    commands=(
        Command(
            verb="session",
            who=Who.CLIENT,
            run=commands.own_sessions,
            own_words=frozenset(ACTS),
            shape=when,
            in_free_text=never,
            dates=Dates.STRETCHES,
        ),
        Command(
            verb="brief",
            who=Who.CLIENT,
            run=brief.own_brief,
            shape=alone,
            in_free_text=never,
            needs=_HISTORY | {Need.NEWEST_ENGAGEMENT},
        ),
        Command(verb="stuck", who=Who.CLIENT, run=commands.stuck),
        Command(verb="angle", who=Who.CLIENT, run=commands.angle),
        Command(
            verb="word",
            who=Who.CLIENT,
            run=notes.word,
            shape=alone,
            needs=frozenset({Need.AWAY}),
            shown=Shown.NEVER,
        ),
        Command(
            verb="brief",
            who=Who.COACH,
            run=brief.brief_of_next,
            about=brief.brief_of,
            when_covering=True,
            shape=a_client,
            in_free_text=a_client,
            needs=_HISTORY,
            shown=Shown.FIRST,
        ),
        Command(
            verb="session",
            who=Who.COACH,
            run=commands.sessions_of_all,
            about=commands.session_with,
            own_words=frozenset(ACTS),
            more=True,
            in_free_text=a_client_and_more,
            dates=Dates.STRETCHES,
            shown=Shown.FIRST,
        ),
        Command(
            verb="note",
            who=Who.COACH,
            run=notes.note_without_name,
            about=notes.note_on,
            own_words=frozenset({notes.KEPT}),
            more=True,
            in_free_text=a_client_and_more,
            shown=Shown.FIRST,
        ),
    ),
    outcomes=outcomes.OUTCOMES,
    predicates=placeholders.PREDICATES,
    options=placeholders.OPTIONS,
    placeholders=placeholders.PLACEHOLDERS,
    follow_ups={"coachs-note": follow_ups.noted, **dict.fromkeys(_ROUTINE, follow_ups.angle_offer)},
)
