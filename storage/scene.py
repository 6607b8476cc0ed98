"""One event as it is being written down: who, where, when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.engine.library import Library
from storage import (
    people,
)
from storage.addresses import Place
from storage.people import Known


@dataclass(slots=True, kw_only=True)
class Scene:
    """One event being written down: who, where, when. `known` is kept up to date as wishes change."""

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
    replan: bool = False
    unsent: bool = False
    code: str = ""

    def wish(self, **changes: Any) -> None:
        """Change what a client wishes."""
        self.known = replace(self.known, wishes=replace(self.known.wishes, **changes))
        people.set_wishes(self.connection, self.known.id, self.known.wishes)
        self.replan = True
