"""A word to the sponsor: the coach asks, the client decides line by line, and only that leaves; pages for guests."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette

from bot.cli.links import guests_of
from bot.messages.outgoing import Document
from bot.model.links import Link
from storage.people import engagements, guest_links
from storage.people.invites import new_code
from storage.tables.people import EngagementRow, table_of
from tests.support.town import Person, Town

OUTSIDE = "https://coach.example"
WISH, REPORT = guest_links.WISH, guest_links.REPORT


async def contracted(town: Town) -> tuple[Person, Person]:
    """A client and their coach, with a sponsor who is part of the agreement."""
    ana = await town.client("ana")
    engagement = await engagement_of(town)
    await town.app.database.transact(
        partial(engagements.change_engagement, wanted=engagement, contracted=True, planned=True)
    )
    return ana, town.people["dana"]


async def engagement_of(town: Town) -> str:
    ids = await town.app.database.read(lambda c: c.execute(table_of(EngagementRow).select()).all())
    return str(ids[-1].id)


async def asked(town: Town) -> tuple[Person, Person]:
    """The coach has asked for a report, and the client reads its first line."""
    ana, dana = await contracted(town)
    await dana.says("/report ana")
    await town.passes(minutes=1)
    return ana, dana


@asynccontextmanager
async def browser(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser, at the address that links point to."""
    settings = town.settings.model_copy(update={"public_url": OUTSIDE})
    site = Starlette(routes=guests_of(settings, town.app, town.clock))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url=OUTSIDE) as client:
        yield client


async def link(town: Town, kind: str, text: str = "") -> str:
    """The path of a fresh link."""
    code, engagement = new_code(), await engagement_of(town)
    until = town.clock().replace(year=town.clock().year + 1)
    await town.app.database.transact(
        partial(
            guest_links.add, code=code, engagement=engagement, kind=kind, at=town.clock(), expires_at=until, text=text
        )
    )
    return f"/g/{code}"


# -- the client decides ----------------------------------------------------------------------------------------------


async def test_nothing_leaves_before_the_client_has_approved_it(town: Town) -> None:
    ana, dana = await asked(town)
    ana.reads("drafted a word to your sponsor", "no session held yet")
    assert not any(message.file for message in dana.read)


async def test_what_is_approved_goes_to_the_coach_as_a_document_word_by_word(town: Town) -> None:
    ana, dana = await asked(town)
    await ana.taps("Right as it is")
    await ana.taps("My coach does")
    sent = [message.file for message in dana.read if isinstance(message.file, Document)]
    assert len(sent) == 1
    assert "Ana and Dana: no session held yet." in sent[0].text
    assert "Nothing else from the coaching is shared." in sent[0].text
    assert any("Dana has your report" in message.text for message in ana.read[-2:])


async def test_the_client_may_hand_it_on_alone(town: Town) -> None:
    ana, dana = await asked(town)
    await ana.taps("Right as it is")
    await ana.taps("I do")
    assert any(isinstance(message.file, Document) for message in ana.read)
    assert not any(message.file for message in dana.read)
    dana.reads("hands it on")


async def test_leaving_every_line_out_sends_nothing_and_the_coach_hears_only_that(town: Town) -> None:
    ana, dana = await asked(town)
    await ana.taps("Leave it out")
    assert not any(message.file for message in (*ana.read, *dana.read))
    dana.reads("prefers that no report goes out")


async def test_an_approved_report_is_not_changed_by_an_edit(town: Town) -> None:
    ana, dana = await asked(town)
    await ana.says("right")
    await ana.says("My coach does")
    sent = len(dana.read)
    await ana.edits("I do")
    assert len(dana.read) == sent


async def test_without_a_sponsor_in_the_agreement_there_is_no_report(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/report ana")
    dana.reads("No sponsor is part")


async def test_the_client_is_not_asked_at_night(town: Town) -> None:
    ana, dana = await contracted(town)
    await town.passes(hours=12)
    read = len(ana.read)
    await dana.says("/report ana")
    await town.passes(hours=1)
    assert len(ana.read) == read
    await town.passes(days=2)
    assert any("drafted a word" in message.text for message in ana.read[read:])


async def test_with_pages_the_document_also_has_a_link_that_opens_once(town: Town) -> None:
    town.app.conversation.use(replace(town.app.library, links={"web": Link(to=f"{OUTSIDE}/g")}))
    ana, dana = await asked(town)
    await ana.taps("Right as it is")
    await ana.taps("My coach does")
    found = re.search(rf"{OUTSIDE}(/g/[0-9a-f]{{32}})", "\n".join(message.text for message in dana.read))
    assert found is not None
    async with browser(town) as guest:
        assert "no session held yet" not in (await guest.get(found[1])).text
        assert "no session held yet" in (await guest.post(found[1])).text
        await town.passes(hours=2)
        assert (await guest.get(found[1])).status_code == 404
        assert (await guest.post(found[1])).status_code == 404


# -- the sponsor's page ----------------------------------------------------------------------------------------------


async def test_the_sponsors_answers_reach_client_and_coach_as_they_were_written(town: Town) -> None:
    ana, dana = await contracted(town)
    path = await link(town, WISH)
    async with browser(town) as guest:
        shown = (await guest.get(path)).text
        assert "Ana and Dana both read your answers" in shown
        words = {"success": "She leads the board <meeting>", "keep": "", "support": "Time"}
        thanks = await guest.post(path, data=words)
        assert "Thank you" in thanks.text
    await town.settled()
    for person in (ana, dana):
        person.reads("She leads the board <meeting>", "Time")


async def test_the_first_submission_counts(town: Town) -> None:
    ana, _ = await contracted(town)
    path = await link(town, WISH)
    async with browser(town) as guest:
        await guest.post(path, data={"success": "First"})
        await guest.post(path, data={"success": "Second"})
        await guest.post(path, data={"success": "First"})
    await town.settled()
    assert sum("First" in message.text for message in ana.read) == 1
    assert not any("Second" in message.text for message in ana.read)


async def test_an_empty_form_is_told_so_at_its_field_and_the_link_stays_good(town: Town) -> None:
    await contracted(town)
    path = await link(town, WISH)
    async with browser(town) as guest:
        empty = await guest.post(path, data={"success": "  "})
        assert empty.status_code == 422
        assert "at least one field" in empty.text
        long = await guest.post(path, data={"success": "x" * 1_001, "keep": "kept <b>"})
        assert "Up to 1,000 characters" in long.text or "Up to 1000 characters" in long.text
        assert "kept &lt;b&gt;" in long.text
        assert "Thank you" in (await guest.post(path, data={"success": "Now"})).text


async def test_looking_uses_nothing_up_so_a_preview_of_the_link_does_no_harm(town: Town) -> None:
    await contracted(town)
    path = await link(town, REPORT, "The report")
    async with browser(town) as guest:
        for _ in range(5):
            assert "The report" not in (await guest.get(path)).text
        assert "The report" in (await guest.post(path)).text


async def test_strangers_all_read_the_same_page(town: Town) -> None:
    await contracted(town)
    async with browser(town) as guest:
        answers = [await guest.get(f"/g/{code}") for code in ("x", new_code(), "../etc", "%00")]
        answers.append(await guest.post(f"/g/{new_code()}", data={"success": "hello"}))
    assert {answer.status_code for answer in answers} == {404}


async def test_a_page_has_no_scripts_is_not_stored_and_tells_nobody_where_one_came_from(town: Town) -> None:
    await contracted(town)
    path = await link(town, WISH)
    async with browser(town) as guest:
        answer = await guest.get(path)
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_submission_larger_than_any_honest_one_is_refused(town: Town) -> None:
    await contracted(town)
    path = await link(town, WISH)
    async with browser(town) as guest:
        assert (await guest.post(path, content=b"success=" + b"x" * 100_000)).status_code == 413


async def test_the_coach_asks_for_the_sponsors_page_and_is_told_its_link(town: Town) -> None:
    _, dana = await contracted(town)
    await dana.says("/sponsor ana link")
    dana.reads("PUBLIC_URL is not set")
    town.app.conversation.use(replace(town.app.library, links={"web": Link(to=f"{OUTSIDE}/g")}))
    await dana.says("/sponsor ana link")
    dana.reads(f"{OUTSIDE}/g/", "both read the answers")


# -- taking a link back ----------------------------------------------------------------------------------------------


async def stands(town: Town, *paths: str) -> list[bool]:
    """Whether each of these pages is still there."""
    async with browser(town) as guest:
        return [(await guest.get(path)).status_code == 200 for path in paths]


async def two_links(town: Town) -> tuple[Person, Person, tuple[str, str]]:
    ana, dana = await contracted(town)
    return ana, dana, (await link(town, WISH), await link(town, REPORT, "The report"))


async def test_the_client_takes_every_link_back(town: Town) -> None:
    ana, _, paths = await two_links(town)
    assert await stands(town, *paths) == [True, True]
    await ana.says("/sponsor withdraw")
    ana.reads("No link for the sponsor opens anything any more.")
    assert await stands(town, *paths) == [False, False]
    async with browser(town) as guest:
        assert (await guest.post(paths[1])).status_code == 404
        assert "The report" not in (await guest.post(paths[1])).text


async def test_the_coach_takes_it_back_by_the_button_below_it(town: Town) -> None:
    town.app.conversation.use(replace(town.app.library, links={"web": Link(to=f"{OUTSIDE}/g")}))
    _, dana = await contracted(town)
    await dana.says("/sponsor ana link")
    found = re.search(r"/g/[0-9a-f]{32}", dana.last.text)
    assert found is not None
    assert await stands(town, found.group()) == [True]
    await dana.taps("Take the link back", on=dana.last)
    dana.reads("No link for the sponsor opens anything any more.")
    assert await stands(town, found.group()) == [False]


async def test_another_coach_takes_nothing_back(town: Town) -> None:
    _, _, paths = await two_links(town)
    kim = await town.coach("kim")
    await town.client("bo", coach="kim")
    await kim.says("/sponsor ana withdraw")
    await kim.says("/sponsor bo withdraw")
    assert await stands(town, *paths) == [True, True]


@pytest.mark.parametrize("leaving", [("/stop",), ("/delete", "Yes", "Delete everything")])
async def test_it_dies_with_stop_and_with_what_takes_everything_away(town: Town, leaving: tuple[str, ...]) -> None:
    ana, _, paths = await two_links(town)
    for text in leaving:
        await ana.says(text)
    assert await stands(town, *paths) == [False, False]


async def test_it_dies_with_the_yes_to_the_programme(town: Town) -> None:
    ana, _, paths = await two_links(town)
    for text in ("/settings", "What I agreed to"):
        await ana.says(text)
    await ana.taps(ana.asked.choices[0].label)
    assert await stands(town, *paths) == [False, False]


async def test_a_guests_words_lose_the_marks_that_nobody_sees(town: Town) -> None:
    ana, dana = await contracted(town)
    path = await link(town, WISH)
    unseen = (
        "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
    )
    async with browser(town) as guest:
        assert (await guest.post(path, data={"success": unseen})).status_code == 422
        words = "".join(f"{letter}{mark}" for letter, mark in zip("leads the board well", unseen, strict=False))
        assert "Thank you" in (await guest.post(path, data={"success": f"She {words} "})).text
    await town.settled()
    for person in (ana, dana):
        assert not set(unseen) & set(person.last.text)
        person.reads("She leads the board ")
