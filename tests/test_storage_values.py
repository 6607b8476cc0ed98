"""Whatever is kept as JSON comes back as what it was: each kind, and each member of every union inside."""

import ast
import dataclasses
import importlib
import types
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.incoming import (
    Content,
    DigestDue,
    ErrandDue,
    Event,
    Inbound,
    PromptDue,
    TextEdited,
    TextSent,
    TimerDue,
)
from bot.messages.outgoing import Document, Message
from bot.model.records_plan import GoalChanged, GoalMade, MilestoneMade, MilestoneTold
from handlers.slack.install.oauth import Installation
from storage import serialise
from storage.serialise import dump, load
from tests.support.laws import examples
from tests.support.seats import ConsoleSeat

ROOT = Path(__file__).parents[1]
KIND_AT = {"dump": 0, "load": 0, "sealed": 1, "opened": 1}  # where their callers name the kind
PASSED_ON = (Event, Installation, GoalChanged, GoalMade, MilestoneMade, MilestoneTold)  # named by a variable there
WORDS = st.text(max_size=8)
VALUES = st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS, max_size=2)  # of an answer


# -- what is kept ----------------------------------------------------------------------------------------------------


def _kinds_of(path: Path) -> Iterator[Any]:
    """The kinds that a module names where it dumps or loads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == serialise.__name__]
    names = {alias.name for node in imports for alias in node.names} & KIND_AT.keys()
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") in names]
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) if calls else None
    for call in calls:
        try:
            yield eval(ast.unparse(call.args[KIND_AT[call.func.id]]), vars(module))  # type: ignore[attr-defined]
        except NameError:
            continue  # a variable: one of PASSED_ON


def _stored() -> dict[str, Any]:
    files = sorted(path for room in ("bot", "handlers", "storage") for path in (ROOT / room).rglob("*.py"))
    kinds = [*PASSED_ON, *(kind for path in files for kind in _kinds_of(path))]
    return {kind.__name__ if isinstance(kind, type) else str(kind): kind for kind in kinds}


STORED = _stored()


def _parts(kind: Any, seen: set[Any]) -> Iterator[Any]:
    """A type and every type inside it."""
    if kind in seen:
        return
    seen.add(kind)
    yield kind
    inside = get_type_hints(kind).values() if dataclasses.is_dataclass(kind) else get_args(kind)
    for part in inside:
        if get_origin(kind) is not Literal:
            yield from _parts(part, seen)


def _members(kind: Any) -> tuple[Any, ...]:
    """The frozen classes of a union; empty for anything else."""
    union = get_origin(kind) in (Union, types.UnionType)
    return tuple(member for member in get_args(kind) if dataclasses.is_dataclass(member)) if union else ()


UNIONS = {part for kind in STORED.values() for part in _parts(kind, set()) if len(_members(part)) > 1}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Every value of a type: of a frozen class with all of its fields, of a union each member."""
    if kind is Any:
        return VALUES
    if kind is datetime:
        return st.datetimes(min_value=datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None), timezones=st.just(UTC))
    if kind is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: values_of(of) for name, of in get_type_hints(kind).items()})
    return _of_parts(kind, get_args(kind))


def _of_parts(kind: Any, parts: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*map(values_of, parts))
    if origin in (dict, Mapping):
        return st.dictionaries(values_of(parts[0]), values_of(parts[1]), max_size=2)
    if origin is frozenset:
        return st.frozensets(values_of(parts[0]), max_size=2)
    if origin is tuple and parts[-1] is ...:
        return st.lists(values_of(parts[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, parts))
    return st.from_type(kind)


# -- the laws --------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_found() -> None:
    """The laws below rest on this."""
    assert {"Run", "Preferences", "Message", "Commitment", "Goal", "Note", "Programme", "Answer"} <= STORED.keys()
    assert {Content, Event, Message.__annotations__["file"]} <= UNIONS


@pytest.mark.parametrize("name", STORED)
@examples(40)
@given(data=st.data())
def test_each_value_comes_back_as_it_was(name: str, data: st.DataObject) -> None:
    kind = STORED[name]
    value = data.draw(values_of(kind))
    assert load(kind, dump(kind, value)) == value


MEMBERS = [(union, member) for union in sorted(UNIONS, key=str) for member in _members(union)]


@pytest.mark.parametrize(("union", "member"), MEMBERS, ids=lambda of: getattr(of, "__name__", "of"))
@examples(20)
@given(data=st.data())
def test_each_member_of_a_union_comes_back_as_that_member(union: Any, member: Any, data: st.DataObject) -> None:
    value = data.draw(values_of(member))
    assert load(union, dump(union, value)) == value
    assert type(load(union, dump(union, value))) is member


def test_each_member_of_a_union_says_which_it_is() -> None:
    """A tag of its own, so that no member is ever told from another by which fields it happens to have."""
    for union in UNIONS:
        sorts = [get_args(get_type_hints(member).get("sort")) for member in _members(union)]
        assert len({sort for sort in sorts if len(sort) == 1}) == len(sorts), union


# -- what was kept before there were tags ----------------------------------------------------------------------------

ADDRESS = '{"platform": "console", "bot": "b", "chat": "c", "user": "u"}'
BEFORE = {
    f'{{"key": "k", "address": {ADDRESS}, "content": {{"text": "Hello", "hangs_on": ""}}}}': Inbound,
    '{"key": "k", "person": "p"}': PromptDue,
    '{"key": "k", "person": "p", "kind": "remind", "token": "t"}': TimerDue,
    '{"key": "k", "person": "p", "errand": "e"}': ErrandDue,
    '{"key": "k", "person": "p", "sort": "digest"}': DigestDue,
}


@pytest.mark.parametrize("text", BEFORE)
def test_an_event_that_was_kept_without_a_tag_can_still_be_replayed(text: str) -> None:
    event = load(Event, text)
    assert type(event) is BEFORE[text]
    assert not isinstance(event, Inbound) or event.content == TextSent(text="Hello")


def test_an_edit_that_was_kept_without_a_tag_is_replayed_as_an_edit() -> None:
    assert load(Content, '{"text": "Hello"}') == TextEdited(text="Hello")
    assert load(Content, '{"text": "Hello", "hangs_on": ""}') == TextSent(text="Hello")


def test_a_file_that_was_kept_without_a_tag_is_still_sent() -> None:
    message = load(Message, '{"text": "Here", "file": {"name": "a.txt", "media": "text/plain", "text": "words"}}')
    assert message.file == Document(name="a.txt", media="text/plain", text="words")
    drawn = '{"kind": "line", "name": "a", "title": "A", "alt": "A", "series": [{"label": "x", "points": []}]}'
    assert load(Message, f'{{"text": "", "file": {drawn}}}').file.sort == "chart"


def test_what_is_kept_names_no_class() -> None:
    event = Inbound(key="k", address=ConsoleSeat().address("ana"), content=TextEdited(text="No"))
    assert '"sort":"edited"' in dump(Event, event)
    assert "TextEdited" not in dump(Event, event)
