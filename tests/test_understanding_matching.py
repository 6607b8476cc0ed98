"""Which commitment a text names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.commitments.values import Commitment
from bot.rendering.wording import load_wording
from bot.understanding.matching import match_commitment

WORDING = load_wording()["en"]


def promises(*texts: str) -> list[Commitment]:
    return [
        Commitment(id=f"c{n}", number=n, engagement="e", text=text, made=date(2026, 3, 3))
        for n, text in enumerate(texts, 1)
    ]


OPEN = promises(
    "Hand over the Q2 plan to finance",
    "Draft the board memo",
    "Send the deck to Priya",
    "Finish the hiring plan",
    "Budget",
    "Talk to Tom about the offsite on Friday",
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2", "c2"),
        ("#3", "c3"),
        ("number 4", "c4"),
        ("the 5", "c5"),
        ("two", "c2"),
        ("9", ""),
        ("1 and 2", ""),
        ("the memo", "c2"),
        ("board memos", "c2"),
        ("MEMO!", "c2"),
        ("the memmo", "c2"),
        ("drafting of the board memo", "c2"),
        ("Q2", "c1"),
        ("the plan", ""),
        ("hiring plan", "c4"),
        ("the hiring", "c4"),
        ("deck for Priya", "c3"),
        ("the deck for Priya and the budget", "c3"),
        ("the budget", "c5"),
        ("Tom", "c6"),
        ("Friday", ""),
        ("the desk", ""),
        ("something quite different", ""),
        ("it", ""),
        ("", ""),
        ("4 slides for Priya's deck", "c3"),
    ],
)
def test_a_commitment_is_found_only_when_it_is_clearly_the_one(text: str, wanted: str) -> None:
    assert match_commitment(text, OPEN, WORDING) == wanted


def test_the_number_is_the_commitments_own_and_not_its_place() -> None:
    assert match_commitment("4", OPEN[2:], WORDING) == "c4"
    assert match_commitment("1", OPEN[2:], WORDING) == ""


def test_nothing_is_found_among_nothing() -> None:
    assert match_commitment("2", [], WORDING) == ""
    assert match_commitment("memo", [], WORDING) == ""


def test_two_that_read_alike_are_told_apart_by_number_only() -> None:
    twins = promises("Call the bank", "Call the bank")
    assert match_commitment("the bank", twins, WORDING) == ""
    assert match_commitment("2", twins, WORDING) == "c2"


def test_other_scripts_are_matched_too() -> None:
    others = promises("שלח את הדוח לפריה", "Отправить отчёт", "取締役会のメモ を 書く", "बजट तैयार करना")
    assert match_commitment("הדוח", others, WORDING) == "c1"
    assert match_commitment("отчёт", others, WORDING) == "c2"
    assert match_commitment("取締役会のメモ", others, WORDING) == "c3"
    assert match_commitment("बजट", others, WORDING) == "c4"
    assert match_commitment("٢", others, WORDING) == "c2"


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=6), st.randoms())
def test_the_order_of_commitments_changes_nothing(text: str, texts: list[str], random: object) -> None:
    several = promises(*texts)
    found = match_commitment(text, several, WORDING)
    assert found == match_commitment(text, several[::-1], WORDING)
    assert found in {"", *(c.id for c in several)}


@given(st.integers(0, len(OPEN) - 1))
def test_a_commitment_in_its_own_words_is_itself(at: int) -> None:
    assert match_commitment(OPEN[at].text, OPEN, WORDING) == OPEN[at].id
