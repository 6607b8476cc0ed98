"""Values that cross rooms: events in, messages out, the Receipt and the Messenger.

Everything here is frozen and knows neither a platform nor a table. Times are aware and in UTC, unless a name says
otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Protocol

from bot.model.chart_data import Chart
from bot.model.habits.values import HabitWords

CAPTION = 1000  # UTF-16 units of text beside a file; Telegram takes 1,024

# -- what was understood ---------------------------------------------------------------------------------------------


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
    """One thing that somebody will do, as a note of it reads, and the day that its words name."""

    text: str
    day: DateReading


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
    stands behind the client's name; `aside` that the text answers the open question and is not for the coach, or else
    is the command of `verb`; `hidden` that a promise is kept from the coach. `habit` is what comes again and again in
    it.
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
    aside: bool = False
    hidden: bool = False
    habit: HabitWords | None = None
    deeds: tuple[Deed, ...] = ()

    def means(self, words: str) -> str:
        """The word that a command looks for, if these stand for it; else the same words in lower case."""
        said = " ".join(words.lower().replace("-", " ").split()).strip(" .,:;!–—")
        return self.behind.get(said, said)


# -- events in -------------------------------------------------------------------------------------------------------

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
    person's time zone and language (such as "de" or "pt-br"), each empty where it says nothing.
    """

    key: str
    address: Address
    content: Content
    message_id: str = ""
    name: str = ""
    trigger: str = ""
    zone: str = ""
    language: str = ""
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


# -- messages out ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One button: what it means and what it says."""

    value: str
    label: str
    picked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One question of a form; `kind` is that of the answer, `value` what stands there already."""

    name: str
    kind: str
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = True
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """Several questions at once, for a platform that has forms; elsewhere the message's own text is the first one."""

    title: str
    submit: str
    cancel: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of a page: a heading, lines, and buttons."""

    heading: str
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file made of text: an export, a report, a calendar entry; `media` is its media type."""

    name: str
    media: str
    text: str
    sort: Literal["document"] = "document"


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file as a platform takes it; `alt` says in words what a picture shows."""

    name: str
    media: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a person reads; with a token it asks, and `kind` says what sort of answer it waits for.

    `columns` is how many buttons fit a row at best; a platform may use fewer. Buttons of a message without a token are
    commands: their values begin with a slash. `form` is opened in place of the text where the platform can. `page`
    is not a message but the page that shows where a person stands. With a `file` the text is its caption, of at most
    `CAPTION` characters; a chart is drawn when it leaves.
    """

    text: str
    token: str = ""
    kind: str = ""
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    form: Form | None = None
    page: tuple[Section, ...] = ()
    file: Document | Chart | None = None


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
