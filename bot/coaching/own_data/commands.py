"""What anybody can ask for about their own data: `export` and `delete`."""

from datetime import datetime

from bot.coaching.own_data.seen import what_my_coach_sees
from bot.coaching.shared.cards import Command
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.phrases import phrase
from bot.model.records import DataAsked
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import alone


def export(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A copy of all that is theirs, as files in the chat where it was asked for."""
    if not (facts.person.coach or facts.is_client):
        return Reply(says=(phrase("no_role"),))
    return Reply(says=(phrase("export_coming"),), records=(DataAsked(kind="export"),))


def delete(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everything gone, after two questions."""
    if not (facts.person.coach or facts.is_client):
        return Reply(says=(phrase("no_role"),))
    return Reply(opens=Opening(dialogue="delete"))


COMMANDS: tuple[Command, ...] = (
    Command(
        verb="whatmycoachsees",
        who=Who.CLIENT,
        run=what_my_coach_sees,
        shape=alone,
        needs=frozenset({Need.HISTORY}),
    ),
    Command(verb="export", who=Who.EITHER, run=export, shape=alone, needs=frozenset({Need.HISTORY})),
    Command(verb="delete", who=Who.EITHER, run=delete, shape=alone),
)
