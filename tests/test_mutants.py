"""The list of guards speaks of the code as it is: each line is there once, and each test is one."""

import ast

import pytest

from tests.mutants.__main__ import ROOT, Guard, guards, without

LISTED = guards(())


@pytest.mark.parametrize("guard", LISTED, ids=lambda guard: guard.keeps)
def test_a_guard_is_where_the_list_says(guard: Guard) -> None:
    whole = (ROOT / guard.file).read_text("utf-8")
    assert ast.dump(ast.parse(without(whole, guard))) != ast.dump(ast.parse(whole))
    for test in guard.tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8")


def test_there_are_enough_of_them_and_no_two_are_called_the_same() -> None:
    assert len(LISTED) >= 60
    assert len({guard.keeps for guard in LISTED}) == len(LISTED)


def test_a_line_that_is_not_there_is_said_so() -> None:
    gone = Guard(keeps="x", file=LISTED[0].file, line="no such line", tests=())
    with pytest.raises(LookupError, match="0 times"):
        without((ROOT / gone.file).read_text("utf-8"), gone)
