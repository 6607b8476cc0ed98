"""What of a text may be kept."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.readings import Trouble
from bot.understanding.clean import LIMIT, clean
from tests.support.laws import examples


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7", "7"),
        ("  7\n", "7"),
        ("\u200f7", "7"),
        ("\ufeff\u200e 7 \u200b\u2060", "7"),
        ("a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"),
        ("a\tb", "a b"),
        ("a\x07b\x1b[31m\x9f", "ab[31m"),
        ("abc\u202edef\u202c \u2066ghi\u2069", "abcdef ghi"),
        ("cafe\u0301", "caf\u00e9"),
        (
            "\u05e9\u05dc\u05d5\u05dd \u200f(Q2)\u200f \u05dc\u05db\u05dd",
            "\u05e9\u05dc\u05d5\u05dd \u200f(Q2)\u200f \u05dc\u05db\u05dd",
        ),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("<!channel> <b>&amp;", "<!channel> <b>&amp;"),
        ("x" * LIMIT + "\n" * 100, "x" * LIMIT),
        ("", Trouble.EMPTY),
        (" \n\t ", Trouble.EMPTY),
        ("\u200b\u200d\u2060\ufeff", Trouble.EMPTY),
        ("\u200e\u200f\u202e\u2069", Trouble.EMPTY),
        ("\x01\x02\x7f\x9f", Trouble.EMPTY),
        ("\u3164\u2800\ufe0f", Trouble.EMPTY),
        ("a\0b", Trouble.UNSTORABLE),
        ("\0", Trouble.UNSTORABLE),
        ("half a \ud83d face", Trouble.UNSTORABLE),
        ("\udc4d", Trouble.UNSTORABLE),
        ("x" * (LIMIT + 1), Trouble.TOO_LONG),
        ("\U0001d160" * LIMIT, Trouble.TOO_LONG),
        ("\0" * 100_000, Trouble.TOO_LONG),
    ],
)
def test_a_text_is_cleaned_or_refused(text: str, wanted: str | Trouble) -> None:
    assert clean(text) == wanted


def test_the_limit_counts_what_is_kept() -> None:
    assert clean("  abcde  ", limit=5) == "abcde"
    assert clean("abcdef", limit=5) is Trouble.TOO_LONG


FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
ANY = st.text(st.characters(), max_size=80) | st.text("\u200f\u202e\u0301e\ufe0f\u00ad \n\r\0\ud83d\t7", max_size=30)


@pytest.mark.patient
@examples(500)
@given(ANY)
def test_what_is_kept_can_be_stored_and_misleads_nobody(text: str) -> None:
    kept = clean(text)
    if isinstance(kept, Trouble):
        assert kept is not Trouble.TOO_LONG
        return
    kept.encode()
    assert kept == kept.strip() != ""
    assert not FORBIDDEN.search(kept)
    assert unicodedata.is_normalized("NFC", kept)
    assert clean(kept) == kept


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=50))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert clean(text) == text
