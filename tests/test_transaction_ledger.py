"""The ledger of changes: what is in it, and that nothing is forgotten."""

from datetime import date
from typing import get_args

from bot.model.records import Record
from bot.model.records_sessions import NoteKept
from bot.transaction.ledger_kinds import COACHS, COACHS_IN_PLACE, COACHS_REFUSED, IN_PLACE, OF_RUN, PASSING, REFUSED
from storage.conversation.ledger import Change, Entry, joined
from storage.conversation.ledger_rows import compared, reverted


def kinds() -> set[type]:
    """Every kind of record; a kind of its own where the union holds one."""
    found = list(get_args(Record))
    return {kind for each in found for kind in (get_args(each) or (each,))}


def test_of_every_record_it_is_said_how_it_is_taken_back() -> None:
    said = [set(REFUSED), set(PASSING), set(COACHS), set(OF_RUN), set(IN_PLACE)]
    assert kinds() == set().union(*said), (
        "say in bot/transaction/ledger_kinds.py how it is taken back, or why it is not"
    )
    assert sum(map(len, said)) == len(kinds()), "one way for each"


def test_of_all_that_coaches_do_it_is_said_how_it_is_taken_back() -> None:
    ways = (set(COACHS_REFUSED), set(COACHS_IN_PLACE), {NoteKept})  # notes go with the run that wrote them
    assert set(COACHS) <= set().union(*ways), "say in bot/transaction/ledger_kinds.py how it is taken back, or why not"
    assert sum(len(COACHS & way) for way in ways) == len(COACHS), "one way for each"


ROW = ("pause", (1,))


def test_rows_are_compared_by_what_differs() -> None:
    before = {ROW: {"first": "2026-11-23", "last": None}, ("pause", (2,)): {"first": "2026-12-01"}}
    after = {ROW: {"first": "2026-11-23", "last": "2026-11-25"}, ("pause", (3,)): {"first": "2026-12-24"}}
    changes = compared(before, after)
    assert {(c.key, str(c.before), str(c.after)) for c in changes} == {
        ((1,), "{'last': None}", "{'last': '2026-11-25'}"),
        ((2,), "{'first': '2026-12-01'}", "None"),
        ((3,), "None", "{'first': '2026-12-24'}"),
    }
    assert reverted(after, changes) == before


def test_what_follows_from_other_rows_is_not_compared() -> None:
    row = {"origin": "a promise", "body": "as it stood", "due": None}
    assert compared({("commitment", ("c",)): row}, {("commitment", ("c",)): row | {"body": "as it stands"}}) == ()


def test_two_changes_of_one_run_are_one_entry_from_the_oldest_to_the_newest() -> None:
    def entry(before: object, after: object) -> Entry:
        change = Change(table="person", key=("p",), before={"name": before}, after={"name": after})
        return Entry(day=date(2026, 11, 23), changes=(change,), told=True)

    one = joined(entry("Ana", "Annie"), entry("Annie", "Anna"))
    assert [(c.before, c.after) for c in one.changes] == [({"name": "Ana"}, {"name": "Anna"})]
    assert one.told
