"""The roles in which somebody speaks."""

from enum import Enum, auto


class Who(Enum):
    """Whose a command is; EITHER does the same for both, and for whoever is neither."""

    CLIENT = auto()
    COACH = auto()
    EITHER = auto()
