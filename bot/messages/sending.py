"""How a message leaves: the parcel, what may become of it, and what a platform's messenger can do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.messages.incoming import Address
from bot.messages.outgoing import File, Message

TRIGGER_LIVES = timedelta(seconds=2.5)  # what a form is opened with is lent for three seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One outbox row on its way: a new message, or the new look of the message `replaces` of the same chat.

    `trigger` opens a form, within seconds of being lent. `file` is the message's file, ready to be uploaded.
    """

    id: int
    address: Address
    message: Message
    replaces: str = ""
    trigger: str = ""
    file: File | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """It is there, under this id."""

    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NotSent:
    """It did not leave: try again, not before `retry_after` seconds; `whole` if that holds for the bot's every chat."""

    reason: str
    retry_after: float = 0.0
    whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """It may or may not have arrived."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """It will never be taken: the message itself is at fault."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreachable:
    """The chat is closed to us: blocked, deactivated, gone."""

    reason: str


Fate = Sent | NotSent | Unclear | Refused | Unreachable


class Messenger(Protocol):
    """Sends on one platform; raises nothing that `Fate` can say."""

    platform: str
    edits: bool
    forms: bool
    pages: bool

    async def send(self, parcel: Parcel) -> Fate:
        """Send one parcel and tell what became of it."""
        ...


class Finder(Protocol):
    """A messenger whose platform can be asked whether a message arrived, every `finds_every` seconds for one bot."""

    finds_every: float

    async def find(self, parcel: Parcel, since: datetime) -> Sent | None:
        """The message that a parcel became since an instant, or None where it is not; raises when that is not known."""
        ...
