"""What silence leads to: one reminder, an answer that comes late, and no burst after an outage."""

from datetime import UTC, date, datetime, timedelta

from storage.people import people
from storage.programme import commitments
from tests.support.town import STALE, Town


async def test_an_expired_prompt_takes_its_one_answer_for_a_week_under_its_own_day(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", what="Write the memo by 18 December")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    sure = ana.asked
    await town.until(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
    await ana.taps("4", on=sure)
    ana.reads("for Fri 27 Nov: 4.")
    assert (await ana.taps("5", on=sure)).outcome is STALE
    assert ("weekly-checkin", "confidence", "4") in await ana.answers()
    place = await ana.place()
    ratings = await town.app.database.read(lambda c: commitments.ratings(c, place.person, date(2026, 11, 1)))
    assert [(r.kind, r.value, r.day) for r in ratings] == [("confidence", 4, date(2026, 11, 27))]


async def test_a_late_answer_is_not_taken_after_a_week_and_the_open_question_is_asked_again(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", what="Write the memo by 18 December")
    await town.check_ins_only()
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    first = ana.asked
    await town.until(datetime(2026, 12, 4, 8, 0, tzinfo=UTC))
    second = ana.asked
    assert second.token != first.token
    await ana.taps("4", on=first)
    ana.reads("for Fri 27 Nov: 4.", 'How sure are you about "Write the memo"')
    await town.until(datetime(2026, 12, 9, 9, 0, tzinfo=UTC))
    await town.passes(days=12)
    assert (await ana.taps("4", on=second)).outcome is STALE


# unanswered: the nudge ladder, and signs of life
async def test_silence_is_reminded_of_once_and_then_recorded_as_missed(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", weekday="Tuesday")
    await town.check_ins_only()
    await town.until(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    first = len(ana.read)
    await town.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert len(ana.read) == first + 1
    await town.until(datetime(2026, 11, 30, 7, 0, tzinfo=UTC))
    assert len(ana.read) == first + 1
    place = await ana.place()
    known = await town.app.database.read(lambda c: people.person(c, place.person))
    assert known is not None
    assert known.wishes.unanswered == 1


async def test_a_sign_of_life_ends_the_silence_and_is_never_taken_for_an_answer(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", weekday="Tuesday")
    await town.until(datetime(2026, 11, 30, 7, 0, tzinfo=UTC))
    answers = await ana.answers()
    await ana.stirs("voice")
    ana.reads("I can't keep that; a tap or a few words will do.")
    assert await ana.answers() == answers
    place = await ana.place()
    known = await town.app.database.read(lambda c: people.person(c, place.person))
    assert known is not None
    assert known.wishes.unanswered == 0


async def test_after_an_outage_there_is_no_burst(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", pace="Daily for two weeks")
    await ana.says("/commit Call Sam by Wednesday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    read = len(ana.read)
    await town.sleeps(days=10, hours=3)
    assert len(ana.read) <= read + 1
    assert timedelta(days=10) < town.clock.now - datetime(2026, 11, 23, tzinfo=UTC)
