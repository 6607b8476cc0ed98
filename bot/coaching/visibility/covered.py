"""Clients of a coach who is away, beside the own ones: everybody who may be looked up now, and what is noted of it.

Covered clients never stand among the own ones (`Facts.practice`), so that no command of a coach but those that read
here finds them.
"""

from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.records import DataViewed


def everyone(facts: Facts) -> tuple[ClientView, ...]:
    """All clients that a coach may look up now: their own, and those they cover."""
    return (*facts.practice, *facts.covered)


def mark(view: ClientView) -> tuple[Phrase, ...]:
    """For whom and until when a client is covered; nothing for an own one."""
    cover = view.engagement.cover
    if not view.covered or cover is None:
        return ()
    return (phrase("covered_for", coach=view.engagement.coach_name, day=cover.last),)


def looked(view: ClientView, what: str) -> DataViewed:
    """What was read, and that it was in place of the client's coach."""
    covering = view.engagement.id if view.covered else ""
    return DataViewed(client=view.engagement.client, what=what, covering=covering)
