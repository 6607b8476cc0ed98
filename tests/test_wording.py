"""The catalogue: every phrase that the code says exists, none is left over, all are short and kind."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.wording import DIALOGUES, gaps, load_wording

BOT = DIALOGUES.parent
ENGLISH = load_wording()["en"]
SAYERS = ("phrase", "say", "say_to", "Phrase")
FAMILIES = ("will_see_", "sees_status_", "sees_answers_")  # keys that `names` puts together from two variables
WORDS = 45

Key = tuple[str, frozenset[str] | None]


def _calls() -> Iterator[ast.Call]:
    for file in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in SAYERS:
                yield node


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _keys() -> list[Key]:
    """The keys that are said literally, with the gaps that are filled (None: not to be seen from the call)."""
    found: list[Key] = []
    for call in _calls():
        first = call.args[0]
        texts = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
        filled = frozenset(k.arg for k in call.keywords if k.arg)
        unseen = _name(call.func) == "Phrase" or any(k.arg is None for k in call.keywords)
        for text in texts:
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found.append((text.value, None if unseen else filled))
    return found


def _prefixes() -> set[str]:
    """What the keys begin with that are put together where they are said."""
    found = set(FAMILIES)
    for call in _calls():
        for node in ast.walk(call.args[0]):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                found.add(str(node.values[0].value))
    return found


def _strings() -> set[str]:
    """Every string of the code, and every value in the dialogues: whatever may name a phrase."""
    found: set[str] = set()
    for file in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for file in (DIALOGUES / "en").glob("*/*.yaml"):
        found.add(str(yaml.safe_load(file.read_text(encoding="utf-8")).get("settled", "")))
    return found


def _texts(entry: Any) -> list[str]:
    return [str(text) for text in entry.values()] if isinstance(entry, dict) else [str(entry)]


KEYS = _keys()


@pytest.mark.parametrize("key", sorted({key for key, _ in KEYS}))
def test_every_phrase_that_is_said_exists(key: str) -> None:
    assert key in ENGLISH.phrases


@pytest.mark.parametrize("prefix", sorted(_prefixes()))
def test_every_family_of_phrases_has_members(prefix: str) -> None:
    assert any(key.startswith(prefix) for key in ENGLISH.phrases)


def test_every_gap_is_filled_where_the_phrase_is_said() -> None:
    missing = {
        (key, gap)
        for key, filled in KEYS
        if filled is not None
        for text in _texts(ENGLISH.phrases[key])
        for gap in gaps(text)
        if gap not in filled
    }
    assert missing == set()


def test_no_phrase_is_left_over() -> None:
    strings, prefixes = _strings(), tuple(_prefixes())
    assert [key for key in ENGLISH.phrases if key not in strings and not key.startswith(prefixes)] == []


@pytest.mark.parametrize("key", sorted(ENGLISH.phrases))
def test_a_phrase_is_short_and_neither_shouts_nor_blames(key: str) -> None:
    for text in _texts(ENGLISH.phrases[key]):
        assert len(text.split()) <= WORDS
        assert "!" not in text.removeprefix("! ")
        assert not re.search(r"\b(?:streaks?|you broke|you failed|you forgot|overdue|only you)\b", text.lower())


@pytest.mark.parametrize("key", sorted(ENGLISH.phrases))
def test_plural_forms_are_whole(key: str) -> None:
    entry = ENGLISH.phrases[key]
    if isinstance(entry, dict):
        assert {"one", "other"} <= set(entry) <= {"none", "one", "other"}
        assert gaps(entry["one"]) - {"count"} == gaps(entry["other"]) - {"count"}
