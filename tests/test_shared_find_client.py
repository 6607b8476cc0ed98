"""Whom a coach means: one rule for every command that begins with a client's name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.shared.client_ref import ref_of
from bot.coaching.shared.find_client import Found, client_at_start, client_named
from bot.model.people.client_view import ClientView
from bot.understanding.folding import fold, fold_loosely
from tests.support.facts import WORDING, coach_facts, say, view

NAMES = ("Ana", "Ana María Ruiz", "Anatol Weiß", "Jörg Müller", "Łukasz O'Neil", "Jean-Luc Picard", "Tom")
PRACTICE = tuple(view(name) for name in NAMES)


def outcome(found: Found) -> tuple[str, str] | list[tuple[str, str]]:
    """The client and the rest, or those who are offered, each with the rest."""
    if found.view is not None:
        return found.view.engagement.client_name, found.rest
    return [(each.name, each.rest) for each in found.candidates]


# -- a name with words behind it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Ana Thursday 15:00", "Ana", "Thursday 15:00"),
        ("Ana Maria Thursday 15:00", "Ana María Ruiz", "Thursday 15:00"),
        ("ana ruiz buys milk", "Ana María Ruiz", "buys milk"),
        ("anamaria buys milk", "Ana María Ruiz", "buys milk"),
        ("Ana: Maria called", "Ana", "Maria called"),
        ("Ana : Maria called", "Ana", "Maria called"),
        ("Ana, Tom called", "Ana", "Tom called"),
        ("ruiz Thursday", "Ana María Ruiz", "Thursday"),
        ("Anatol Weiss no", "Anatol Weiß", "no"),
        ("Joerg Mueller no", "Jörg Müller", "no"),
        ("jorg mueller no", "Jörg Müller", "no"),
        ("lukasz oneil no", "Łukasz O'Neil", "no"),
        ("ŁUKASZ O’NEIL no", "Łukasz O'Neil", "no"),
        ("o neil no", "Łukasz O'Neil", "no"),
        ("Jean Luc Picard Thursday", "Jean-Luc Picard", "Thursday"),
        ("jeanluc Thursday", "Jean-Luc Picard", "Thursday"),
        ("Anatol W. Thursday", "Anatol Weiß", "Thursday"),
        ("Tom --share so clear", "Tom", "--share so clear"),
        ("Ana to closing", "Ana", "to closing"),
        (f"{ref_of('e:Tom')} no", "Tom", "no"),
    ],
)
def test_the_longest_name_that_fits_is_taken_off(text: str, name: str, rest: str) -> None:
    assert outcome(client_at_start(text, PRACTICE)) == (name, rest)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Ana Mar Thursday 15:00", [("Ana", "Mar Thursday 15:00"), ("Ana María Ruiz", "Thursday 15:00")]),
        ("Ana Mariah Thursday", [("Ana", "Mariah Thursday"), ("Ana María Ruiz", "Thursday")]),
        ("Ana R said so", [("Ana", "R said so"), ("Ana María Ruiz", "said so")]),
        ("Ana Tom called", [("Ana", "Tom called"), ("Tom", "called")]),
        ("Tom Ruiz called", [("Tom", "Ruiz called"), ("Ana María Ruiz", "called")]),
        ("anat Thursday", [("Anatol Weiß", "Thursday")]),
        ("Mullre Thursday", [("Jörg Müller", "Thursday")]),
        ("to Thursday", [("Tom", "Thursday")]),
        ("Zoe Thursday", []),
        ("15:00 Thursday", []),
        ("~00000000 no", []),
    ],
)
def test_who_may_be_meant_too_is_asked_about_with_the_rest(text: str, offered: list[tuple[str, str]]) -> None:
    assert outcome(client_at_start(text, PRACTICE)) == offered


def test_an_initial_with_a_dot_tells_two_of_one_first_name_apart() -> None:
    two = (view("Ana Lopez"), view("Ana Ruiz"))
    assert outcome(client_at_start("Ana R. Thursday", two)) == ("Ana Ruiz", "Thursday")
    assert outcome(client_at_start("Ana r", two)) == ("Ana Ruiz", "")
    assert outcome(client_at_start("Ana Thursday", two)) == [("Ana Lopez", "Thursday"), ("Ana Ruiz", "Thursday")]


# -- all of a text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ana", "Ana"),
        ("ANA.", "Ana"),
        ("ana m", "Ana María Ruiz"),
        ("anat", "Anatol Weiß"),
        ("mueller", "Jörg Müller"),
        ("Ana Thursday", []),
        ("an", ["Ana", "Ana María Ruiz", "Anatol Weiß"]),
        ("Anatil", ["Anatol Weiß"]),
        ("2", []),
        ("", []),
    ],
)
def test_all_of_a_text_is_the_name(text: str, who: str | list[str]) -> None:
    found = outcome(client_named(text, PRACTICE))
    assert (found[0] if isinstance(found, tuple) else [name for name, _ in found]) == who


def test_who_is_spelt_exactly_so_comes_before_who_is_spelt_alike() -> None:
    alike = (view("Jose"), view("José"), view("Muller"), view("Müller"), view("Mueller"))
    for each in alike:
        assert client_named(each.engagement.client_name, alike).view == each
    assert client_named("MÜLLER", alike).view == alike[3]


# -- what is said ----------------------------------------------------------------------------------------------------


def test_a_button_carries_what_was_said_behind_the_name() -> None:
    reply = say("confirm Ana Mar no", coach_facts(*PRACTICE))
    assert reply.records == ()
    assert [WORDING.render(label) for _, label in reply.buttons] == ["Ana", "Ana María Ruiz"]
    assert [command for command, _ in reply.buttons][1] == f"/confirm {ref_of('e:Ana María Ruiz')} no"


def test_what_is_too_long_for_a_button_asks_for_the_name_again_and_takes_it_with_a_colon() -> None:
    long = "no " + "x" * 60
    reply = say(f"confirm Ana Tom {long}", coach_facts(*PRACTICE))
    assert reply.buttons == ()
    assert WORDING.render(reply.says[0]).endswith("a colon behind it: Ana, Tom.")
    assert outcome(client_at_start(f"Ana: Tom {long}", PRACTICE)) == ("Ana", f"Tom {long}")


def test_of_many_clients_no_buttons_are_made() -> None:
    many = tuple(view(f"Kim {letter}") for letter in "abcdefghijkl")
    assert say("client", coach_facts(*many)).buttons == ()
    assert "Kim a, Kim b" in WORDING.render(say("client kim", coach_facts(*many)).says[0])


# -- laws ------------------------------------------------------------------------------------------------------------

LETTERS = "aábdeéimnoöruüz" + "ıłøđþæßœðħ" + "АнИй" + "李明" + "אב"
WORD = st.text(st.sampled_from(LETTERS), min_size=1, max_size=6)
PART = st.builds("{}{}{}".format, WORD, st.sampled_from(("", "-", "'", "’")), WORD) | WORD
NAME = st.lists(PART, min_size=1, max_size=3).map(" ".join)
SOME = st.lists(NAME, min_size=1, max_size=5, unique_by=lambda name: unicodedata.normalize("NFC", name).casefold())


def clients(names: list[str]) -> tuple[ClientView, ...]:
    return tuple(view(name) for name in names)


@given(SOME)
def test_the_exact_name_of_each_client_finds_that_client_and_nobody_else(names: list[str]) -> None:
    practice = clients(names)
    for each in practice:
        name = each.engagement.client_name
        assert client_named(name, practice).view == each
        assert client_named(name.upper().casefold(), practice).view == each
        assert outcome(client_at_start(f"{name}: {names[0]} called", practice)) == (name, f"{names[0]} called")


@given(SOME, st.lists(WORD, min_size=1, max_size=4).map(" ".join))
def test_nobody_is_found_without_a_word_of_their_name(names: list[str], text: str) -> None:
    practice = clients(names)
    said = fold_loosely(text).replace(" ", "")
    for found in (client_at_start(text, practice), client_named(text, practice)):
        if found.view is not None:
            parts = {fold_loosely(part) for part in fold(found.view.engagement.client_name).split()}
            assert any(said.startswith(part) or part.startswith(fold_loosely(text.split()[0])) for part in parts)


@given(SOME, st.integers(1, 6), st.lists(WORD, min_size=1, max_size=3).map(" ".join))
def test_with_words_behind_it_a_beginning_of_a_name_is_never_enough(names: list[str], long: int, behind: str) -> None:
    practice, said = clients(names), names[0][:long]
    found = client_at_start(f"{said} {behind} !", practice)
    if found.view is not None:
        name = found.view.engagement.client_name
        taken = [found.said, found.said[:-1].rstrip()] if fold(found.said)[-2:-1] == " " else [found.said]  # an initial
        assert any(whole(form(words), form(name)) for form in (fold, fold_loosely) for words in taken)


def whole(words: str, name: str) -> bool:
    """Nothing but words of the name, or some that stand together in it, written as one."""
    parts = name.split()
    runs = {"".join(parts[begin:end]) for end in range(len(parts) + 1) for begin in range(end)}
    return set(words.split()) <= set(parts) or words.replace(" ", "") in runs


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once_and_case_does_not_matter(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_loosely(fold_loosely(text).upper()) == fold_loosely(fold_loosely(text))
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("  JOSÉ  Ángel ", "jose angel"),
        ("Jean-Luc", "jean luc"),
        ("O’Neil", "oneil"),
        ("Łukasz Ørsted Đurić", "lukasz orsted duric"),
        ("Þóra Æsa Weiß Œuvre", "thora aesa weiss oeuvre"),
        ("Ilgın İnce", "ilgin ince"),
        ("अनिता", "अनिता"),
    ],
)
def test_a_name_is_folded(name: str, bare: str) -> None:
    assert fold(name) == bare
