"""A coach's programme: seeing it, changing it from the chat, for one client, for new ones, for all."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.app import library
from bot.coaching.programme import rules as programme_rules
from bot.coaching.programme.headers import HEADERS
from bot.coaching.programme.rules import MENU, STANDARD, TEMPLATES
from bot.engine.dialogue.editing import edited, lines_of
from bot.model.plan import OwnQuestion, Programme
from tests.support.town import MONDAY, Person, Town


async def change(dana: Person, *answers: str) -> None:
    await dana.says("/program change")
    for answer in answers:
        await dana.says(answer)


async def weekly_checkin(town: Town, who: Person) -> Person:
    """Friday at nine has come, and the check-in is asked for."""
    await who.says("/checkin")
    return who


# -- seeing it -------------------------------------------------------------------------------------------------------


async def test_the_programme_says_what_comes_when_and_what_is_not_in_it(town: Town) -> None:
    dana = await town.coach()
    await dana.says("/program")
    dana.reads(
        "6 months", "day 15: A first picture", "Around sessions:", "Every four weeks", "After the end:", "Not in it:"
    )
    assert [choice.value for choice in dana.last.choices] == ["/program change", "/preview"]


async def test_of_one_client_the_coach_sees_the_days_of_this_week_and_no_hours(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/program ana")
    dana.reads("Programme of Ana", "This week:", "Fri 27 Nov: The week's check-in")
    assert "09:00" not in dana.last.text


async def test_a_name_that_nobody_has_is_said_so(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/program zacharias")
    dana.reads("None of your clients", "zacharias")


async def test_a_client_has_no_programme_to_look_at(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/program")
    ana.reads("for coaches")


# -- wording ---------------------------------------------------------------------------------------------------------


async def test_a_line_is_worded_anew_by_a_reply_to_its_preview(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well")
    dana.reads("One thing that went well?", "as before")
    await dana.says("What made you proud, {coach} asks?", hangs_on=dana.asked)
    dana.reads("For whom?")
    await dana.says("Only Ana")
    assert not dana.last.token
    await ana.says("/checkin")
    await ana.says("skip")
    ana.reads("What made you proud, Dana asks?")


async def test_other_clients_keep_the_first_wording(town: Town) -> None:
    await town.client("ana")
    ben = await town.client("ben")
    dana = town.people["dana"]
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well", "What made you proud?", "Only Ana")
    await ben.says("/checkin")
    await ben.says("skip")
    ben.reads("One thing that went well?")


async def test_new_clients_begin_with_what_the_coach_changed_for_them(town: Town) -> None:
    await town.coach()
    dana = town.people["dana"]
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well", "What made you proud?", "new")
    eva = await town.client("eva")
    await eva.says("/checkin")
    await eva.says("skip")
    eva.reads("What made you proud?")


async def test_as_before_brings_the_first_wording_back(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well", "What made you proud?", "all")
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well", "as before", "all")
    await ana.says("/checkin")
    await ana.says("skip")
    ana.reads("One thing that went well?")


async def test_whoever_is_in_the_middle_goes_on_with_what_they_began(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await ana.says("/checkin")
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well", "What made you proud?", "all")
    await ana.says("skip")
    ana.reads("One thing that went well?")


async def test_a_gap_that_the_line_does_not_have_is_refused(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await change(dana, "wording", "The week's check-in", "weekly-checkin/well", "Dear {password}, how was it?")
    dana.reads("in braces")
    await dana.says("A brace { that nothing closes")
    dana.reads("in braces")


# -- questions and prompts -------------------------------------------------------------------------------------------


async def test_a_question_of_the_coachs_own_joins_the_check_in_and_its_answer_is_shared(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await change(dana, "question", "What did the board say?", "In words", "Only Ana")
    await ana.says("/checkin")
    for _ in range(4):
        await ana.says("skip")
    ana.reads("What did the board say?")
    await ana.says("They want the plan in June")
    assert not ana.last.token
    await dana.says("/client ana")
    dana.reads("What did the board say? They want the plan in June")


async def test_a_dropped_question_is_not_asked_any_more(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await change(dana, "question", "What did the board say?", "In words", "all")
    await change(dana, "drop", "What did the board say?", "all")
    await ana.says("/checkin")
    for _ in range(4):
        await ana.says("skip")
    assert not ana.last.token


async def test_changes_are_for_coaches_of_that_client_alone(town: Town) -> None:
    """Another coach can neither see nor change what Dana's clients are asked."""
    await town.client("ana")
    eve = await town.coach("eve")
    await change(eve, "question", "Mine?", "In words")
    assert [choice.label for choice in eve.asked.choices] == ["New clients", "All and new ones"]
    await eve.says("All and new ones")
    ana = town.people["ana"]
    await ana.says("/checkin")
    for _ in range(4):
        await ana.says("skip")
    assert not ana.last.token


# -- the rules -------------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(TEMPLATES)), st.sampled_from(MENU))
def test_in_and_out_again_changes_nothing(template: str, dialogue: str) -> None:
    whole = TEMPLATES[template]
    assert programme_rules.toggled(programme_rules.toggled(whole, dialogue), dialogue) == whole
    assert programme_rules.wants(programme_rules.toggled(whole, dialogue), dialogue) != programme_rules.wants(
        whole, dialogue
    )


@given(st.integers(1, 400))
def test_what_comes_on_a_day_of_its_own_is_put_on_the_agenda_for_it(day: int) -> None:
    moved = programme_rules.on_day(STANDARD, "first-picture", day)
    found = {
        entry.dialogue: (entry.day - MONDAY.date()).days for entry in programme_rules.opening(moved, "e", MONDAY.date())
    }
    assert found["first-picture"] == day
    without = replace(moved, on=frozenset())
    assert programme_rules.opening(without, "e", MONDAY.date()) == ()


def test_what_the_menu_does_not_hold_cannot_be_taken_out() -> None:
    assert programme_rules.wants(Programme(template="three"), "due-today")
    assert not programme_rules.wants(Programme(template="three"), "review")


def test_no_template_leaves_out_the_core() -> None:
    for template in TEMPLATES.values():
        assert {name for name, header in HEADERS.items() if header.programme == "core"} <= template.on


def test_an_edit_makes_another_version_and_leaves_the_locked_ones_alone() -> None:
    """Consents and the words about who sees what are nobody's to change."""
    for (language, name), dialogue in library().dialogues.items():
        texts = {line.key: "Something else entirely" for line in lines_of(dialogue)}
        other = edited(dialogue, texts, (OwnQuestion(text="Mine?"),))
        assert (other.version == dialogue.version) == (dialogue.locked or not texts), (language, name)


def test_consents_agreements_and_data_are_locked() -> None:
    made = library()
    for name in ("welcome", "settings", "handover"):
        assert made.newest(name, "en").locked, name
