"""Engagements coming to their end, held as conversations on a clock that is moved."""

from datetime import UTC, date, datetime

from bot.model.plan import Phase
from tests.support.ending_engagements import (
    GOAL,
    ahead,
    closes,
    coached,
    engagement,
    looks_back,
    since,
    takes_along,
    until_asked,
)
from tests.support.plans import plan
from tests.support.town import WELCOME, Person, Town


async def test_a_coach_closes_and_both_read_a_report_of_their_own(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana, on="on 18 December")
    dana.reads("Set: Ana, to Fri 18 Dec")
    ana.reads("coming to its end")
    await until_asked(town, ana, "Looking back takes")
    await looks_back(ana)
    ana.reads("Hand over the Q2 plan: As planned", "Four short questions about what went well")
    await ana.taps("Go ahead")
    await ana.says("private")
    await ana.says("The board talk")
    for answer in ("Patience", "That I can wait", "Thank Sam for the client meeting by Friday"):
        await ana.says(answer)
    assert [c.text for c in await ana.commitments()] == ["Thank Sam for the client meeting"]
    await dana.says("/close ana levels")
    await dana.taps("One is made without me")
    assert any("Where they differ is worth a talk" in message.text for message in dana.read)
    await until_asked(town, ana, "The next chapter")
    await takes_along(ana)
    ana.reads("I check in 30, 90, 180 days after the end", "Your data, half a minute")
    await ana.taps("No copy")
    await ana.taps("Until the follow-up ends")
    await until_asked(town, ana, "Closing report")
    mine = next(message.text for message in ana.read if "Closing report" in message.text)
    theirs = next(message.text for message in dana.read if "Closing report" in message.text)
    for report in (mine, theirs):
        assert '"Two of three decisions are made without me": As planned. Began at: Short.' in report
        assert 'Dana sees it at Short: "One is made without me"' in report
        assert "T (50" not in report, "of one goal the number says no more than its level"
        assert "of one commitment done" in report
        assert "That I can wait" in report
        assert "The board talk" not in report
    kinds = [message.file.kind for message in dana.read if message.file is not None]  # type: ignore[union-attr]
    assert kinds == ["steps", "bars"]
    assert (await engagement(ana))[1] == "closed"
    assert (await plan(ana)).phase is Phase.FOLLOW_UP


async def test_the_client_does_not_read_the_coachs_levels_before_the_report(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana)
    await dana.says("/close ana levels")
    await dana.taps("Every one comes back to my desk")
    await ana.says("goals")
    assert "the coach sees" not in ana.last.text.lower()


async def test_closing_can_be_undone_until_the_day(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    before = await ahead(ana)
    await closes(dana, on="on 18 December")
    assert ("looking-back", "2026-11-24") in await ahead(ana)
    await dana.taps("Undo", on=dana.last)
    ana.reads("your time with Dana goes on")
    found = await plan(ana)
    assert (found.phase, found.ends) == (Phase.COACHING, None)
    assert {name for name, _ in await ahead(ana)} <= {name for name, _ in before}
    await town.until(datetime(2026, 12, 20, tzinfo=UTC))
    assert (await engagement(ana))[1] == "active"
    await closes(dana, on="on 18 January")
    await dana.says("/close ana undo")
    await closes(dana, on="on 18 January")
    await town.until(datetime(2027, 1, 19, tzinfo=UTC))
    assert (await engagement(ana))[1] == "closed"


async def test_a_silent_client_is_closed_with_and_never_written_to_again(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana, on="on 18 December")
    await town.until(datetime(2026, 12, 18, 12, tzinfo=UTC))
    assert any("Closing report" in message.text for message in ana.read)
    assert (await plan(ana)).phase is Phase.ENDED
    count = len(ana.read)
    await town.passes(days=200)
    assert since(ana, count) == []
    assert await ahead(ana) == []


async def test_without_goals_there_is_still_an_end(town: Town) -> None:
    ana, dana = await coached(town)
    await closes(dana, on="on 4 December")
    await until_asked(town, ana, "Looking back takes two minutes")
    await ana.taps("7")
    ana.reads("What changed in how you lead?")
    await until_asked(town, ana, "Closing report")
    assert any("No goals with levels were set" in message.text for message in ana.read)


async def test_closing_one_engagement_leaves_the_others_rhythm(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    eve = await town.coach("eve")
    place = await eve.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    for answer in WELCOME:
        await ana.says(answer)
    await eve.says("/confirm ana")
    await closes(dana, on="on 25 November")
    await town.until(datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert (await engagement(ana, 0))[1] == "closed"
    assert (await engagement(ana, 1))[1] == "active"
    await until_asked(town, ana, "The week's check-in")


async def test_an_agreed_end_begins_to_close_three_weeks_before(town: Town) -> None:
    from tests.support.plans import agreed

    ana, dana = await agreed(town)
    await dana.says("/close ana")  # seven months ahead of what was agreed
    dana.reads("Close the coaching with Ana on Mon 14 Dec?")
    await dana.says("cancel")
    assert (await plan(ana)).ends == date(2027, 5, 31)
    await town.until(datetime(2027, 5, 9, tzinfo=UTC))
    assert (await plan(ana)).phase is not Phase.CLOSING
    await town.until(datetime(2027, 5, 11, tzinfo=UTC))
    assert (await plan(ana)).phase is Phase.CLOSING
    assert any("closing begins" in message.text for message in dana.read)
    await town.until(datetime(2027, 6, 1, tzinfo=UTC))
    assert (await engagement(ana))[1] == "closed"


async def test_feedback_on_the_coaching_reaches_the_coach_only_with_a_yes(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana)
    await _about(ana, "Keep them to me")
    await dana.says("/client ana")
    assert "Long silences" not in dana.last.text
    await _about(ana, "Yes, share them")
    assert any("has shared what they think" in message.text for message in dana.read)
    await dana.says("/client ana")
    dana.reads("Long silences")


async def _about(ana: Person, share: str) -> None:
    await ana.says("/closing about")
    await ana.taps("9")
    await ana.taps("8")
    await ana.says("Long silences")
    await ana.says("skip")
    await ana.taps(share)
