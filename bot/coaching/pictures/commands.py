"""`pictures`: a client's own progress as pictures, and for a coach that of a client as far as it is shown to them."""

from datetime import datetime

from bot.coaching.pictures.pictures import own_pictures, seen_pictures
from bot.coaching.shared.cards import Command
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.records import DataViewed
from bot.model.replies import Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, alone, never


def own(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A client's own pictures."""
    files = own_pictures(facts)
    return Reply(files=files) if files else Reply(says=(phrase("pictures_none"),))


def of_client(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A client's pictures as their coach may see them."""
    files = seen_pictures(view, facts.today)
    records = (DataViewed(client=view.engagement.client),)
    if not files:
        return Reply(says=(phrase("pictures_none_of", client=view.name),), records=records)
    return Reply(files=files, records=records)


_HISTORY = frozenset({Need.HISTORY})

COMMANDS: tuple[Command, ...] = (
    Command(verb="pictures", who=Who.CLIENT, run=own, shape=alone, in_free_text=never, needs=_HISTORY),
    Command(
        verb="pictures",
        who=Who.COACH,
        about=of_client,
        shape=a_client,
        in_free_text=a_client,
        needs=_HISTORY,
    ),
)
