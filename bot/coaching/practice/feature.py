"""A practice: who joins it, who is away and who reads meanwhile, who takes over, and how a client reaches the coach."""

from bot.coaching.practice import call, commands, outcomes, placeholders, predicates
from bot.coaching.practice.away import away
from bot.coaching.practice.invite import invite
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import Dates, a_client, a_client_and_more, an_absence, code, when

_COLLEAGUES = frozenset({Need.COLLEAGUES})

FEATURE = Feature(
    name="practice",
    commands=(
        Command(verb="callme", who=Who.CLIENT, run=call.callme, shape=when, needs=frozenset({Need.AWAY})),
        Command(verb="invite", who=Who.COACH, run=invite, needs=frozenset({Need.INVITES}), shown=Shown.FIRST),
        Command(
            verb="away",
            who=Who.COACH,
            run=away,
            in_free_text=an_absence,
            dates=Dates.COVER,
            needs=_COLLEAGUES,
        ),
        Command(
            verb="confirm",
            who=Who.COACH,
            about=commands.confirm,
            more=True,
            when_unconfirmed=True,
            in_free_text=a_client_and_more,
        ),
        Command(verb="leave", who=Who.COACH, about=commands.leave, when_unconfirmed=True, in_free_text=a_client),
        Command(
            verb="handover",
            who=Who.COACH,
            about=commands.handover,
            more=True,
            when_unconfirmed=True,
            in_free_text=a_client_and_more,
            needs=_COLLEAGUES,
        ),
        Command(verb="reconnect", who=Who.COACH, about=commands.reconnect, in_free_text=a_client),
        Command(verb="link", who=Who.EITHER, run=commands.link, shape=code, in_free_text=code),
    ),
    outcomes=outcomes.OUTCOMES,
    predicates=predicates.PREDICATES,
    lists=outcomes.LISTS,
    placeholders=placeholders.PLACEHOLDERS,
)
