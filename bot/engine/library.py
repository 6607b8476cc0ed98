"""What `step` is handed besides the state: dialogues, wording, and the registered functions that dialogues name."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.engine.dialogue.tree import Dialogue
from bot.messages.readings import Reading
from bot.model.facts import Facts, Script
from bot.model.links import Link
from bot.model.phrases import Phrase
from bot.model.records import Record
from bot.model.replies import Given, Reply
from bot.rendering.wording import Wording

Predicate = Callable[..., bool]
Validator = Callable[[Any, Given], Phrase | None]
Lister = Callable[[Facts, str], tuple[str, ...]]
Chooser = Callable[[Given], tuple[tuple[str, Any], ...]]
Outcome = Callable[[Given], tuple[Record, ...]]
Command = Callable[[Reading, Facts, datetime], Reply]


def _always(_name: str, _given: Given) -> bool:
    return True


def _nothing(_reading: Reading, _facts: Facts, _now: datetime) -> None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Functions:
    """The registry: every name that a dialogue may use, and the pure function behind it.

    `names` gives what fills the gaps of a dialogue's texts, which are those in `gaps`; `later` says when "later" is;
    `fallback` answers a text that nothing waits for, `beside` a sentence where a number is asked for;
    `follow_ups` may begin another dialogue when one has ended; `stands` says whether what a loop over a list comes to
    is still to be gone over. `explained` are the commands that help shows, each with the key of its line there;
    `taken_before` are words that are no commands to the engine.
    """

    predicates: Mapping[str, Predicate]
    validators: Mapping[str, Validator]
    lists: Mapping[str, Lister]
    options: Mapping[str, Chooser]
    outcomes: Mapping[str, Outcome]
    commands: Mapping[str, Command]
    names: Callable[[Given], MutableMapping[str, Any]]
    gaps: frozenset[str]
    later: Callable[[Facts, datetime], datetime]
    fallback: Command
    follow_ups: Callable[[str, Given], Reply | None]
    stands: Callable[[str, Given], bool] = _always
    beside: Callable[[Reading, Facts, datetime], Reply | None] = _nothing
    explained: tuple[tuple[str, str], ...] = ()
    taken_before: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)  # nobody reads a megabyte of wording in a log
class Library:
    """Dialogues by language and name, the pinned older versions by hash, the wording of the reader, the functions.

    `links` is what an invitation can point to, by platform; `scripts` are the dialogues that a coach may word, by
    language and name.
    """

    dialogues: Mapping[tuple[str, str], Dialogue]
    wordings: Mapping[str, Wording]
    functions: Functions
    versions: Mapping[str, Dialogue] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    scripts: Mapping[str, Mapping[str, Script]] = field(default_factory=dict)

    def newest(self, name: str, language: str) -> Dialogue:
        """The dialogue of that name as it now is, in that language, or in English where it was not translated."""
        return self.dialogues.get((language, name)) or self.dialogues["en", name]

    def pinned(self, version: str) -> Dialogue:
        """The dialogue with that hash; a `KeyError` means that the caller did not load it."""
        return self.versions[version]

    def wording(self, facts: Facts) -> Wording:
        """The catalogue in the reader's language, as their locale writes."""
        return self.wording_of(facts.person.language, facts.person.locale, facts.today)

    def wording_of(self, language: str, locale: str, today: date | None) -> Wording:
        """The catalogue in that language, English for one that is not there; without a day, every date has its year."""
        found = (self.wordings.get(language) or self.wordings["en"]).localised(locale)
        return found if today is None else found.on(today)

    def wording_at(self, language: str, zone: str) -> Wording:
        """The catalogue that suits a language as platforms name it ("de", "pt-br"), English for one that is not there.

        It writes as people do where that IANA zone lies.
        """
        found = self.wordings.get(language.lower().replace("_", "-").partition("-")[0]) or self.wordings["en"]
        return found.localised(found.locale_at(zone))

    def known_to(self, facts: Facts) -> Facts:
        """The facts with what only the library knows."""
        found = {**self.scripts.get("en", {}), **self.scripts.get(facts.person.language, {})}
        called = {code: tuple(map(str, wording.words["called"])) for code, wording in self.wordings.items()}
        words = self.wording(facts).words
        hour = tuple(map(str, words["around_an_hour"]))
        known = replace(facts, links=self.links, scripts=found, languages=called)
        return replace(known, around_an_hour=hour, capitals=bool(words["capitals"]), spoken=words)

    def with_versions(self, more: Mapping[str, Dialogue]) -> "Library":
        """The same library, holding these pinned versions too."""
        return replace(self, versions={**self.versions, **more})
