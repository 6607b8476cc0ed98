"""What one event changes for its client, as it is gathered until the event is over."""

from dataclasses import dataclass, field
from datetime import date

from storage.conversation.ledger_rows import Image, Watched


@dataclass(slots=True, kw_only=True)
class Draft:
    """An entry of the ledger in the making: how the rows stood that it watches, and what is known of it so far.

    `wrote`: a command has written something; `ended`: a dialogue has; `coachs`: it was done as a coach,
    about `engagement`, and rows of the tables `by_records` are put back by records of their own.
    """

    deed: str
    day: date
    revises: str = ""
    refused: str = ""
    wrote: bool = False
    ended: bool = False
    coachs: bool = False
    engagement: str = ""
    by_records: frozenset[str] = frozenset()
    watched: set[Watched] = field(default_factory=set)
    before: Image = field(default_factory=dict)
