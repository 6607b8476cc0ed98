"""Draws a person's page from what the database holds at the moment when it is sent."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.coaching.digest.home import home_page
from bot.conversation.late_gaps import next_at
from bot.conversation.load_facts import facts
from bot.engine.library import Library
from bot.messages.outgoing import Choice, Message, Section
from storage.people import people


def page_of(connection: Connection, person: str, now: datetime, *, library: Library) -> Message:
    """The page of a person as a message value; empty for nobody."""
    known = people.person(connection, person)
    if known is None:
        return Message(text="")
    following = next_at(connection, known, known.next_at)
    found = replace(facts(connection, known, now), next_prompt=following)
    wording = library.wording(found)
    sections = tuple(
        Section(
            heading=wording.render(panel.heading),
            lines=tuple(wording.render(line) for line in panel.lines),
            choices=tuple(Choice(value=value, label=wording.render(label)) for value, label in panel.buttons),
        )
        for panel in home_page(found)
    )
    return Message(text="", page=sections)
