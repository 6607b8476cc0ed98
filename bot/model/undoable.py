"""The newest change of a client's, as `undo` speaks of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # facts hold one
    from bot.model.facts import Commitment, Pause, Preferences


@dataclass(frozen=True, kw_only=True, slots=True)
class Undoable:
    """What `undo` takes back, and what would hold again.

    `run` is what wrote it; `number` is its place in the ledger. `refused` is why it cannot be taken back: a kind of
    decision that has its own way back, changed (by somebody else, since) or under_way (a dialogue that still waits).
    `commitments` stand as they are beside how they would be, None where they would be gone; `goals` are words and
    whether they were made here. An edit `revises` an answer: it reads `reads`, and would read `read`. `fields` are
    settings that would be as in `wishes`, `home` and `name` again. What it `reveals` would be shown to others again.
    `told` are people who heard of it; `seen`: the coach has looked since.
    """

    run: str
    at: datetime
    day: date
    number: int = 0
    deed: str = ""
    refused: str = ""
    commitments: "tuple[tuple[Commitment, Commitment | None], ...]" = ()
    goals: tuple[tuple[str, bool], ...] = ()
    words: str = ""
    note: bool = False
    label: str = ""
    revises: bool = False
    reads: str = ""
    read: str = ""
    fields: frozenset[str] = frozenset()
    wishes: "Preferences | None" = None
    home: str = ""
    name: str = ""
    pauses: "tuple[Pause, ...]" = ()
    reveals: bool = False
    private: bool = False
    seen: bool = False
    told: tuple[str, ...] = ()
