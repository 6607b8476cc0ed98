"""The script of the demo, read from the YAML file beside it: who the sample people are, what they do and say, when.

Nothing in it says what the bot does. A cue names words of a question and how somebody answers it; an act is something
that somebody does unasked, on the clock of their own city.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import TypeAdapter

from bot.rendering.wording import read_yaml

SCRIPT = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """How someone answers a question with these words in it: one answer after the other, the last one for good.

    An answer is a button's label or a text, and "-" leaves the message unanswered. `about` has to stand in the message
    as well. `mixed`: drawn by chance.
    """

    asks: str
    says: tuple[str, ...]
    about: str = ""
    mixed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something done unasked, at a local time; `aside`: it happens, and is not printed."""

    at: datetime
    says: str
    aside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One sample person. `minutes` is how long they take to answer, `done` how often what is due was done.

    From `closed` on their chat takes no messages; between the days of `quiet` they answer nothing.
    """

    name: str
    called: str
    city: str
    zone: str
    minutes: tuple[int, int]
    done: float = 1.0
    cues: tuple[Cue, ...] = ()
    acts: tuple[Act, ...] = ()
    closed: date | None = None
    quiet: tuple[date, date] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitOfWork:
    """A heading of the transcript and what is to be said below it; `first`: above what was said as it began."""

    heading: str
    text: str = ""
    first: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Routine:
    """Messages that begin alike, such as the digest: printed on these local days only."""

    begins: str
    title: str
    on: tuple[date, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """The whole script. `phases` is keyed by the product's own phases, `again` is said once on coming back to one.

    `notes` are remarks before something happens; `routines` are kinds of messages that are mostly counted.

    `whole` says how often a dialogue is printed in full where once is not enough. Times of `start`, `restart` and
    `end` are UTC.
    """

    start: datetime
    restart: datetime
    end: datetime
    coach: str
    client: str
    title: str
    opening: str
    people: Mapping[str, Part]
    phases: Mapping[str, UnitOfWork]
    again: Mapping[str, UnitOfWork]
    restarted: str
    marks: Mapping[str, str]
    words: Mapping[str, str]
    whole: Mapping[str, int] = field(default_factory=dict)
    routines: tuple[Routine, ...] = ()
    notes: Mapping[datetime, str] = field(default_factory=dict)


def read_script(path: Path = SCRIPT) -> Story:
    """The script, whole and checked; raises pydantic's ValidationError where the file does not hold together."""
    return TypeAdapter(Story).validate_python(read_yaml(path))
