"""Draws a person's page from what the database holds at the moment when it is sent."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.coaching.digest.home import drawn, home_page
from bot.conversation.late_gaps import next_at
from bot.conversation.load_facts import facts
from bot.engine.library import Library
from bot.messages.outgoing import Message
from storage.people import people


def page_of(connection: Connection, person: str, now: datetime, *, library: Library) -> Message:
    """The page of a person as a message value; empty for nobody."""
    known = people.person(connection, person)
    if known is None:
        return Message(text="")
    following = next_at(connection, known, known.next_at)
    found = replace(facts(connection, known, now), next_prompt=following)
    return Message(text="", page=drawn(home_page(found), library.wording(found)))
