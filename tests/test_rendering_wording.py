"""The catalogue: every phrase that the code says exists, none is left over, all are short and kind."""

import ast
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.rendering.wording import DIALOGUES, WordingError, gaps, load_wording

BOT = DIALOGUES.parent
ENGLISH = load_wording()["en"]
SAYERS = ("phrase", "say", "Phrase")
# Keys that are put together out of sight of the call that says them.
FAMILIES = ("will_see_", "sees_status_", "sees_answers_", "undone_", "roster_", "habit_")
WORDS = 45
UNKIND = re.compile(r"\b(?:streaks?|you broke|you failed|you forgot|overdue|only you)\b")

Key = tuple[str, frozenset[str] | None]


@cache
def _calls() -> tuple[ast.Call, ...]:
    """Whatever says a phrase, looked for once."""
    return tuple(_found_calls())


def _found_calls() -> Iterator[ast.Call]:
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
        filled = frozenset(k.arg for k in call.keywords if k.arg)
        unseen = _name(call.func) == "Phrase" or any(k.arg is None for k in call.keywords)
        found += [(text, None if unseen else filled) for argument in call.args for text in _literals(argument)]
    return found


def _literals(argument: ast.expr) -> list[str]:
    """A key, or either of two."""
    return [p.value for p in _either(argument) if isinstance(p, ast.Constant) and isinstance(p.value, str)]


def _either(argument: ast.expr) -> tuple[ast.expr, ...]:
    return (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)


def _prefixes() -> set[str]:
    """What the keys begin with that are put together where they are said."""
    found = set(FAMILIES)
    for call in _calls():
        for node in (part for argument in call.args for part in _either(argument)):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                found.add(str(node.values[0].value))
    return found


def _strings() -> set[str]:
    """Every string of the code, and every value in the dialogues: whatever may name a phrase."""
    found: set[str] = set()
    for file in (*BOT.rglob("*.py"), *BOT.parent.glob("handlers/*/platform.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for file in (DIALOGUES / "en").glob("*/*.yaml"):
        found.add(str(yaml.safe_load(file.read_text(encoding="utf-8")).get("settled", "")))
    return found


def _texts(entry: Any) -> list[str]:
    return [str(text) for text in entry.values()] if isinstance(entry, dict) else [str(entry)]


KEYS = _keys()


def test_every_phrase_that_is_said_exists() -> None:
    assert {key for key, _ in KEYS} - ENGLISH.phrases.keys() == set()


def test_every_family_of_phrases_has_members() -> None:
    assert {p for p in _prefixes() if not any(key.startswith(p) for key in ENGLISH.phrases)} == set()


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


def test_phrases_are_short_and_neither_shout_nor_blame() -> None:
    texts = [(key, text) for key, entry in ENGLISH.phrases.items() for text in _texts(entry)]
    letters = {"invite_slack_letter"}  # read at a desk, by somebody else
    assert [key for key, text in texts if len(text.split()) > WORDS and key not in letters] == []
    assert [key for key, text in texts if "!" in text.removeprefix("! ")] == []
    assert [key for key, text in texts if UNKIND.search(text.lower())] == []


def test_plural_forms_are_whole() -> None:
    for key, entry in ENGLISH.phrases.items():
        if isinstance(entry, dict):
            assert {"one", "other"} <= set(entry) <= {"none", "one", "other"}, key
            assert len({frozenset(gaps(text) - {"count"}) for text in _texts(entry)}) == 1, key


def test_a_language_that_lacks_a_name_of_the_code_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DIALOGUES, tmp_path / "dialogues"))
    words = folder / "de" / "words.yaml"
    words.write_text(words.read_text(encoding="utf-8").replace("move: [verschieben, verlegen], ", ""), encoding="utf-8")
    with pytest.raises(WordingError, match=r"de/words\.yaml: 'behind\.session\.move' is missing"):
        load_wording(folder)
