"""The list of features: a name that two register is refused, and a card's silence is the careful choice."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.coaching.shared.asking import answering
from bot.coaching.shared.cards import Command, Feature
from bot.features import RegisteredTwiceError, cards, fallbacks_of, joined, registered
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Cover
from bot.model.phrases import phrase
from bot.model.records import Remarked
from bot.model.replies import Given, Reply
from bot.model.roles import Who
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from tests.support.facts import NOW, TODAY, coach_facts, facts, heard, view


def nod(reading: Reading, facts: Facts, now: datetime) -> Reply:
    return Reply(says=(phrase("yes"),))


def praise(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    return Reply(says=(phrase("client_name", client=f"{view.name}: {reading.rest}"),))


def is_sunny(given: Given) -> bool:
    return given.get("weather") == "sun"


def keep(unit: UnitOfWork, record: Remarked) -> None:
    unit.wish(focus=record.text)


def nodding(name: str, who: Who = Who.CLIENT) -> Feature:
    """A feature with one command, `nod`."""
    return Feature(name=name, commands=(Command(verb="nod", who=who, run=nod),), predicates={"is_sunny": is_sunny})


# -- names -----------------------------------------------------------------------------------------------------------


def test_a_verb_of_one_role_belongs_to_one_feature() -> None:
    with pytest.raises(RegisteredTwiceError, match=r"'nod'.*in 'weather' and in 'moods'"):
        cards((nodding("weather"), nodding("moods")))


def test_a_verb_may_mean_another_thing_to_each_role() -> None:
    found = cards((nodding("weather"), nodding("moods", Who.COACH)))
    assert set(found["nod"]) == {Who.CLIENT, Who.COACH}


def test_a_verb_stands_once_within_a_feature_too() -> None:
    card = Command(verb="nod", who=Who.COACH, run=nod)
    with pytest.raises(RegisteredTwiceError, match="in 'moods' and in 'moods'"):
        cards((Feature(name="moods", commands=(card, card)),))


def test_what_dialogues_name_belongs_to_one_feature() -> None:
    with pytest.raises(RegisteredTwiceError, match="predicates 'is_sunny': in 'weather' and in 'moods'"):
        registered("predicates", (nodding("weather"), nodding("moods")))


def test_a_record_has_one_owner() -> None:
    owners = [Effects(name=name, once={Remarked: keep}) for name in ("weather", "moods")]
    with pytest.raises(RegisteredTwiceError, match=r"record .*Remarked.*in 'weather' and in 'moods'"):
        joined("record", ((effects.name, effects.once) for effects in owners))


def test_a_fallback_without_a_place_in_the_order_is_refused() -> None:
    features = (Feature(name="moods", fallbacks=(nod,)), Feature(name="weather", fallbacks=(nod,)))
    assert len(fallbacks_of(features, ("weather", "moods"))) == 2
    with pytest.raises(KeyError, match="moods"):
        fallbacks_of(features, ("weather",))


# -- cards -----------------------------------------------------------------------------------------------------------


def test_a_command_that_does_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="the command 'nod' does nothing"):
        Command(verb="nod", who=Who.CLIENT)


def test_a_command_about_no_client_says_nothing_of_clients() -> None:
    with pytest.raises(ValueError, match="the command 'nod' is about no client"):
        Command(verb="nod", who=Who.COACH, run=nod, when_covering=True)


ANA = Reading(text="praise Ana", verb="praise", rest="Ana")
# A coach's new command, about a client, of which nothing more was said.
PRAISE = answering({Who.COACH: Command(verb="praise", who=Who.COACH, about=praise)})


def test_a_new_command_is_about_the_client_who_is_named() -> None:
    said = PRAISE(ANA, coach_facts(view("Ana Moreira")), NOW)
    assert heard(said).startswith("Ana Moreira")


def test_of_who_joined_it_is_asked_first_who_it_is() -> None:
    said = PRAISE(ANA, coach_facts(view("Ana Moreira", confirmed=False)), NOW)
    assert said.says == (phrase("unconfirmed", client="Ana Moreira"),)
    assert [label for _, label in said.buttons] == [phrase("button_yes"), phrase("button_no")]


def test_a_client_of_a_coach_who_is_away_can_only_be_read() -> None:
    own = view("Ana Moreira")
    cover = Cover(absence="a1", coach="carla", name="Carla", first=TODAY, last=date(2026, 3, 8), agreed=True)
    of_dana = replace(
        own, engagement=replace(own.engagement, coach="dana", coach_name="Dana", cover=cover), covered=True
    )
    carla = coach_facts(covering=(of_dana.engagement,), covered=(of_dana,))
    assert PRAISE(ANA, carla, NOW).says == (phrase("covered_only_read", client="Ana Moreira", coach="Dana"),)


def test_a_client_is_told_kindly_that_it_is_for_coaches() -> None:
    assert PRAISE(ANA, facts(), NOW).says == (phrase("for_coaches"),)
