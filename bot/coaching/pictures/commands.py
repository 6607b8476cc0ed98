"""`pictures`: a client's own progress as pictures, and for a coach that of a client as far as it is shown to them."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.pictures.pictures import own_pictures, seen_pictures
from bot.coaching.shared.find_client import Found, about_client
from bot.coaching.shared.roles import Command, is_client
from bot.messages import Reading
from bot.model.facts import ClientView, Facts
from bot.model.phrases import phrase
from bot.model.records import DataViewed
from bot.model.replies import Reply


def pictures(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A coach names a client; a client, or a coach who is one and names nobody, sees their own."""
    if facts.person.coach and (reading.rest.strip() or not is_client(facts)):
        return _of_a_client(reading, facts)
    if not is_client(facts):
        return Reply(says=(phrase("no_role"),))
    files = own_pictures(facts)
    return Reply(files=files) if files else Reply(says=(phrase("pictures_none"),))


def _of_a_client(reading: Reading, facts: Facts) -> Reply:
    def shown(view: ClientView, found: Found) -> Reply:
        files = seen_pictures(view, facts.today)
        records = (DataViewed(client=view.engagement.client),)
        if not files:
            return Reply(says=(phrase("pictures_none_of", client=view.name),), records=records)
        return Reply(files=files, records=records)

    return about_client("pictures", reading.rest, facts, shown)


PICTURE_COMMANDS: Mapping[str, Command] = {"pictures": pictures}
