"""What was understood of a text, before anything is made of it: its dates, its promises, its command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.model.habits.values import HabitWords


class DateKind(StrEnum):
    """What a phrase says about time."""

    FUTURE = "future"
    PAST = "past"
    RECURRING = "recurring"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class DateReading:
    """What was understood of a date in somebody's words.

    `day` is the person's local date; `at` is set, in UTC, only when a clock time was said. `phrase` is the part of the
    text that was read as a date, exactly as written, so that it can be cut out or echoed. Words that name several days
    ("next week", "two weeks") have these as their `stretch`, the first and the last.
    """

    kind: DateKind
    day: date | None = None
    at: datetime | None = None
    phrase: str = ""
    stretch: tuple[date, date] | None = None


class Trouble(StrEnum):
    """Why a text cannot be read at all."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNSTORABLE = "unstorable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One thing that somebody will do, as a note of it reads, and the day that its words name.

    What comes again and again has a `habit` instead of a day, and `said` is all of its words.
    """

    text: str
    day: DateReading
    habit: HabitWords | None = None
    said: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A text after understanding: cleaned, with every sense that it may have; the engine picks.

    `dates` holds one reading for each line that may need one. `literal` texts were quoted: never a command. `when`
    are the stretches of a command that name its days, where that is not all of `rest`, for `pause` always four: how
    long or which days, the first day, the day before which it ends, and the last day, each empty if not named. `every`
    is after how many weeks what it names comes again, 0 if it does not; `cover` is who is named to stand in, `place`
    where a journey leads, `numbers` are those that a report begins with. `greets` says that it is thanks or a greeting
    and nothing else, `promises` that it is a promise if a day is named, of which a note leaves out the `opener`.
    `deeds` are the promises that it holds if it is one, the parts of one line too.
    `behind` are the words of this language for those which the command itself looks for; `marked` says that a colon
    stands behind the client's name; `private_answer` that the text answers the open question and is not for the
    coach, or else is the command of `verb`; `private_promise` that a promise is kept from the coach. `habit` is
    what comes again and again in it.
    """

    text: str
    trouble: Trouble | None = None
    literal: bool = False
    control: str = ""
    verb: str = ""
    rest: str = ""
    dates: tuple[DateReading, ...] = ()
    commitment: str = ""
    report: str = ""
    when: tuple[str, ...] = ()
    every: int = 0
    cover: str = ""
    place: str = ""
    numbers: tuple[int, ...] = ()
    greets: bool = False
    promises: bool = False
    opener: str = ""
    behind: Mapping[str, str] = field(default_factory=dict)
    marked: bool = False
    private_answer: bool = False
    private_promise: bool = False
    habit: HabitWords | None = None
    deeds: tuple[Deed, ...] = ()

    def means(self, words: str) -> str:
        """The word that a command looks for, if these stand for it; else the same words in lower case."""
        said = " ".join(words.lower().replace("-", " ").split()).strip(" .,:;!–—")
        return self.behind.get(said, said)
