"""The cards on which a feature says what it adds: its commands, and all that dialogues may name.

Whatever a card does not say is the careful choice: a command about a client is refused while it is not known who
joined and while the coach only covers, loads nothing beyond the usual facts, and in the middle of an answer counts only
when it stands alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from bot.engine.library import Chooser, Lister, Outcome, Predicate, Validator
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import NO_NEEDS, Need
from bot.model.people.client_view import ClientView
from bot.model.replies import Given, Reply
from bot.model.roles import Who
from bot.understanding.commands import Content, Dates, Shape, alone, anything

Run = Callable[[Reading, Facts, datetime], Reply]
About = Callable[[Reading, ClientView, Facts, datetime], Reply]  # `reading.rest` is what stands behind the name
Placeholder = Callable[[Given], Any]
FollowUp = Callable[[Given], Reply | None]
Stands = Callable[[Given], bool]
Fallback = Callable[[Reading, Facts, datetime], Reply | None]

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Shown(Enum):
    """Where help and the menus of the platforms show a command: among the first, among all, or nowhere."""

    FIRST = auto()
    LATER = auto()
    NEVER = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One command of one role; a verb that means another thing to a coach than to a client has two cards.

    `run` answers without a client's name, `about` with one, found by the one finder. `own_words` are first words that
    are never a name; with `more`, words may stand behind the name. `shape` is what may stand behind the verb,
    `in_free_text` what may while a question is answered in free words, `dates` where days are looked for,
    `content` as what the words behind the verb are read. Raises ValueError for a card that does nothing.
    """

    verb: str
    who: Who
    run: Run | None = None
    about: About | None = None
    own_words: frozenset[str] = frozenset()
    more: bool = False
    when_unconfirmed: bool = False
    when_covering: bool = False
    needs: frozenset[Need] = NO_NEEDS
    shape: Shape = anything
    in_free_text: Shape = alone
    dates: Dates = Dates.NONE
    content: Content = Content.WORDS
    shown: Shown = Shown.LATER

    def __post_init__(self) -> None:
        if self.run is None and self.about is None:
            raise ValueError(f"the command '{self.verb}' does nothing")
        if self.about is None and (self.when_unconfirmed or self.when_covering or self.more):
            raise ValueError(f"the command '{self.verb}' is about no client")

    @property
    def all_needs(self) -> frozenset[Need]:
        """What is loaded for it; whatever is about a client needs the practice without saying so."""
        return self.needs | {Need.PRACTICE} if self.about is not None else self.needs


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """All that a feature adds. A name that two features register is refused when the lists are joined.

    `follow_ups` say what a dialogue leads to (several features may follow one: the first that gives a reply);
    `fallbacks` answer texts that nothing waits for (the first that takes one); `stands` says, for lists by name,
    whether an item is still to be gone over.
    """

    name: str
    commands: tuple[Command, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=lambda: NOTHING)
    predicates: Mapping[str, Predicate] = field(default_factory=lambda: NOTHING)
    validators: Mapping[str, Validator] = field(default_factory=lambda: NOTHING)
    lists: Mapping[str, Lister] = field(default_factory=lambda: NOTHING)
    options: Mapping[str, Chooser] = field(default_factory=lambda: NOTHING)
    placeholders: Mapping[str, Placeholder] = field(default_factory=lambda: NOTHING)
    follow_ups: Mapping[str, FollowUp] = field(default_factory=lambda: NOTHING)
    fallbacks: tuple[Fallback, ...] = ()
    stands: Mapping[str, Stands] = field(default_factory=lambda: NOTHING)
