"""What comes after the end of an engagement: check-ins, a way back, and the last good-bye."""

from datetime import UTC, datetime

import pytest

from bot.coaching.follow_up.rules import CHECK_IN_DAYS, check_ins_chosen
from bot.model.facts import NOBODY
from bot.model.plan import Phase
from bot.model.replies import Given
from tests.support.ending_engagements import GOAL, ahead, closes, coached, engagement, since, takes_along, until_asked
from tests.support.plans import plan
from tests.support.town import Person, Town

END = datetime(2026, 12, 18, 12, tzinfo=UTC)


async def ended(
    town: Town, *, checkins: str = "All three", share: str = "A summary for my coach"
) -> tuple[Person, Person]:
    """An engagement that ended on 18 December, with check-ins agreed to."""
    ana, dana = await coached(town, GOAL)
    await closes(dana, on="on 18 December")
    await ana.says("/closing next")
    await takes_along(ana, checkins=checkins, share=share)
    await ana.says("cancel")
    await town.until(END)
    return ana, dana


async def test_check_ins_come_at_the_clients_hour_and_the_last_one_says_good_bye(town: Town) -> None:
    ana, dana = await ended(town)
    assert [day for name, day in await ahead(ana) if name == "follow-up"] == ["2027-01-18", "2027-03-18", "2027-06-16"]
    await town.until(datetime(2027, 1, 18, 8, 0, tzinfo=UTC))
    ana.reads("One month since you and Dana finished", "Dana reads a summary", 'you were at "One is made without me"')
    await ana.taps("Better")
    await ana.taps("Two of three decisions are made witho…")
    await ana.taps("Monday review with Sam")
    await ana.taps("Friday walk")
    await ana.says("A walk on Monday instead")
    await ana.taps("Not now")
    ana.reads("I write next on Thu 18 Mar")
    dana.reads("Ana, 30 days after the end", "better still, at As planned")
    assert "walk" not in dana.last.text
    await town.until(datetime(2027, 3, 18, 8, 0, tzinfo=UTC))
    await ana.taps("The same")
    for answer in ("Both", "Neither", "Not now"):
        await ana.taps(answer)
    await town.until(datetime(2027, 6, 16, 7, 0, tzinfo=UTC))
    ana.reads("6 months since")
    await ana.taps("Slipped")
    await ana.taps("One is made without me")
    for answer in ("Both", "Neither"):
        await ana.taps(answer)
    await ana.says("skip")
    await ana.taps("Not now")
    curve = next(message.file for message in reversed(ana.read) if message.file is not None)
    values = [point.value for point in curve.series[0].points]  # type: ignore[union-attr]
    assert values == [-1, 0, 0, -1]
    ana.reads("That was the last check-in")
    await ana.taps("Stop here")
    assert (await plan(ana)).phase is Phase.ENDED
    count = len(ana.read)
    await town.passes(days=120)
    assert since(ana, count) == []


async def test_without_a_yes_the_coach_reads_no_summary(town: Town) -> None:
    ana, dana = await ended(town, share="Not shown to my coach")
    await town.until(datetime(2027, 1, 18, 8, 0, tzinfo=UTC))
    ana.reads("It is not shown to your coach")
    count = len(dana.read)
    await ana.taps("The same")
    for answer in ("Both", "Neither", "Not now"):
        await ana.taps(answer)
    assert since(dana, count) == []


async def test_a_slip_back_can_reopen_the_engagement(town: Town) -> None:
    ana, dana = await ended(town, share="Not shown to my coach")
    await town.until(datetime(2027, 1, 18, 8, 0, tzinfo=UTC))
    await ana.taps("Slipped")
    await ana.taps("Every one comes back to my desk")
    for answer in ("Neither", "Both"):
        await ana.taps(answer)
    await ana.says("skip")
    await ana.taps("Yes, ask them")
    dana.reads("Ana would like a word with you")
    assert "desk" not in dana.last.text
    await dana.taps("Reopen", on=dana.last)
    ana.reads("Dana has picked your coaching up again")
    assert (await engagement(ana))[1] == "active"
    assert (await plan(ana)).phase is Phase.COACHING
    assert [name for name, _ in await ahead(ana) if name == "follow-up"] == []
    await until_asked(town, ana, "The week's check-in", days=12)


async def test_a_coach_who_would_like_to_go_on_waits_for_the_clients_yes(town: Town) -> None:
    ana, dana = await ended(town, checkins="No")
    await dana.says("/reopen ana")
    assert (await engagement(ana))[1] == "closed"
    await until_asked(town, ana, "would like to pick the coaching up again")
    await ana.taps("No, leave it")
    assert (await engagement(ana))[1] == "closed"
    dana.reads("would rather not")
    await dana.says("/reopen ana")
    await town.passes(days=3)
    await ana.taps("Yes, go on")
    assert (await engagement(ana))[1] == "active"


async def test_stop_ends_what_was_to_come(town: Town) -> None:
    ana, _ = await ended(town)
    await ana.says("stop")
    assert "follow_up" not in (await engagement(ana))[2]
    assert await ahead(ana) == []
    count = len(ana.read)
    await town.passes(days=200)
    assert since(ana, count) == []


async def test_stop_can_be_tapped_at_a_check_in(town: Town) -> None:
    ana, _ = await ended(town)
    await town.until(datetime(2027, 1, 18, 8, 0, tzinfo=UTC))
    await ana.taps("Stop these")
    assert any("no more check-ins" in message.text for message in ana.read)
    assert await ahead(ana) == []


async def test_an_unanswered_check_in_is_reminded_of_once_at_most(town: Town) -> None:
    ana, _ = await ended(town)
    count = len(ana.read)
    await town.until(datetime(2027, 3, 1, tzinfo=UTC))
    told = since(ana, count)
    assert 1 <= len(told) <= 2
    assert "One month since" in told[0].text


async def test_other_days_can_be_chosen(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana, on="on 18 December")
    await ana.says("/closing next")
    await ana.taps("Go ahead")
    for answer in (
        "One; two; three",
        "Monday review",
        "That's all",
        "skip",
        "skip",
        "skip",
        "Other days",
        "in a while",
        "45, then 120",
    ):
        await ana.says(answer)
    await ana.taps("Not shown to my coach")
    await ana.says("cancel")
    await town.until(END)
    assert [day for name, day in await ahead(ana) if name == "follow-up"] == ["2027-02-01", "2027-04-19"]


async def test_after_the_end_nothing_pretends_to_run(town: Town) -> None:
    ana, dana = await ended(town, checkins="No")
    for words in ("hello", "/commit Write the plan by Friday", "/checkin", "/start"):
        await ana.says(words)
        ana.reads("Your coaching has ended")
    assert await ahead(ana) == []
    await ana.says("/callme")
    dana.reads("would like a word")


async def test_a_monthly_minute_is_private_and_ends_when_it_goes_unanswered(town: Town) -> None:
    ana, dana = await ended(town)
    await town.until(datetime(2027, 6, 24, 8, 0, tzinfo=UTC))
    ana.reads("That was the last check-in")
    await ana.taps("Stay on monthly")
    assert {name for name, _ in await ahead(ana)} == {"self-coaching"}
    count = len(dana.read)
    await until_asked(town, ana, "Your monthly minute", days=40)
    await ana.taps("Go ahead")
    for answer in ("The walks", "Fewer slides", "One talk a week"):
        await ana.says(answer)
    ana.reads("not shown to your coach")
    assert not any("walks" in message.text for message in since(dana, count))
    await town.passes(days=120)
    assert await ahead(ana) == []


async def test_the_consent_to_check_ins_can_be_withdrawn_by_itself(town: Town) -> None:
    ana, _ = await ended(town)
    assert any(name == "follow-up" for name, _ in await ahead(ana))
    await ana.says("/settings")
    await ana.taps("What I agreed to")
    await ana.taps("Check-ins afterwards")
    assert "follow_up" not in (await engagement(ana))[2]
    assert await ahead(ana) == []


@pytest.mark.parametrize(
    ("answers", "days"),
    [
        ({"checkins": "default"}, CHECK_IN_DAYS),
        ({"checkins": "30 90 180"}, (30, 90, 180)),  # what "All three" stood for in versions that are still answered
        ({"checkins": "90"}, (90,)),
        ({"checkins": "other", "days": "120 and 45"}, (45, 120)),
        ({"checkins": "none"}, ()),
        ({}, None),
    ],
)
def test_an_answer_names_its_days_whatever_version_asked(answers: dict[str, str], days: tuple[int, ...] | None) -> None:
    assert check_ins_chosen(Given(facts=NOBODY, values=answers)) == days
