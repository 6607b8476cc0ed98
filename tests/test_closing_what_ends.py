"""What an end takes along: sessions leave both calendars, and every day that is named is the real one."""

from datetime import UTC, datetime

from bot.messages.outgoing import Document
from tests.support.ending_engagements import GOAL, closes, coached
from tests.support.pages import page
from tests.support.town import Person, Town, town_on

AFTER = datetime(2026, 12, 19, 12, tzinfo=UTC)


async def ended(town: Town) -> tuple[Person, Person]:
    ana, dana = await coached(town, GOAL)
    await ana.says("/commit Call Petra by 30 November")
    await ana.says("cancel")
    await dana.says("/session ana 1 December 15:00 every two weeks")
    await closes(dana, on="on 18 December")
    return ana, dana


def cancelled(person: Person) -> bool:
    """A file that takes what is left of a series out of a calendar, with the words for it."""
    said = [m for m in person.read if "do not take place" in m.text or "does not take place" in m.text]
    files = [m.file for m in person.read if isinstance(m.file, Document) and m.file.name == "session.ics"]
    return bool(said) and ("EXDATE" in files[-1].text or "STATUS:CANCELLED" in files[-1].text)


async def test_sessions_beyond_the_end_leave_both_calendars(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await ended(town)
        assert "2 sessions booked" in await page(dana, "brief", "ana")
        assert not cancelled(ana)
        await town.until(AFTER)
        assert cancelled(ana)
        assert cancelled(dana)
        await town.passes(days=40)
        assert not any("session" in message.text.lower() for message in ana.read[-1:])


async def test_the_end_names_the_day_on_which_all_is_deleted_and_what_is_unfinished(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await ended(town)
        await ana.says("/settings")
        await ana.taps("How long data is kept")
        await ana.taps("Three months")
        ana.reads("After the end I keep what is yours for: Three months.")
        await town.until(AFTER)
        assert any("kept until Thu, 18 Mar 2027" in m.text or "kept until Thu 18 Mar" in m.text for m in ana.read)
        for person in (ana, dana):
            report = next(m.text for m in person.read if m.text.startswith("Closing report"))
            assert "Unfinished:\n- Call Petra" in report
