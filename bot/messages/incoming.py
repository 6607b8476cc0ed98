"""What comes in: what somebody did on a platform, and what fell due; and what became of it.

Instants are aware and in UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

# `sort` tells the members of a union apart where they are kept; it is stored, so it stays when a class is renamed.


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a person can be reached: `bot` tells workspaces and bot accounts apart."""

    platform: str
    bot: str
    chat: str
    user: str

    @property
    def lane(self) -> str:
        """The key of this chat's ordered messages."""
        return f"{self.platform}|{self.bot}|{self.chat}"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextSent:
    """A text that was typed; `hangs_on` is the message it replies to."""

    text: str
    hangs_on: str = ""
    sort: Literal["said"] = "said"


@dataclass(frozen=True, kw_only=True, slots=True)
class ButtonPressed:
    """A button that was pressed."""

    token: str
    value: str
    sort: Literal["tapped"] = "tapped"


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandSent:
    """A slash command."""

    verb: str
    rest: str = ""
    sort: Literal["called"] = "called"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextEdited:
    """A message of theirs that now reads otherwise."""

    text: str
    sort: Literal["edited"] = "edited"


@dataclass(frozen=True, kw_only=True, slots=True)
class NonTextSent:
    """A sign of life that holds no text: voice, picture, reaction."""

    kind: str
    sort: Literal["stirred"] = "stirred"


@dataclass(frozen=True, kw_only=True, slots=True)
class FormSubmitted:
    """A form that was sent in: the token it carried, and what stands in each field."""

    token: str
    values: dict[str, str]
    sort: Literal["submitted"] = "submitted"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatStateChanged:
    """The person closed this chat to us, or opened it again."""

    open: bool
    sort: Literal["gated"] = "gated"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupMention:
    """Somebody addressed us in a group or channel, where nothing is kept."""

    sort: Literal["overheard"] = "overheard"


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeOpened:
    """The person looks at the page that shows where they stand."""

    sort: Literal["home"] = "home"


# An edit stands first: of those kept before there was `sort`, what holds a text and nothing else is one.
Content = (
    TextEdited
    | TextSent
    | ButtonPressed
    | CommandSent
    | NonTextSent
    | FormSubmitted
    | ChatStateChanged
    | GroupMention
    | HomeOpened
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbound:
    """Something that a person did on a platform; `key` is unique to it for ever.

    `trigger` is what a platform lends for seconds to open a form with; `zone` and `language` are what it says of the
    person's time zone and language (such as "de" or "pt-br"), each empty where it says nothing. `written` is when (UTC)
    the platform says that it was: it may have waited there.
    """

    key: str
    address: Address
    content: Content
    message_id: str = ""
    name: str = ""
    trigger: str = ""
    zone: str = ""
    language: str = ""
    written: datetime | None = None
    sort: Literal["inbound"] = "inbound"


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptDue:
    """An occurrence has come due."""

    key: str
    person: str
    sort: Literal["prompt"] = "prompt"


@dataclass(frozen=True, kw_only=True, slots=True)
class TimerDue:
    """A timer of one prompt has run out: `kind` is remind, expire or again."""

    key: str
    person: str
    kind: str
    token: str
    sort: Literal["timer"] = "timer"


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestDue:
    """A coach's digest has come due."""

    key: str
    person: str
    sort: Literal["digest"] = "digest"


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrandDue:
    """Something on the agenda has come due that stands outside a client's rhythm."""

    key: str
    person: str
    errand: str
    sort: Literal["errand"] = "errand"


Event = Inbound | PromptDue | TimerDue | DigestDue | ErrandDue


class Outcome(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The only thing from which a handler answers its platform: a toast, and errors by field of a form.

    `answers` is how many answers were taken with the event.
    """

    outcome: Outcome
    toast: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    answers: int = 0
