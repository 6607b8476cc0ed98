"""Text that is too long for its place is cut between signs as a reader sees them, within the limit of that place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.shortening import Measure, fitting, one_each, part, shortened, signs, units
from handlers.slack.text import size

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"  # four people, three joiners
FLAG = "\U0001f1e9\U0001f1ea"
WAVE = "\U0001f44b\U0001f3fd"  # a hand, and a tone of skin
ACCENT = "e\u0301"
HINDI = "\u0928\u093f"  # a letter and the vowel that stands before it
MEASURES: tuple[Measure, ...] = (len, units, one_each, size)

TEXTS = st.lists(
    st.one_of(st.text(max_size=5), st.sampled_from([FAMILY, FLAG, WAVE, ACCENT, HINDI, " ", "\r\n", "&", "a"])),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("sign", [FAMILY, FLAG, WAVE, ACCENT, HINDI, "ä"])
def test_a_sign_is_shown_whole_or_not_at_all(sign: str) -> None:
    whole = sign * 3
    assert shortened(whole, len(whole)) == whole
    assert shortened(whole, len(whole) - 1) == sign * (2 if len(sign) > 1 else 1) + "…"
    assert shortened(whole, len(sign) + 1) == sign + "…"
    assert shortened(whole, len(sign)) == "…"


def test_each_place_counts_in_its_own_way() -> None:
    smiles = "\U0001f642" * 5
    assert shortened(smiles, 5) == smiles
    assert shortened(smiles, 5, units) == "\U0001f642" * 2 + "…"
    assert shortened(FAMILY * 5, 3, one_each) == FAMILY * 2 + "…"
    assert shortened("&&&&", 12, size) == "&&…"


def test_no_blank_stands_before_the_ellipsis() -> None:
    assert shortened("Write the plan", 11) == "Write the…"


def test_where_not_even_the_ellipsis_fits_nothing_is_shown() -> None:
    assert shortened("plan", 0) == ""


@given(TEXTS, st.integers(0, 30), st.sampled_from(MEASURES))
def test_what_is_shortened_fits_and_is_whole_signs_from_the_beginning(text: str, limit: int, measure: Measure) -> None:
    made = shortened(text, limit, measure)
    assert measure(made) <= limit
    assert shortened(made, limit, measure) == made
    if made != text:
        whole = list(signs(text))
        kept = made.removesuffix("…")
        assert kept in {"".join(whole[:count]) for count in range(len(whole) + 1)}


@given(TEXTS.filter(bool), st.integers(1, 30), st.sampled_from(MEASURES))
def test_a_part_is_never_empty_and_as_long_as_fits(text: str, limit: int, measure: Measure) -> None:
    end = part(text, limit, measure)
    assert 1 <= end <= len(text)
    assert end >= fitting(text, limit, measure)
