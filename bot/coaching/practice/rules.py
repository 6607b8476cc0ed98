"""What holds for a practice: how long codes live, for how long a signal is left be, who is a colleague."""

from collections.abc import Mapping
from datetime import timedelta

from bot.model.facts import Facts

# By what a code is for; each is good once.
LIVES: Mapping[str, timedelta] = {
    "client": timedelta(days=14),  # an invitation
    "coach": timedelta(days=14),  # an invitation by the operator
    "link": timedelta(hours=24),  # another chat of the same person
    "reconnect": timedelta(days=7),  # a new chat of a client who lost theirs
    "sponsor": timedelta(days=14),  # a page for somebody who is no user
}
LEFT_FOR = timedelta(days=21)  # where no session is booked before


def colleague(named: str, facts: Facts) -> tuple[str, str] | None:
    """Id and name of the one other coach who is called exactly so; None if nobody or several are."""
    said = " ".join(named.casefold().split())
    found = [(wanted, name) for wanted, name in facts.colleagues if " ".join(name.casefold().split()) == said]
    return found[0] if len(found) == 1 else None
