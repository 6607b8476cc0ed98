"""What holds for any text: read soon, out clean; quotes, control words and labels keep their meaning."""

import re
from dataclasses import replace
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features import SPOKEN
from bot.messages.readings import Reading, Trouble
from bot.model.facts import Facts
from bot.understanding.clean import clean
from bot.understanding.reading import Waiting, read_call, read_text
from bot.understanding.vocabulary import key
from tests.support.laws import examples
from tests.support.open_questions import CLIENT, COACH, WAITING, WORDING, read
from tests.support.texts_and_meanings import EVERY

PIECES = sorted({word for text, _, _ in EVERY for word in text.split()})
HOSTILE = st.one_of(
    st.text(alphabet=st.characters(), max_size=300),
    st.text(alphabet="\u200f\u202e\u2066\ud83d\udc4d\0\ufeff\n ,.:;?%#'\"“”/-@²½٣é\u0301", max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.tuples(st.sampled_from(["done, not ", "log ", "commit ", "a" * 50, "'", ": ", "5% "]), st.integers(1, 3000)).map(
        lambda pair: pair[0] * pair[1]
    ),
)
MISLEADING = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@pytest.mark.patient
@examples(300)
@given(text=HOSTILE, where=st.sampled_from(sorted(WAITING)), coach=st.booleans())
def test_any_text_is_read_soon_and_comes_out_clean(text: str, where: str, coach: bool) -> None:
    who = COACH if coach else CLIENT
    reading = read(text, where, who=who)
    call = read_call(text[:20], text[20:], waiting=WAITING[where], facts=who, wording=WORDING, spoken=SPOKEN)
    for found in (reading, call):
        assert not MISLEADING.search(found.text + found.rest + found.verb)
        assert len(found.text) <= 2_000
    assert fastest(text, where, who) < 0.02


def fastest(text: str, where: str = "nothing", who: Facts = CLIENT) -> float:
    """Seconds of processor time that reading a text takes, the best of three: other programs run here too."""
    taken = []
    for _ in range(3):
        began = thread_time()
        read(text, where, who=who)
        taken.append(thread_time() - began)
    return min(taken)


@pytest.mark.parametrize("text", ["memo done, deck not yet, " * 12, "memories done, " * 20, "log plan 59 deck " * 100])
def test_a_long_text_over_many_commitments_is_read_soon(text: str) -> None:
    words = " ".join(f"memor{n}abc" for n in range(40))
    many = tuple(replace(CLIENT.commitments[0], id=f"x{n}", number=n, text=words) for n in range(60))
    assert fastest(text, who=replace(CLIENT, commitments=many)) < 0.02


@pytest.mark.parametrize("size", [2_001, 100_000, 10_000_000])
def test_a_huge_text_costs_nothing(size: int) -> None:
    text = "\u200f\ud83d" * (size // 2) + "x"
    assert read(text).trouble in (Trouble.TOO_LONG, Trouble.UNSTORABLE)
    assert fastest(text) < 0.001


@given(
    inside=st.one_of(st.sampled_from([text for text, _, _ in EVERY]), st.text(max_size=40)),
    quotes=st.sampled_from(['""', "“”", "„“", "«»", "‘’", "''", "””", "»«"]),
    where=st.sampled_from(sorted(WAITING)),
)
def test_a_quoted_text_is_never_more_than_itself(inside: str, quotes: str, where: str) -> None:
    inside = clean("".join(c for c in inside if c not in "\"“”„‟«»「」『』'‘’‚‛‹›"))
    if isinstance(inside, Trouble):
        return
    for text in (f"{quotes[0]}{inside}{quotes[1]}", f"say: {inside}", f"Say : {inside}"):
        assert read(text, where) == Reading(text=inside, literal=True)


CONTROLS = [(text, control) for control, texts in WORDING.words["controls"].items() for text in texts]


@pytest.mark.parametrize(("text", "control"), CONTROLS)
def test_a_control_word_steers_at_every_question_unless_it_is_an_answer(text: str, control: str) -> None:
    for where, waiting in WAITING.items():
        answers = {key(label) for label in waiting.labels} if waiting else set()
        if where == "yes_no":
            answers |= {*WORDING.words["yes"], *WORDING.words["no"]}
        for said_so in (text, f" {text.upper()}. ", f"\u200f{text}!\u200e"):
            assert read(said_so, where).control == ("" if key(text) in answers else control), where


@given(
    st.text(max_size=40).filter(lambda label: "/" not in label),  # a slash makes a command of it
    st.sampled_from(["choice", "scale", "text", "yes_no"]),
)
def test_a_label_is_always_its_own_answer(label: str, kind: str) -> None:
    reading = read_text(
        label, waiting=Waiting(kind=kind, labels=(label,)), facts=CLIENT, wording=WORDING, spoken=SPOKEN
    )
    assert not reading.control
    assert not reading.verb
