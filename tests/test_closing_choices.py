"""Two choices at the end: what the sponsor reads, word by word, and whether the data is kept or deleted now."""

from datetime import UTC, datetime
from functools import partial

from bot.messages.outgoing import Document
from storage.people import addresses, people
from storage.people.engagements import engagements_as_client
from tests.support.ending_engagements import GOAL, closes, coached, engagement, until_asked
from tests.support.plans import agreement, goal, plan
from tests.support.town import WELCOME, Person, Town

SPONSORED = "Attendance and approved goals"
OTHER = "Speak last in meetings"


async def sponsored(town: Town) -> tuple[Person, Person]:
    """A client with two goals and a sponsor, in a programme that asks what the sponsor reads, near the end."""
    ana = await town.client("ana")
    dana = town.people["dana"]
    for said in ("/program change", "Another template", "Twelve months", "All and new ones"):
        await dana.says(said)
    await agreement(dana, sponsor=SPONSORED)
    await ana.says("/agreement")
    await ana.taps("I agree")
    for text in (GOAL, OTHER):
        await goal(ana, text)
    await closes(dana, on="on 18 December")
    await until_asked(town, ana, "your sponsor may read a word on it")
    return ana, dana


# -- the sponsor -----------------------------------------------------------------------------------------------------


async def test_at_the_end_the_sponsor_reads_the_words_approved_and_no_others(town: Town) -> None:
    ana, dana = await sponsored(town)
    ana.reads("Nothing leaves but the exact words you approve here, never a level or a number.")
    assert [choice.label for choice in ana.asked.choices][:3] == [GOAL, OTHER, "None of them"]
    await ana.taps(GOAL)
    await ana.taps(OTHER)
    await ana.taps("That's all")
    ana.reads("They would read exactly this:", GOAL)
    await ana.says("Ana hands over more of the Q2 work")
    ana.reads("They would read exactly this:", OTHER)
    await ana.taps("Leave it out")
    ana.reads("Who sends it, you or Dana?")
    before = len(dana.read)
    await ana.taps("My coach does")
    ana.reads("Approved, word by word:", "Ana hands over more of the Q2 work")
    dana.reads("asks you to send them exactly so:", "Ana hands over more of the Q2 work")
    assert not any(words in message.text for message in dana.read[before:] for words in (GOAL, OTHER))
    assert [one.sponsor_text for one in (await plan(ana)).goals] == ["Ana hands over more of the Q2 work", ""]


async def test_the_client_may_send_it_alone_or_nothing_at_all(town: Town) -> None:
    ana, dana = await sponsored(town)
    await ana.taps(GOAL)
    await ana.taps("That's all")
    await ana.taps("Right as it is")
    await ana.taps("I do")
    dana.reads(GOAL)
    assert [one.sponsor_text for one in (await plan(ana)).goals] == [GOAL, ""]
    await ana.says("/closing sponsor")
    await ana.taps("None of them")
    await ana.taps("That's all")
    ana.reads("Then your sponsor reads nothing of it.")
    dana.reads("approves no words")
    assert [one.sponsor_text for one in (await plan(ana)).goals] == ["", ""]


async def test_what_was_passed_over_approves_nothing(town: Town) -> None:
    ana, dana = await sponsored(town)
    before = len(dana.read)
    await ana.says("skip")
    ana.reads("Then your sponsor reads nothing of it.")
    assert len(dana.read) == before
    assert [one.sponsor_text for one in (await plan(ana)).goals] == ["", ""]


async def test_without_a_sponsor_nobody_is_asked_what_one_may_read(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    for said in ("/program change", "Another template", "Twelve months", "All and new ones"):
        await dana.says(said)
    await closes(dana, on="on 18 December")
    await until_asked(town, ana, "Closing report")
    assert not any("your sponsor may read" in message.text for message in ana.read)


# -- the data --------------------------------------------------------------------------------------------------------


async def to_the_data(ana: Person, copy: str = "No copy", *, coach: str = "Dana") -> None:
    """The client answers up to the second question about deleting it."""
    await ana.says("/closing data")
    ana.reads(f"Your data, half a minute; {coach} sees nothing of this.")
    await ana.taps(copy)
    await ana.taps("Delete it now")
    ana.reads("Are you sure?", "cannot be brought back")


async def is_there(person: Person) -> bool:
    """Whether anything is still kept of their chat."""
    address = person.town.seat.address(person.user)
    return await person.town.app.database.read(partial(addresses.place_at, address=address)) is not None


async def kept_for(ana: Person) -> int:
    place = await ana.place()
    known = await ana.town.app.database.read(partial(people.person, wanted=place.person))
    assert known is not None
    return known.wishes.keep_days


async def test_delete_it_now_deletes_everything_after_a_second_yes(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    place = await ana.place()
    await closes(dana, on="on 18 December")
    await to_the_data(ana)
    assert await is_there(ana)
    await ana.taps("Delete it all")
    assert any("Everything kept about you is deleted." in message.text for message in ana.read)
    await town.sleeps(minutes=20)
    assert not await is_there(ana)
    assert await town.app.database.read(partial(people.person, wanted=place.person)) is None
    assert await town.app.database.read(partial(engagements_as_client, wanted=place.person)) == []
    await dana.says("/clients")
    assert "Ana" not in dana.last.text
    count = len(ana.read)
    await town.passes(days=30)
    assert len(ana.read) == count


async def test_a_copy_comes_before_everything_goes(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana, on="on 18 December")
    await to_the_data(ana, "Send me a copy")
    count = len(ana.read)
    await ana.taps("Delete it all")
    assert any("Your copy is on its way; then everything kept about you is deleted." in m.text for m in ana.read)
    await town.sleeps(minutes=20)  # longer than an erasure waits for what is on its way
    names = [message.file.name for message in ana.read[count:] if isinstance(message.file, Document)]
    assert [name.rpartition(".")[2] for name in names] == ["txt", "json"]
    await town.sleeps(minutes=1)
    assert not await is_there(ana)


async def test_whoever_thinks_better_of_it_loses_nothing_and_it_is_kept_as_is_said(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await closes(dana, on="on 18 December")
    assert await kept_for(ana) == 365
    await to_the_data(ana)
    await ana.taps("Keep it")
    ana.reads("Your data is kept until the follow-up has ended, on Fri, 8 Jan 2027, then deleted.")
    await town.sleeps(minutes=20)
    assert await is_there(ana)
    assert await kept_for(ana) < 365
    await to_the_data(ana)
    await ana.says("skip")
    ana.reads("Your data is kept until Fri, 8 Jan 2027, then deleted.")
    await town.sleeps(minutes=20)
    assert await is_there(ana)


async def test_with_another_coaching_under_way_only_this_one_goes_and_only_once_it_has_ended(town: Town) -> None:
    ana, _ = await coached(town, GOAL)
    eve = await town.coach("eve")
    place = await eve.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    for answer in WELCOME:
        await ana.says(answer)
    await eve.says("/confirm ana")
    await closes(eve, on="on 25 November")
    await to_the_data(ana, coach="Eve")
    await ana.taps("Delete it all")
    ana.reads("It is deleted once this coaching has ended; the other one goes on.")
    await town.until(datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert await is_there(ana)
    assert [(await engagement(ana, number))[1] for number in (0, 1)] == ["active", "closed"]
    assert (await plan(ana)).goals
