"""A commitment as it stands.

Days are local dates of the client.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.people.answers import Audience


class Standing(StrEnum):
    """Where a commitment stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitment:
    """One promise as it stands now; `number` is what the client types to name it.

    `goal` is the one of the same engagement that it is a step towards, empty for none; `slips` counts reports of "not
    yet" and "partly"; `asked` is the last day the bot asked, `reported` the last day the client told; `report` what
    they told. `slipped`: it was not done once, or done in part twice. `smaller` is the day on which it was last made
    smaller: `confidence` was in more than that.
    """

    id: str
    number: int
    engagement: str
    text: str
    due: date | None = None
    cue: str = ""
    proof: str = ""
    confidence: int | None = None
    audience: Audience = Audience.COACH
    standing: Standing = Standing.OPEN
    made: date
    moved: int = 0
    moved_days: int = 0
    slips: int = 0
    asked: date | None = None
    reported: date | None = None
    report: str = ""
    run: str = ""
    goal: str = ""
    smaller: date | None = None
    slipped: bool = False
