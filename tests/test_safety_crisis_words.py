"""Crisis language: a plain list, no idioms, in every language that has a catalogue."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.wording import Wording, load_wording
from bot.understanding.crisis import crisis_reading, in_danger

ENGLISH = load_wording()["en"]


def danger(text: str, *more: Wording) -> bool:
    return in_danger(text, (ENGLISH, *more))


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "Lately I think about suicide.",
        "i am SUICIDAL",
        "I don't want to live",
        "I don’t want to live any more",
        "I really just don't even want to live",
        "dont want to live",
        "Sometimes I want to end\nmy life",
        "I could end my own… I mean, end my life!!",
        "They would be better off without me",
        "there is no point in living",
        "I have been self-harming again",
        "self harm",
        "I'm going to hurt someone",
        "I am being abused at home",
        "My husband hits me",
        "/private I want to die",
        "1. Q2 plan\n2. kill myself",
        "It's career suicide, and I want to kill myself",
        "I want, to, kill, myself",
        "x " * 9_000 + "I want to die",
    ],
)
def test_what_says_danger_is_seen(text: str) -> None:
    assert danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "This deadline is killing me",
        "I'm dying to see the numbers",
        "Saying that to the board would be career suicide",
        "That merger was corporate hara-kiri; the launch a suicide mission",
        "I nearly died of embarrassment",
        "I want to die of embarrassment",
        "I could kill for a coffee",
        "Kill the project by Friday",
        "kill the feature, then shoot the messenger",
        "I shot myself in the foot",
        "I should cut myself some slack",
        "I cut myself off in mid-sentence",
        "I must not hurt someone's feelings",
        "An overdose of meetings",
        "Take my life back from e-mail",
        "End my life insurance policy",
        "It hits me that we are late",
        "Drop-dead date is Friday",
        "The plan is dead",
        "How would you like to end this?",
        "Suicide & Crisis Lifeline, 988",
        "Suicide prevention hotline 116 123",
        "",
        "7",
    ],
)
def test_idioms_do_not_fire(text: str) -> None:
    assert not danger(text)


def test_a_coach_can_set_a_helpline_by_its_name() -> None:
    assert not danger("Samaritans 116 123; suicide hotline 988")


def test_another_languages_list_counts_whatever_language_is_read() -> None:
    german = replace(ENGLISH, language="de", words={**ENGLISH.words, "crisis": ["mich umbringen", "nicht mehr leben"]})
    assert danger("Ich will mich umbringen.", german)
    assert danger("Ich möchte nicht mehr leben", german)
    assert danger("I want to die", german)
    assert not danger("Ich will mich umbringen.")


def test_every_language_has_a_list() -> None:
    for wording in load_wording().values():
        assert len(wording.words["crisis"]) > 10
        assert wording.words["crisis_idioms"]


@given(st.sampled_from(ENGLISH.words["crisis"]), st.text(max_size=40), st.text(max_size=40))
def test_a_phrase_of_the_list_is_seen_wherever_it_stands_alone(phrase: str, before: str, after: str) -> None:
    assert danger(f"{phrase}")
    assert danger(f"Well. {phrase.upper()} .")
    danger(f"{before} {phrase} {after}")  # whatever is around it breaks nothing


def test_of_the_words_nothing_is_handed_on() -> None:
    assert crisis_reading().text == crisis_reading().rest == ""
