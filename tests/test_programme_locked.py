"""Words that a coach may not change: who sees an answer, a consent, a right; and whose the others are."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.engine.dialogue.editing import edited, lines_of
from bot.engine.dialogue.locks import unlocked
from bot.engine.dialogue.tree import Ask, Dialogue, Kind, Say, every_node
from bot.model.people.answers import Audience
from bot.model.plan import OwnQuestion, Programme
from storage.erasure import erase_person
from storage.people import engagements
from storage.programme import agenda, programmes
from storage.programme.plans import plan_of
from tests.support.town import ACCEPTED, Person, Town, shipped, town_on

CANARY = "zebrafinch"
LIE = f"Nobody but you sees this {CANARY}."


def spoken(dialogue: Dialogue) -> Iterator[Ask | Say]:
    return (node for node in every_node(dialogue.nodes) if isinstance(node, Ask | Say))


def open_ones() -> list[Dialogue]:
    return [dialogue for dialogue in shipped().dialogues.values() if not dialogue.locked]


def all_worded(dialogue: Dialogue) -> Dialogue:
    """As a coach leaves it who words anew whatever can be, and tries the rest."""
    tried = {f"{name}/{node.id}": LIE for node in spoken(dialogue) for name in {d.name for d in open_ones()}}
    return edited(dialogue, tried, ())


# -- what is locked ------------------------------------------------------------------------------------------------


def test_whatever_says_or_decides_an_audience_is_locked_by_its_kind() -> None:
    lacking = {dialogue.name: list(unlocked(dialogue)) for dialogue in open_ones() if dialogue.language == "en"}
    assert not {name: found for name, found in lacking.items() if found}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("May {coach} read this?", "yes_no"),
        ("Just for you: what is it?", "text"),
        ("Well then. {coach_sees_answers}", "text"),
        ("It is not shown to anybody.", "text"),
        ('"stop" ends it.', "text"),
    ],
)
def test_a_line_of_that_kind_without_a_lock_is_found(text: str, kind: str) -> None:
    review = shipped().newest("review", "en")
    bare = Ask(id="new", kind=Kind(kind), text=text)
    assert list(unlocked(replace(review, nodes=(bare,)))) == ["new"]
    assert not list(unlocked(replace(review, nodes=(replace(bare, locked=True),))))


def test_a_consent_and_what_is_said_after_a_sharing_question_are_of_that_kind() -> None:
    about = shipped().newest("about-the-coaching", "en")
    found = {node.id for node in spoken(about) if node.locked}
    assert {"share", "shared", "kept"} <= found


def test_no_wording_of_a_coachs_reaches_a_locked_line_in_any_language() -> None:
    for dialogue in open_ones():
        for before, after in zip(spoken(dialogue), spoken(all_worded(dialogue)), strict=True):
            assert (LIE in after.text) == (not before.locked), (dialogue.name, dialogue.language, before.id)


def test_no_locked_line_is_offered_to_be_worded() -> None:
    for dialogue in open_ones():
        worded = {node.text for node in spoken(all_worded(dialogue)) if LIE in node.text}
        assert bool(worded) == bool(list(lines_of(dialogue)))


def test_beneath_each_worded_line_the_bot_says_who_sees_it() -> None:
    for dialogue in open_ones():
        for node in spoken(all_worded(dialogue)):
            if LIE not in node.text:
                continue
            private = isinstance(node, Ask) and node.audience is Audience.PRIVATE
            gap = "coach_sees_answers" if isinstance(node, Say) else f"coach_sees_{'nothing' if private else 'answer'}"
            assert node.text == f"{LIE}\n\n{{{gap}}}", (dialogue.name, node.id)


# -- as it is read -------------------------------------------------------------------------------------------------


async def change(dana: Person, *answers: str) -> None:
    await dana.says("/program change")
    for answer in answers:
        await dana.says(answer)


async def engagement_of(town: Town) -> str:
    place = await town.people["dana"].place()
    found = await town.app.database.read(partial(engagements.engagements_as_coach, wanted=place.person))
    return found[0].engagement.id


async def opens(town: Town, dialogue: str) -> None:
    """The bot opens a dialogue of its own accord."""
    place = await town.people["ana"].place()
    asked = partial(agenda.schedule, person=place.person, engagement=await engagement_of(town), dialogue=dialogue)
    await town.app.database.transact(partial(asked, day=town.clock().date(), due_at=town.clock()))
    await town.passes(minutes=40)


@pytest.mark.parametrize(
    ("sees", "line"),
    [
        ("All of that", "Dana sees your answer."),
        ("Only what got done", "Dana sees that you answered, not what."),
        ("Nothing", "Your answer is not shown to Dana."),
    ],
)
async def test_who_sees_an_answer_stands_beneath_a_coachs_words(town: Town, sees: str, line: str) -> None:
    ana = await town.client("ana", sees=sees)
    await change(town.people["dana"], "wording", "The week's check-in", "weekly-checkin/well", LIE, "Only Ana")
    await ana.says("/checkin")
    await ana.says("skip")
    ana.reads(f"{LIE}\n\n{line}")


async def test_an_answer_that_is_kept_is_said_to_be_kept(town: Town) -> None:
    ana = await town.client("ana")
    texts = {"en/about-the-coaching/fit": "Dana reads this one: does the style fit?"}
    found = replace(Programme(template="six"), texts=texts)
    of = await engagement_of(town)
    await town.app.database.transact(partial(programmes.keep_for_engagement, engagement=of, programme=found))
    await opens(town, "about-the-coaching")
    await ana.says("7")
    ana.reads("does the style fit?\n\nYour answer is not shown to Dana.")


async def test_a_wording_that_was_stored_for_a_line_that_is_locked_now_is_not_read(town: Town) -> None:
    ana = await town.client("ana")
    texts = {"en/weekly-checkin/about": LIE, "en/about-the-coaching/share": "Keep these to yourself?"}
    found = replace(Programme(template="six"), texts=texts)
    of = await engagement_of(town)
    await town.app.database.transact(partial(programmes.keep_for_engagement, engagement=of, programme=found))
    await opens(town, "about-the-coaching")
    for answer in ("7", "7", "All of it", "nothing"):
        await ana.says(answer)
    ana.reads("May Dana read these answers?")
    assert CANARY not in "".join(message.text for message in ana.read)


async def test_a_question_of_the_coachs_own_says_whose_it_is_and_who_sees_the_answer(town: Town) -> None:
    ana = await town.client("ana")
    await change(town.people["dana"], "question", "What did the board say?", "In words", "Only Ana")
    await ana.says("/checkin")
    for _ in range(4):
        await ana.says("skip")
    ana.reads("Dana asks: What did the board say?\n\nDana sees your answer.")


def test_it_says_so_in_every_language() -> None:
    for language in ("en", "de"):
        checkin = shipped().newest("weekly-checkin", language)
        (own,) = (n for n in spoken(edited(checkin, {}, (OwnQuestion(text="Mine?"),))) if n.id == "own_1")
        assert own.text == "{coach_asks} Mine?\n\n{coach_sees_answer}"


# -- whose they are ------------------------------------------------------------------------------------------------


async def worded(town: Town) -> Person:
    """Ana is in the middle of a check-in that holds words of Dana's."""
    ana = await town.client("ana")
    words = f"What is your {CANARY}?"
    await change(town.people["dana"], "wording", "The week's check-in", "weekly-checkin/well", words, "Only Ana")
    await ana.says("/checkin")
    await ana.says("skip")
    ana.reads(CANARY)
    return ana


async def test_a_coachs_words_are_sealed_at_rest(sqlite_fresh: str) -> None:
    town = town_on(sqlite_fresh)
    async with town.open():
        await worded(town)
        path = Path(sqlite_fresh.removeprefix("sqlite:///"))
        for file in path.parent.glob(f"{path.name}*"):
            assert CANARY.encode() not in file.read_bytes()


async def test_they_go_with_the_coach_and_the_client_goes_on(town: Town) -> None:
    ana, dana = await worded(town), town.people["dana"]
    place, of = await dana.place(), await engagement_of(town)
    await erase_person(
        town.app.database, place.person, now=town.clock(), actor=place.person, former="your former coach"
    )
    left = await town.app.database.read(lambda connection: plan_of(connection, of).programme)
    assert not left.texts
    for text in ("/help", "It went well", "cancel"):
        await ana.says(text)
        assert ana.receipt.outcome is ACCEPTED
        assert CANARY not in ana.last.text


async def test_another_coach_does_not_ask_in_the_words_of_the_one_before(town: Town) -> None:
    ana = await town.client("ana")
    dana, kim = town.people["dana"], await town.coach("kim")
    await change(dana, "question", f"What of the {CANARY}?", "In words", "Only Ana")
    await dana.says("/handover Ana to Kim")
    await town.passes(minutes=40)
    await ana.taps("Yes")
    kim.reads("comes to you from Dana")
    await ana.says("/checkin")
    for _ in range(5):
        await ana.says("skip")
    assert CANARY not in "".join(message.text for message in ana.read)
