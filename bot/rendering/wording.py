"""Catalogues: every sentence and word that is not part of a dialogue, in each language, and how gaps are filled.

A phrase is a text with `{gaps}`, or a mapping of plural forms chosen by `{count}` with the language's own rules (CLDR,
through Babel). Days and hours are written as the reader's locale writes them.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.model.phrases import Late, Phrase

# One for what all share, and one in a feature's folder for what is its own.
PHRASES, WORDS = "phrases.yaml", "words.yaml"
DIALOGUES = Path(__file__).parents[1] / "dialogues"
_NEAR = timedelta(days=150)  # of days further away it is not plain which year they are in
LEFT = "left_in_english"  # the entry of words.yaml that names the dialogues which a language does not translate

NAMED = ("controls", "verbs", "behind", "reports", "reports_if_named", "every")  # their names are the code's


class WordingError(Exception):
    """A catalogue cannot be used; the message names the file, the entry and the mend."""


class _Gaps(string.Formatter):
    """Fills plain `{names}` only: no attributes, no indexes, so that a text can reach nothing else."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        if not field_name.isidentifier():
            raise WordingError(f"'{{{field_name}}}' is not a plain name")
        return kwargs[field_name], field_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The phrases and words of one language, as one reader's locale writes them.

    `today` is the reader's local day: days near it are written without their year, and without it none are, since
    nobody knows when a document is read. `late` are the late values that are known by now.
    """

    language: str
    locale: str
    phrases: Mapping[str, Any]
    words: Mapping[str, Any]
    today: date | None = None
    late: Mapping[Late, Any] = field(default_factory=dict)

    def locale_at(self, zone: str) -> str:
        """How this language is written where that IANA zone lies, such as en-US below America/."""
        places = self.words["locales"].items()
        return next((str(locale) for place, locale in places if zone.startswith(place)), self.locale)

    def localised(self, locale: str) -> "Wording":
        """The same language as another locale writes its dates."""
        return self if locale == self.locale else replace(self, locale=locale)

    def on(self, today: date) -> "Wording":
        """The same language as it is read on a local day."""
        return self if today == self.today else replace(self, today=today)

    def knowing(self, late: Mapping[Late, Any]) -> "Wording":
        """The same language once these values are known."""
        return replace(self, late=late)

    def render(self, phrase: Phrase) -> str:
        """The sentence of a phrase, its gaps filled."""
        entry = self.phrases.get(phrase.key)
        if entry is None:
            raise WordingError(f"No phrase '{phrase.key}' in language '{self.language}': add it to phrases.yaml")
        if isinstance(entry, Mapping):
            entry = entry[_plural(self.locale, phrase.params["count"], tuple(entry))]
        return self.fill(str(entry), phrase.params).strip()

    def say(self, key: str, /, **params: Any) -> str:
        """The sentence of the phrase with that key."""
        return self.render(Phrase(key, params))

    def fill(self, text: str, names: Mapping[str, Any]) -> str:
        """The text with its gaps filled from `names`, each value written for the reader."""
        if "{" not in text:
            return text
        return _Gaps().vformat(text, (), _Written(self, names))

    def write(self, value: Any) -> str:
        """One value as the reader would write it."""
        match value:
            case None:
                return ""
            case str():
                return value
            case Phrase():
                return self.render(value)
            case Late():
                return self.write(self._known(value))
            case list() | tuple():
                return "\n".join(self.write(part) for part in value)
            case datetime():
                return f"{self._day(value.date())} {value:%H:%M}"
            case date():
                return self._day(value)
            case time():
                return f"{value:%H:%M}"
            case _:
                return str(value)

    def _known(self, value: Late) -> Any:
        if value not in self.late:
            raise WordingError(f"'{value.what}' is said before it is known")
        return self.late[value]

    def _day(self, day: date) -> str:
        from babel.dates import format_skeleton

        near = self.today is not None and day.year == self.today.year and abs(day - self.today) <= _NEAR
        skeleton = self.words["day"] if near else self.words["day_of_year"]
        return str(format_skeleton(skeleton, day, locale=_babel(self.locale)))


class _Written(Mapping[str, str]):
    def __init__(self, wording: Wording, names: Mapping[str, Any]) -> None:
        self._wording, self._names = wording, names

    def __getitem__(self, name: str) -> str:
        try:
            return self._wording.write(self._names[name])
        except KeyError:
            raise WordingError(f"Nothing fills '{{{name}}}'") from None

    def __iter__(self) -> Any:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def gaps(text: str) -> set[str]:
    """The names of the gaps in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def _babel(locale: str) -> Any:
    from babel import Locale  # costs 50 ms, and `--help` does not need it

    return Locale.parse(locale, sep="-")


def _plural(locale: str, count: int, forms: tuple[str, ...]) -> str:
    form = str(_babel(locale).plural_form(count))
    exact = "none" if count == 0 and "none" in forms else form
    return exact if exact in forms else "other"


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; a file that cannot be read is named with its line."""
    try:
        return parse_yaml(path.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{path}: cannot be read: {error}") from error


def parse_yaml(text: str, path: Path) -> Any:
    """The content of a text that stands in a YAML file."""
    try:
        return _Loader(text).get_single_data()
    except yaml.YAMLError as error:
        raise WordingError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader is chosen at run time
    """YAML 1.2 booleans only: `yes`, `no`, `on` and `off` are words here. Doubled keys are errors."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubled = {str(key) for key in keys if keys.count(key) > 1}
        if doubled:
            raise yaml.constructor.ConstructorError(None, None, f"key {doubled} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_wording(folder: Path = DIALOGUES) -> dict[str, Wording]:
    """The catalogues of every language below `folder`; each language must have all phrases and words of English."""
    languages = sorted(path.parent.name for path in folder.glob(f"*/{PHRASES}"))
    found = {language: _load(folder / language, language) for language in languages}
    if "en" not in found:
        raise WordingError(f"{folder}: no English catalogue: en/phrases.yaml is missing")
    for language, wording in found.items():
        _same_entries(folder / language, found["en"], wording)
    return found


def _load(folder: Path, language: str) -> Wording:
    phrases, words = _entries(folder, PHRASES), _entries(folder, WORDS)
    default = str(words.get("locale", language))
    return Wording(language=language, locale=default, phrases=phrases, words=words)


def _entries(folder: Path, name: str) -> dict[str, Any]:
    """The entries of a language's file of that name, and of those in the folders of the features."""
    found: dict[str, Any] = {}
    for path in sorted([*folder.glob(name), *folder.glob(f"*/{name}")]):
        entries = read_yaml(path) or {}
        for key in entries.keys() & found.keys():
            raise WordingError(f"{path}: '{key}' stands in another catalogue too")
        found |= entries
    return found


def _same_entries(folder: Path, english: Wording, other: Wording) -> None:
    for kind, wanted, have in (
        ("phrases", english.phrases, other.phrases),
        ("words", english.words, other.words),
    ):
        for key in wanted.keys() ^ (have.keys() - {LEFT}):
            where = "is missing" if key in wanted else "has no English entry"
            raise WordingError(f"{folder / kind}.yaml: '{key}' {where}")
    for kind in NAMED:
        wanted_names, names = set(_names(english.words[kind], kind)), set(_names(other.words[kind], kind))
        for name in sorted(wanted_names ^ names):
            where = "is missing" if name in wanted_names else "has no English entry"
            raise WordingError(f"{folder / 'words'}.yaml: '{name}' {where}")
    for key, text in english.phrases.items():
        if _all_gaps(text) != _all_gaps(other.phrases[key]):
            raise WordingError(f"{folder / 'phrases.yaml'}: '{key}' has other gaps than the English one")


def _names(entry: Any, above: str) -> Iterator[str]:
    """The names below an entry, each with those above it: "behind.note.done"."""
    if isinstance(entry, Mapping):
        for name, below in entry.items():
            yield f"{above}.{name}"
            yield from _names(below, f"{above}.{name}")


def _all_gaps(entry: Any) -> set[str]:
    texts = entry.values() if isinstance(entry, Mapping) else [entry]
    return set().union(*(gaps(str(text)) for text in texts)) - {"count"}
