"""What a platform is to the rest: a card with all that differs from one to the next, and the service that it builds."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.engine.library import Library
from bot.gcra import Pace
from bot.messages.incoming import Inbound, Receipt
from bot.messages.sending import Messenger
from bot.settings import Settings
from storage.database.open import Database

if TYPE_CHECKING:  # loaded by whoever serves pages
    from starlette.routing import Route

Receive = Callable[[Inbound, datetime], Awaitable[Receipt]]
Clock = Callable[[], datetime]
Work = Callable[[], Awaitable[None]]


def _nobody() -> None:
    """Nothing is sent from here."""


class Turn(Protocol):
    """Chooses one of several processes for what only one may do."""

    @property
    def chosen(self) -> bool:
        """Whether it is this process."""
        ...

    async def hold(self, work: Work) -> None:
        """Do the work while it is, for ever."""
        ...

    async def run(self) -> None:
        """Take part in the choice, for ever."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """What takes in what people do, by which clock (UTC), and `turn` for what only one of several processes may do.

    `wake` has what waits to be sent looked at.
    """

    receive: Receive
    clock: Clock
    turn: Turn | None = None
    wake: Callable[[], None] = _nobody


class Service(Protocol):
    """A platform that is set: how it sends, how it takes in, how it stands."""

    @property
    def messenger(self) -> Messenger:
        """The way out."""
        ...

    @property
    def state(self) -> str:
        """How it stands, in one word; `ready` is a good one."""
        ...

    @property
    def reason(self) -> str:
        """What is wrong, in a line without secrets; empty when nothing is."""
        ...

    @property
    def down_for(self) -> float | None:
        """Seconds since it was last ready; None while it is."""
        ...

    @property
    def quiet_for(self) -> float | None:
        """Seconds since the last ping or poll was answered; None where there is neither, or none has been yet."""
        ...

    @property
    def link(self) -> str | None:
        """What an invitation can point to: empty where there is nothing, None while it is not known yet."""
        ...

    def work(self, incoming: Incoming, *, takes_in: bool) -> Sequence[Work]:
        """What has to be done for ever, each by itself; `takes_in` is False where other processes take in."""
        ...

    def http_routes(self, incoming: Incoming, *, takes_in: bool) -> "Sequence[Route]":
        """What our HTTP server has to serve for it."""
        ...

    async def close(self) -> None:
        """Let last words out, and close what was opened."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How a platform comes in as it is set: in a line for `doctor`, in one for the log, and whether over our HTTP."""

    named: str
    served: str
    over_http: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A setting that another one needs: its name as operators write it, empty where all is there, and why."""

    missing: str
    because: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One call that shows whether a platform takes what was set; `found` reads its JSON: is all well, and a line."""

    url: str
    found: Callable[[Mapping[str, Any]], tuple[bool, str]]
    token: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doctor:
    """What `throughline doctor` asks a platform: with the settings alone, and with what the database holds for it.

    Where the database holds nothing to ask with, `stored` gives a line that says so in place of calls.
    """

    asked: Callable[[Settings], Sequence[Check]]
    stored: Callable[[Settings, Database], Awaitable[Sequence[Check | str]]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """The card of a platform. `name` is the one stored in addresses.

    `least` names the settings without which there is none of it; `needs` says which ones are missed beside those that
    are set; `way` is how it comes in, or None where it is not set. `turn` names what only one of several processes may
    do, empty where each may do all. `how_to_join` is the phrase of an invitation, whose gaps may be `link`, `code` and
    `coach`; it stands in for the platforms of `spare_for`. What is imported to build or to ask it is imported then.
    """

    name: str
    least: str
    needs: Callable[[Settings], Sequence[Need]]
    way: Callable[[Settings], Way | None]
    build: Callable[[Settings, Database, Library], Service]
    pace: Pace
    doctor: Doctor
    how_to_join: str
    spare_for: frozenset[str] = frozenset()
    turn: str = ""
