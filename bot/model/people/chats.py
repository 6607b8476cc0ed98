"""The chats in which somebody can be reached."""

from dataclasses import dataclass
from datetime import datetime

OPEN = ("active", "blocked", "removed")  # states of a chat that is somebody's own
TO_COME = ("pending", "waiting")  # of one that somebody has not said yes in yet, or that waits after it
MOVED = "moved"  # of one whose place another has taken
CLOSED = "closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A chat of somebody: `here` is the one that they speak in, `since` when it became theirs (UTC)."""

    id: str
    platform: str
    state: str = "active"
    preferred: bool = False
    since: datetime | None = None
    here: bool = False

    @property
    def own(self) -> bool:
        """It is theirs now."""
        return self.state in OPEN
