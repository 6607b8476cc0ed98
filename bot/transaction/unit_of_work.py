"""One event as it is being written down: who, where, when."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.engine.library import Library
from bot.model.replies import Notification
from bot.transaction.drafts import Draft
from storage.people import people
from storage.people.addresses import Place
from storage.people.people import Known


@dataclass(slots=True, kw_only=True)
class UnitOfWork:
    """One event being written down: who, where, when. `known` is kept up to date as wishes change.

    `occurrence` is the one whose prompt is being opened. `afterwards` is told once everything else has been said.
    `dated` are commitments that got a day: whether it is said when they are asked about, even if on that very day.
    `drafts` are entries of the ledger in the making, by run, and `told` the other people who heard something.
    `waiting` names clients whose yes something waits for, by engagement, and `agreed` the engagements that got theirs.
    `about` are the engagements that a coach is told of here, and `telling` those that each row tells of, by its key.
    `replan` asks for the next prompt to be worked out anew when the step is over, `planned` says that it was.
    `timetable` is the client's for as long as nothing but words has come since it was read.
    """

    connection: Connection
    library: Library
    known: Known
    reply_to: Place | None
    key: str
    now: datetime
    today: date
    posted: int = 0
    message: str = ""
    trigger: str = ""
    occurrence: str = ""
    replan: bool = False
    planned: bool = False
    unsent: bool = False
    shift: timedelta = timedelta(0)
    code: str = ""
    afterwards: list[Notification] = field(default_factory=list)
    dated: dict[str, bool] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    waiting: dict[str, str] = field(default_factory=dict)
    agreed: list[str] = field(default_factory=list)
    timetable: Any = None
    about: tuple[str, ...] = ()
    telling: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def clock(self) -> datetime:
        """What the clock says where messages leave; only someone who tries things out lives ahead of it."""
        return self.now - self.shift

    def wish(self, **changes: Any) -> None:
        """Change what a client wishes."""
        self.known = replace(self.known, wishes=replace(self.known.wishes, **changes))
        people.set_wishes(self.connection, self.known.id, self.known.wishes)
        self.replan = True
