"""What a dialogue is: a tree of four kinds of node, read from data and never changed.

A dialogue is known by the hash of its resolved tree, called dialogues and wording included; a running conversation
keeps the tree that it began with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.model.people.answers import Audience


class Kind(StrEnum):
    """The kinds of answer."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    DATE = "date"
    COMMITMENTS = "commitments"
    LEVEL = "level"
    YES_NO = "yes_no"
    NUMBER = "number"
    HABIT = "habit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One answer of a choice; `also` are other words for it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """A registered predicate with its arguments."""

    name: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """A question: waits for one answer of its kind; `docs/dialogues.md` says what each field is for whoever writes one.

    `check` names a registered validator, `options_from` a registered list whose entries stand before the options. A day
    said in passing answers the question `date_for`, too. At most one of these says how it is waited for: `required`, a
    consent that is never skipped and does not lapse; `patient`, not passed over when its answer cannot be read;
    `passing`, closed by whatever else is said or asked. `several`: an answer may hold several promises; `undated`: the
    entries of a list are words and no days. No coach may word a `locked` one otherwise.
    """

    id: str
    kind: Kind
    text: str
    options: tuple[Option, ...] = ()
    options_from: str = ""
    low: int | None = None
    high: int | None = None
    audience: Audience = Audience.COACH
    hint: str = ""
    remind: str = ""
    check: str = ""
    date_for: str = ""
    columns: int = 1
    stands: str = ""
    required: bool = False
    patient: bool = False
    several: bool = False
    passing: bool = False
    undated: bool = False
    locked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Say:
    """A statement: waits for nothing. No coach may word a `locked` one otherwise."""

    id: str
    text: str
    locked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One way or the other, by a predicate."""

    test: Test
    then: tuple["Node", ...]
    other: tuple["Node", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """Another dialogue in this place; with `for_each`, once for every item of a named list."""

    id: str
    dialogue: str
    nodes: tuple["Node", ...]
    for_each: str = ""


Node = Ask | Say | Branch | Call


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialogue:
    """A dialogue, resolved: `version` is the hash of everything below it.

    `opened_by` is bot, client or either. `settled` names the phrase that is said when someone edits an answer that
    must not change by an edit, `settled_once` the predicate since when it must not; without, always. No coach may word
    a `locked` one otherwise. What `waits` comes to counts with its last answer only, else every answer counts at once;
    None is a version from before answers did: its end counts, whole or in part. `form` names the questions that a
    platform with forms asks at once. `worded`: it holds words of a coach's. `kept_with` names the question that all of
    it is about: where its answer is kept from the coach, so is the rest. `source` is the JSON that it was built from.
    """

    name: str
    language: str
    title: str
    nodes: tuple[Node, ...]
    outcome: str = ""
    opened_by: str = "client"
    settled: str = ""
    settled_once: str = ""
    form: tuple[str, ...] = ()
    locked: bool = False
    waits: bool | None = None
    worded: bool = False
    kept_with: str = ""
    version: str = ""
    source: str = ""

    @property
    def loops(self) -> frozenset[str]:
        """The names of the lists that its loops go over."""
        return frozenset(n.for_each for n in every_node(self.nodes) if isinstance(n, Call) and n.for_each)

    @property
    def consents(self) -> bool:
        """Whether one of its questions is required: then there is one run of it at a time."""
        return any(ask.required for ask in every_ask(self))


def every_node(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes of a tree, in the order of their writing."""
    for node in nodes:
        yield node
        match node:
            case Branch():
                yield from every_node(node.then)
                yield from every_node(node.other)
            case Call():
                yield from every_node(node.nodes)
            case _:
                pass


def every_ask(dialogue: Dialogue) -> Iterator[Ask]:
    """All questions of a dialogue."""
    return (node for node in every_node(dialogue.nodes) if isinstance(node, Ask))
