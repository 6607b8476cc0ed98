"""What a command needs to know besides the facts that every event loads."""

from enum import Enum, auto


class Need(Enum):
    """Facts that cost reads of their own, and so are loaded only for the commands whose card asks for them."""

    PRACTICE = auto()  # the clients of a coach, as that coach may see them
    HISTORY = auto()  # all commitments, remarks and days of answers, not only what is open
    NEWEST_ENGAGEMENT = auto()  # of the ratings and remarks, those of the newest engagement alone
    LAST_ANSWER = auto()
    UNDOABLE = auto()  # what `undo` would take back now
    INVITES = auto()
    COLLEAGUES = auto()
    ACCESS = auto()  # who looked at what of the client's
    HELPLINES = auto()
    AWAY = auto()  # until when coaches are away
    COMING = auto()  # what the next seven days bring to each client


NO_NEEDS: frozenset[Need] = frozenset()
