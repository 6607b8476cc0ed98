"""What goes out: a message as a person reads it, with its buttons, its form, its page or its file."""

from dataclasses import dataclass
from typing import Literal

from bot.model.chart_data import Chart

CAPTION = 1000  # UTF-16 units of text beside a file; Telegram takes 1,024


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One button: what it means and what it says."""

    value: str
    label: str
    picked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One question of a form; `kind` is that of the answer, `value` what stands there already.

    `longest` is how many characters of words are taken; 0 where it is no words that are asked for.
    """

    name: str
    kind: str
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = True
    value: str = ""
    longest: int = 0


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
