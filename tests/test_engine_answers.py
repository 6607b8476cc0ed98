"""Every kind of answer: what is taken, what is not, and what is said then. Each talk is held with `step` alone."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.shared.validators import is_helpline
from bot.engine.effects import CloseMessage, EndRun, FieldError, SendMessage, Toast
from tests.support.facts import TODAY
from tests.support.small_dialogues import Talk, ask, dialogue, talk

FRUIT = {"apple": "Apple", "pear": "Pear", "both": "Apple and pear"}
KINDS: dict[str, dict[str, Any]] = {
    "scale": {},
    "choice": {"options": {"good": "Went well", "bad": ["Went badly", "poor"], "none": "Nothing"}},
    "choices": {"options": FRUIT},
    "text": {"check": "a_line"},
    "date": {"check": "not_past"},
    "commitments": {},
    "level": {},
    "yes_no": {},
    "number": {"low": 0, "high": 100},
}


def asked(kind: str, **more: Any) -> Talk:
    """A question of that kind is open, and another one follows."""
    return talk(dialogue(ask("it", kind, **{**KINDS[kind], **more}), ask("next", "text"))).opens()


def taken(kind: str, text: str, **more: Any) -> Any:
    """What is stored when that is typed; fails when it was not taken."""
    held = asked(kind, **more).says(text)
    assert held.question == "next", f"{text!r} was not taken: {held.heard}"
    return held.kept["run:it"]


def refused(kind: str, text: str, **more: Any) -> str:
    """What is said when that is typed; fails when it was taken."""
    held = asked(kind, **more).says(text)
    assert held.question == "it", f"{text!r} was taken as {held.kept}"
    assert not held.kept
    return held.heard


# -- scale -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["7", "seven", "7/10", "7 of 10", "about a 7", "a 7.", "I'd say seven", "‏7", "٧", "7.0"]
)
def test_a_number_on_a_scale_is_read_however_it_is_said(text: str) -> None:
    assert taken("scale", text) == 7


@pytest.mark.parametrize(
    "text", ["0", "11", "-3", "7 or 8", "7.5", "7½", "good", "x²", "²", "7²", "1" * 300, "Ⅶ", "7/5"]
)
def test_no_whole_number_in_the_range_is_no_answer_to_a_scale(text: str) -> None:
    assert "A whole number from 1 to 10, please." in refused("scale", text)


def test_a_scale_has_bounds_of_its_own() -> None:
    assert taken("scale", "4", low=1, high=5) == 4
    assert taken("scale", "4/5", low=1, high=5) == 4
    assert "from 1 to 5" in refused("scale", "6", low=1, high=5)


# -- choice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Went badly", "went badly!", "poor", "WENT BADLY", "bad", "2", "two", "went badyl"])
def test_a_choice_is_read_by_its_label_its_other_words_its_place_and_with_a_slip_of_the_finger(text: str) -> None:
    assert taken("choice", text) == "bad"


@pytest.mark.parametrize("text", ["went", "splendid", "0", "4", "²", "🙂", "went well went badly"])
def test_what_fits_no_choice_or_two_of_them_is_not_taken(text: str) -> None:
    assert "one of the choices" in refused("choice", text)


def test_choices_that_come_from_a_list_are_tapped_and_typed() -> None:
    assert taken("choice", "dog", options={"none": "None of them"}, options_from="animals") == "dog"
    held = asked("choice", options={"none": "None of them"}, options_from="animals").taps("cat")
    assert held.kept["run:it"] == "cat"


def test_labels_that_begin_with_a_digit_are_not_counted() -> None:
    hours = {"h9": "9:00", "h11": "11:00"}
    assert taken("choice", "11:00", options=hours) == "h11"
    assert "one of the choices" in refused("choice", "2", options=hours)


# -- several choices -------------------------------------------------------------------------------------------------


def test_several_choices_are_typed_with_commas_or_and() -> None:
    options = {"a": "Alpha", "b": "Beta", "c": "Gamma"}
    assert taken("choices", "alpha, gamma", options=options) == ["a", "c"]
    assert taken("choices", "beta and gamma", options=options) == ["b", "c"]
    assert taken("choices", "1; 3", options=options) == ["a", "c"]
    assert taken("choices", "beta, beta", options=options) == ["b"]


def test_a_label_that_holds_the_word_and_is_one_choice() -> None:
    assert taken("choices", "Apple and pear") == ["both"]


@pytest.mark.parametrize("text", ["apple, plum", "plum", ",", "and"])
def test_one_unknown_word_among_several_is_not_passed_over(text: str) -> None:
    assert "all of that" in refused("choices", text)


def test_boxes_are_ticked_and_unticked_and_taken_when_that_is_all() -> None:
    held = asked("choices").taps("pear").taps("apple").taps("pear")
    (look,) = [effect for effect in held.fresh if isinstance(effect, CloseMessage)]
    assert [(box.label, box.picked) for box in look.choices][:2] == [("Apple", True), ("Pear", False)]
    assert not held.kept
    held.taps("both").taps("=")
    assert held.kept["run:it"] == ["apple", "both"]
    assert held.question == "next"


def test_that_is_all_can_be_typed_too() -> None:
    held = asked("choices").taps("pear")
    assert held.says("That's all").kept["run:it"] == ["pear"]


def test_that_is_all_with_nothing_ticked_is_asked_again_and_ends_like_any_other() -> None:
    held = asked("choices").taps("=")
    assert held.question == "it"
    held.taps("=").taps("=")
    assert held.question == "next"
    assert held.kept["run:it"] is None


# -- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Call Sam", "!important", "!", "=", "!sooner", "a\nb", "שלום", "👩‍👩‍👧", "{who}", "<b>", "²", "1"]
)
def test_a_text_is_taken_as_it_stands(text: str) -> None:
    assert taken("text", text) == text


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("988", True),
        ("Samaritans 116 123", True),
        ("Telefonseelsorge 0800/111 0 111", True),
        ("+44 (0)20 7946 0000, day and night", True),
        ("01 02 03 04 05", True),
        ("1-800-273-TALK", True),
        ("findahelpline.com", True),
        ("https://www.samaritans.org/contact", True),
        ("jo@samaritans.org", True),
        ("help.münchen.de", True),
        ("lol what", False),
        ("the nice lady, 24/7", False),
        ("room 12", False),
        ("ask me.", False),
        ("e.g. a doctor", False),
        ("...", False),
        ("R2D2000", False),
        ("ask me\n116 123", False),
    ],
)
def test_a_helpline_can_be_called_or_written_to(line: str, taken: bool) -> None:
    assert is_helpline(line) is taken


def test_a_text_that_is_too_long_for_a_line_is_not_taken() -> None:
    assert "A line or two" in refused("text", "a" * 501)


def test_what_a_text_suggests_can_be_tapped_and_is_echoed_by_its_label() -> None:
    held = asked("text", options={"09:00": "Nine"}).taps("09:00")
    assert held.kept["run:it"] == "09:00"
    (mark,) = [effect.mark for effect in held.fresh if isinstance(effect, CloseMessage)]
    assert mark.endswith("✓ Nine")


# -- date ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"), [("tomorrow", 1), ("by Friday", 2), ("2026-03-06", 2), ("in two weeks", 14), ("today", 0)]
)
def test_a_day_is_read_as_it_is_said_and_echoed(text: str, days: int) -> None:
    held = asked("date").says(text)
    day = TODAY + timedelta(days=days)
    assert held.kept["run:it"] == day.isoformat()
    assert f"{day.day} Mar" in held.heard


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("yesterday", "That day is over"),
        ("2020-01-01", "That day is over"),
        ("every Friday", "again and again"),
        ("when the cows come home", "couldn't read a day"),
    ],
)
def test_what_is_no_day_to_come_is_said_to_be_so(text: str, why: str) -> None:
    assert why in refused("date", text)


def test_after_one_bad_try_a_day_can_be_tapped() -> None:
    held = asked("date").says("whenever")
    (put,) = [effect for effect in held.fresh if isinstance(effect, SendMessage)]
    day = (TODAY + timedelta(days=1)).isoformat()
    assert put.choices[0].value == day
    assert held.taps(day).kept["run:it"] == day


@pytest.mark.parametrize(("day", "why"), [("2020-01-01", "That day is over"), ("2040-01-01", "two years away")])
def test_a_button_brings_no_day_that_words_could_not(day: str, why: str) -> None:
    held = asked("date").taps(day)
    assert why in held.heard
    assert not held.kept


# -- list of commitments ---------------------------------------------------------------------------------------------


def test_a_list_is_read_line_by_line_each_with_its_own_day() -> None:
    day = (TODAY + timedelta(days=2)).isoformat()
    wanted = [{"text": "Call Sam", "day": day}, {"text": "Write the brief", "day": None}]
    assert taken("commitments", "- Call Sam by Friday\n2. Write the brief") == wanted
    assert taken("commitments", "Call Sam by Friday; Write the brief") == wanted


def test_a_list_has_an_end() -> None:
    assert "At most 7" in refused("commitments", ";".join(f"thing {n}" for n in range(8)))


@pytest.mark.parametrize("text", [";", "- ;", ";;"])
def test_a_list_of_nothing_is_no_list(text: str) -> None:
    refused("commitments", text)


# -- level, yes or no, number ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "level"), [("-2", -2), ("+1", 1), ("−1", -1), ("0", 0), ("far better", 2)])
def test_a_level_is_a_signed_number_or_its_name(text: str, level: int) -> None:
    assert taken("level", text) == level


@pytest.mark.parametrize("text", ["3", "-3", "½", "very", "0.5", "²"])
def test_no_level_is_said_to_be_none(text: str) -> None:
    assert "from -2 to +2" in refused("level", text)


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("Yep!", True), ("ok", True), ("no", False), ("Nope.", False)]
)
def test_yes_and_no_have_many_words(text: str, value: bool) -> None:
    assert taken("yes_no", text) is value


@pytest.mark.parametrize("text", ["maybe", "yes and no", "1", "👍🏽"])
def test_what_is_neither_yes_nor_no_is_asked_again(text: str) -> None:
    assert "Yes or no?" in refused("yes_no", text)


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("3.5", 3.5), ("3,5", 3.5), ("about ten", 10), ("0", 0)])
def test_a_number_may_have_a_fraction(text: str, value: float) -> None:
    assert taken("number", text) == value


@pytest.mark.parametrize("text", ["101", "-1", "many", "10 to 12", "9²", "1e5"])
def test_a_number_out_of_bounds_or_none_is_not_taken(text: str) -> None:
    assert "A number, please." in refused("number", text)


# -- all kinds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_question_can_be_skipped_and_ends_after_three_bad_tries(kind: str) -> None:
    assert asked(kind).says("skip").question == "next"
    held = asked(kind)
    bad = "a" * 501 if kind == "text" else ";" if kind == "commitments" else "xyzzy plugh"
    for _ in range(3):
        assert held.question == "it"
        held.says(bad)
        assert [e.question for e in held.fresh if isinstance(e, FieldError)] == ["it"]
    if kind == "commitments":  # what asks for promises is never passed over
        held.says("skip")
    assert held.question == "next"
    assert held.kept["run:it"] is None


@pytest.mark.parametrize("kind", list(KINDS))
@given(value=st.text(max_size=60) | st.sampled_from(["²", "!", "!x", "=", "½", "\x00", "\ud800", "0" * 60, "-", "/10"]))
def test_no_text_and_no_button_breaks_a_question(kind: str, value: str) -> None:
    for held in (asked(kind).says(value), asked(kind).taps(value)):
        assert held.question in ("it", "next", "")


def test_a_button_that_was_answered_is_stale_and_says_so() -> None:
    held = asked("scale")
    token = held.token
    held.taps("7").taps("3", token=token)
    assert held.kept == {"run:it": 7}
    assert [effect.stale for effect in held.fresh if isinstance(effect, Toast)] == [True]


def test_a_talk_ends_and_what_it_came_to_is_written() -> None:
    held = asked("yes_no").says("yes").says("and so on")
    assert held.written == {"it": True, "next": "and so on"}
    assert [effect.how for effect in held.fresh if isinstance(effect, EndRun)] == ["done"]
