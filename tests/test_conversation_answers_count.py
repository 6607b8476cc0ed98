"""What somebody says counts at once, whatever they do next: the cases that once were lost."""

from datetime import UTC, date, datetime

from storage.programme import commitments
from tests.support.ending_engagements import GOAL, closes, coached, takes_along
from tests.support.pages import page
from tests.support.plans import coachs_ladder, goal, plan, together
from tests.support.town import Person, Town, town_on

FRIDAY_NINE = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
MONDAY_EIGHT = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


async def promised(town: Town, text: str = "call Petra by Thursday") -> tuple[Person, Person]:
    ana, dana = await together(town)
    await ana.says(f"/commit {text}")
    return ana, dana


async def test_a_promise_is_there_and_asked_about_though_nothing_more_was_said(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await promised(town)
        ana.reads("How sure are you")
        assert "Call Petra, due Thu 26 Nov" in await page(ana, "progress")
        assert "Call Petra" in await page(dana, "client", "ana")
        await town.until(datetime(2026, 11, 26, 8, 1, tzinfo=UTC))
        await town.passes(days=1)
        assert any("Call Petra" in m.text and m.token for m in ana.read[-3:])


async def test_a_tapped_done_is_a_win_though_the_check_in_was_left(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await promised(town, "call Petra by Friday")
        await ana.says("cancel")
        await town.check_ins_only()
        await town.until(FRIDAY_NINE)
        await ana.taps("Done")
        assert ana.last.token, "the next question is open"
        assert "Ana 1 of 1 done" in await page(dana, "digest")
        await town.until(MONDAY_EIGHT)
        weekly = next(m.text for m in reversed(dana.read) if "Week of" in m.text)
        assert "Ana 1 of 1 done" in weekly
        assert "none answered" not in weekly


async def test_two_of_the_answers_before_a_session_are_in_the_brief(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await dana.says("/session ana Thursday 15:00")
        await ana.says("/session")
        await town.until(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
        asked = ana.asked
        await ana.says("7")
        await ana.says("A decision about the board")
        assert ana.last.token
        assert ana.last.token != asked.token
        assert "A decision about the board" in await page(dana, "brief", "ana")


async def test_agreeing_to_a_ladder_counts_before_one_says_where_one_is(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await goal(ana)
        await coachs_ladder(dana)
        await ana.says("/goals confirm")
        await ana.taps("I agree")
        assert "Where are you today?" in ana.asked.text
        held = (await plan(ana)).goals[0].ladder
        assert held is not None
        assert held.baseline is None
        told = [m.text for m in dana.read if "agrees to the success ladder" in m.text]
        await ana.taps("One is made without me")
        held = (await plan(ana)).goals[0].ladder
        assert held is not None
        assert held.baseline == -1
        assert len([m.text for m in dana.read if "agrees to the success ladder" in m.text]) - len(told) <= 1


async def test_the_coach_who_was_promised_a_summary_hears_of_a_check_in_that_was_left(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await coached(town, GOAL)
        await closes(dana, on="on 18 December")
        await ana.says("/closing next")
        await takes_along(ana)
        await ana.says("cancel")
        await town.until(datetime(2027, 1, 18, 8, 0, tzinfo=UTC))
        await ana.taps("Slipped")
        read = len(dana.read)
        await town.passes(days=4)
        assert any("slipped" in message.text for message in dana.read[read:])


async def test_going_back_takes_the_answer_and_what_came_of_it_back(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await promised(town)
        await ana.says("4")
        await ana.says("change 1")
        await ana.says("Call Sam")
        assert [c.text for c in await ana.commitments()] == ["Call Sam"]


async def test_what_waits_for_a_yes_counts_nothing_before_and_says_so(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await goal(ana)
        await ana.says("/goals ladder")
        await ana.says("Two of three decisions are made without me")
        assert (await plan(ana)).goals[0].ladders == ()
        await ana.says("cancel")
        ana.reads("Nothing of it counts before your yes")
        assert (await plan(ana)).goals[0].ladders == ()


async def test_an_answer_in_private_is_private_from_its_first_moment(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await ana.says("/commit")
        await ana.says("private")
        await ana.says("Look for another job")
        assert "another job" not in await page(dana, "client", "ana")
        assert "another job" in await page(ana, "progress")
        place = await ana.place()
        kept = await town.app.database.read(lambda c: commitments.open_commitments(c, place.person))
        assert [c.audience for c in kept] == ["private"]


async def test_private_in_front_of_an_answer_makes_that_answer_private(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await ana.says("/checkin")
        await ana.says("skip")
        await ana.says("private: the plan is on its way")
        ana.reads("not shown to your coach", "in the way")
        await ana.says("Private life took the week")
        ana.reads("Energy this week")
        await ana.says("private 3")
        ana.reads("not shown to your coach")
        place = await ana.place()
        told = await town.app.database.read(lambda c: commitments.remarks(c, place.person, date(2026, 11, 1)))
        assert {(r.kind, r.text, r.audience.value) for r in told} == {
            ("win", "the plan is on its way", "private"),
            ("obstacle", "Private life took the week", "private"),
        }
        assert "3" not in (await page(dana, "client", "ana")).partition("Energy")[2]


async def test_private_words_that_cannot_be_the_answer_are_kept_for_oneself(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await promised(town)
        await ana.says("private: I am afraid of her")
        ana.reads("Kept for you", "How sure are you")


async def test_a_promise_with_private_in_front_is_kept_from_the_coach(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await ana.says("/commit private: look for another job by Friday")
        assert "Look for another job" in await page(ana, "progress")
        for verb in ("client", "brief"):
            assert "another job" not in await page(dana, verb, "ana")
        await ana.says("cancel")
        await ana.says("commit private lessons for the team by Friday")
        kept = await ana.commitments()
        assert [(c.text, c.audience.value) for c in kept] == [
            ("Look for another job", "private"),
            ("Private lessons for the team", "private"),
        ]


async def test_what_was_answered_before_another_question_came_in_front_is_kept_by_a_cancel(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await ana.says("/checkin")
        for said in ("skip", "The offsite", "skip"):
            await ana.says(said)
        ana.reads("Energy this week")
        await ana.says("/commit call Petra by Friday")
        await ana.says("cancel")
        ana.reads('How sure are you about "Call Petra"')
        await ana.says("cancel")
        ana.reads("What you said is kept: The offsite.")
        assert "The offsite" in await page(dana, "client", "ana")
