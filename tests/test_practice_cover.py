"""Another coach reads while a client's own is away: with that client's yes, on those days, and nothing more."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.coaching.visibility.table import client_view, cover_of, covers
from bot.messages.incoming import ChatStateChanged
from bot.model.people.engagements import Cover
from storage.erasure import erase_person
from storage.people import engagements
from tests.support.beginnings import played_once
from tests.support.facts import TODAY, commitment, engagement
from tests.support.town import Person, Town, town_on

AWAY = "/away 1 December to 12 December cover Kim"
BEFORE, DURING, LAST, AFTER = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 12), date(2026, 12, 13))


@played_once
async def a_practice(town: Town) -> None:
    """Dana coaches Ana, Kim coaches nobody; it is Monday 23 November."""
    ana = await town.client("ana")
    await town.coach("kim")
    await ana.says("/commit Hand over the Q2 plan by 18 December")
    await ana.says("8")
    await ana.says("skip")
    await ana.says("/private Only mine")
    await town.people["dana"].says("/note ana weighs a move")
    await town.people["dana"].says("/note ana promise Send the article")
    await town.check_ins_only("ana")


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as opened:
        await a_practice(opened)
        yield opened


def people(town: Town) -> tuple[Person, Person, Person]:
    return town.people["ana"], town.people["dana"], town.people["kim"]


async def asked(town: Town) -> tuple[Person, Person, Person]:
    """Dana says that she will be away, and Ana is asked a moment later."""
    ana, dana, kim = people(town)
    await dana.says(AWAY)
    dana.reads("from Tue 1 Dec to Sat 12 Dec", 'the whole name "Kim"')
    await town.passes(hours=1)
    ana.reads("may Kim read", "commitments, ratings and shared answers", "from Tue 1 Dec")
    return ana, dana, kim


async def agreed(town: Town) -> tuple[Person, Person, Person]:
    ana, dana, kim = await asked(town)
    await ana.taps("Yes")
    return ana, dana, kim


def on(town: Town, day: date) -> None:
    """It is noon of that day; nothing that falls due meanwhile is looked at."""
    town.clock.now = town.clock.now.replace(year=day.year, month=day.month, day=day.day, hour=12)


async def sees(kim: Person) -> list[str]:
    """Everything that Kim reads when looking for Ana."""
    found = []
    for look in ("/clients", "/client ana", "/digest", "/brief ana"):
        before = len(kim.read)
        await kim.says(look)
        found.append("\n".join(message.text for message in kim.read[before:]))
    return found


async def sees_nothing(kim: Person) -> bool:
    return not any("Q2" in text or "Covered" in text or "Ana:" in text for text in await sees(kim))


async def test_with_the_clients_yes_the_cover_reads_what_the_coach_reads_on_those_days(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    ana.reads("Kim can read it from Tue 1 Dec to Sat 12 Dec")
    assert "Ana agreed that Kim reads while you are away." in dana.last.text
    kim.reads("Ana agreed: from Tue 1 Dec to Sat 12 Dec")
    for day in (DURING, LAST):
        on(town, day)
        clients, client, digest, brief = await sees(kim)
        for text in (clients, client, digest, brief):
            assert "Covered for Dana until Sat 12 Dec" in text
            assert "Ana" in text
            assert "Only mine" not in text
            assert "weighs a move" not in text
            assert "article" not in text
        assert "Hand over the Q2 plan" in client


async def test_before_and_after_those_days_nothing_is_visible(town: Town) -> None:
    _, _, kim = await agreed(town)
    for day in (BEFORE, AFTER):
        on(town, day)
        assert await sees_nothing(kim), day


async def test_the_days_are_those_of_the_clients_own_clock(town: Town) -> None:
    _, _, kim = await agreed(town)
    town.clock.now = town.clock.now.replace(month=11, day=30, hour=22, minute=30)  # 23:30 in Berlin
    assert await sees_nothing(kim)
    town.clock.now += timedelta(hours=1)
    assert "Q2" in (await sees(kim))[1]


async def test_a_no_leaves_all_as_it_is(town: Town) -> None:
    ana, dana, kim = await asked(town)
    await ana.taps("No")
    ana.reads("Kim sees nothing of yours")
    assert "would rather that Kim does not read" in dana.last.text
    on(town, DURING)
    assert await sees_nothing(kim)


async def test_silence_is_no_yes(town: Town) -> None:
    _, _, kim = await asked(town)
    on(town, DURING)
    assert await sees_nothing(kim)


async def test_said_in_plain_words_it_is_the_same(town: Town) -> None:
    ana, dana, kim = people(town)
    await dana.says("away 1 December to 12 December, cover Kim")
    dana.reads("from Tue 1 Dec to Sat 12 Dec", 'the whole name "Kim"')
    await town.passes(hours=1)
    await ana.says("yes")
    on(town, DURING)
    await kim.says("brief ana")
    kim.reads("Covered for Dana until Sat 12 Dec")


async def test_when_it_is_over_there_is_nothing_to_take_back(town: Town) -> None:
    ana, _, _ = await agreed(town)
    for day, offered in ((DURING, True), (AFTER, False)):
        on(town, day)
        await ana.says("/settings")
        await ana.taps("What I agreed to")
        assert ("Another coach reads while mine is away" in [c.label for c in ana.asked.choices]) is offered
        await ana.says("cancel")


async def test_a_client_is_asked_once(town: Town) -> None:
    ana, _, _ = await asked(town)
    await ana.says("skip")
    await town.passes(days=3)
    assert sum("may Kim read" in message.text for message in ana.read if message.token) == 1


async def test_the_yes_can_be_taken_back_in_settings_at_once(town: Town) -> None:
    ana, _, kim = await agreed(town)
    on(town, DURING)
    assert "Q2" in (await sees(kim))[1]
    await withdraws(ana)
    kim.reads("Ana has taken back that you read for Dana.")
    assert await sees_nothing(kim)
    await ana.says("/callme")
    ana.reads("Dana is away until Sat 12 Dec")


async def withdraws(ana: Person) -> None:
    await ana.says("/settings")
    await ana.taps("What I agreed to")
    await ana.taps("Another coach reads while mine is away")


async def test_an_absence_that_ends_early_or_moves_leaves_nothing_visible(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    await dana.says("/away 3 December to 12 December cover Kim")
    kim.reads("Dana is away from Thu 3 Dec to Sat 12 Dec")
    assert any("You no longer cover for Dana" in message.text for message in kim.read)
    await town.passes(hours=1)
    assert "from Thu 3 Dec to Sat 12 Dec" in ana.asked.text
    question = ana.asked
    on(town, date(2026, 12, 3))
    assert await sees_nothing(kim)
    await ana.taps("Yes", on=question)
    assert "Q2" in (await sees(kim))[1]
    await dana.says("/away over")
    assert await sees_nothing(kim)


async def test_a_yes_to_days_that_have_changed_meanwhile_agrees_to_nothing(town: Town) -> None:
    ana, dana, kim = await asked(town)
    question = ana.asked
    await dana.says("/away 3 December to 20 December cover Kim")
    await ana.taps("Yes", on=question)
    on(town, date(2026, 12, 15))
    assert await sees_nothing(kim)


async def test_whoever_covers_can_only_read(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    on(town, DURING)
    heard = [len(ana.read), len(dana.read)]
    for command in (
        *("session ana Friday 10:00", "note ana tired", "note ana promise Send it", "ladder ana", "close ana"),
        *("handover ana to Kim", "agreement ana", "report ana", "goals ana: Sell more", "phase ana review"),
        *("leave ana", "reconnect ana", "pictures ana", "program ana", "reopen ana", "sponsor ana"),
    ):
        await kim.says(f"/{command}")
        kim.reads("can only read what Ana shows")
    assert heard == [len(ana.read), len(dana.read)]


async def test_a_call_goes_to_the_cover_and_says_so(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    await ana.says("/callme")
    dana.reads("Ana asks you to call.")
    on(town, DURING)
    heard = len(dana.read)
    await ana.says("/callme")
    ana.reads("Dana is away until Sat 12 Dec; I've asked Kim, who covers")
    kim.reads("Ana asks for a call. You cover for Dana until Sat 12 Dec.")
    assert len(dana.read) == heard


async def test_without_a_yes_a_call_says_until_when_the_coach_is_away(town: Town) -> None:
    ana, dana, kim = await asked(town)
    await ana.taps("No")
    on(town, DURING)
    heard = len(kim.read)
    await ana.says("/callme")
    ana.reads("Dana is away until Sat 12 Dec")
    dana.reads("Ana asks you to call.")
    assert len(kim.read) == heard


async def test_the_client_sees_who_reads_and_who_has_read(town: Town) -> None:
    ana, _, kim = await agreed(town)
    await ana.says("/whosees")
    assert "Kim" not in ana.last.text
    on(town, DURING)
    await ana.says("/whosees")
    assert any("Kim (covering until Sat 12 Dec)" in message.text for message in ana.read[-2:])
    await ana.says("/whatmycoachsees")
    assert any("Kim can look up the same" in message.text for message in ana.read[-2:])
    await kim.says("/client ana")
    await kim.says("/brief ana")
    for day in (DURING, AFTER):
        on(town, day)
        await ana.says("/accesslog")
        ana.reads("Kim, everything you share", "Kim, the brief before a session")


async def test_the_weekly_digest_of_the_cover_names_whom_they_cover(town: Town) -> None:
    ana, _, kim = await agreed(town)
    on(town, date(2026, 12, 6))
    await town.passes(days=1)
    assert any("Covered for Dana until Sat 12 Dec" in message.text for message in kim.read)
    await ana.says("/accesslog")
    ana.reads("Kim, the digest")


def briefs(person: Person) -> list[str]:
    return [message.text for message in person.read if "Brief: Ana" in message.text]


async def test_the_brief_before_a_session_of_those_days_goes_to_the_cover(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    await dana.says("/session ana 4 December 15:00")
    await town.until(datetime(2026, 12, 3, 14, 1, tzinfo=UTC))
    assert briefs(dana) == []
    (brief,) = briefs(kim)
    assert brief.startswith("Covered for Dana until Sat 12 Dec, to read only:\nBrief: Ana, session on Fri 4 Dec")
    assert "article" not in brief
    assert "Only mine" not in brief
    await ana.says("/accesslog")
    ana.reads("Kim, the brief before a session")
    assert "Dana, the brief" not in ana.last.text


async def test_on_the_eve_of_the_days_the_coach_reads_it_and_the_cover_when_they_begin(town: Town) -> None:
    _, dana, kim = await agreed(town)
    await dana.says("/session ana 1 December 15:00")
    await town.until(datetime(2026, 11, 30, 14, 1, tzinfo=UTC))
    assert (len(briefs(dana)), briefs(kim)) == (1, [])
    await town.until(datetime(2026, 12, 1, 7, 1, tzinfo=UTC))
    assert (len(briefs(dana)), len(briefs(kim))) == (1, 1)


async def test_for_a_session_after_the_days_it_goes_to_the_coach_again(town: Town) -> None:
    _, dana, kim = await agreed(town)
    await dana.says("/session ana 13 December 10:00")
    await town.until(datetime(2026, 12, 12, 9, 1, tzinfo=UTC))
    assert (len(briefs(dana)), briefs(kim)) == (1, [])
    await dana.says("/session ana 18 December 15:00")
    await town.until(datetime(2026, 12, 17, 14, 1, tzinfo=UTC))
    assert (len(briefs(dana)), briefs(kim)) == (2, [])


async def test_without_the_clients_yes_the_brief_goes_to_nobody_but_the_coach(town: Town) -> None:
    _, dana, kim = await asked(town)
    await dana.says("/session ana 4 December 15:00")
    await town.until(datetime(2026, 12, 3, 14, 1, tzinfo=UTC))
    assert (len(briefs(dana)), briefs(kim)) == (1, [])


async def test_a_yes_taken_back_on_the_eve_leaves_the_cover_without_a_brief(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    await dana.says("/session ana 1 December 15:00")
    await town.until(datetime(2026, 11, 30, 14, 1, tzinfo=UTC))
    await withdraws(ana)
    await town.until(datetime(2026, 12, 2, 7, 1, tzinfo=UTC))
    assert (len(briefs(dana)), briefs(kim)) == (1, [])


async def test_a_cover_without_a_chat_leaves_the_brief_to_the_coach(town: Town) -> None:
    _, dana, kim = await agreed(town)
    await dana.says("/session ana 4 December 15:00")
    await kim.does(ChatStateChanged(open=False))
    await town.until(datetime(2026, 12, 3, 14, 1, tzinfo=UTC))
    assert (len(briefs(dana)), briefs(kim)) == (1, [])


async def test_nobody_covers_who_is_no_coach_here_and_the_answer_is_the_same(town: Town) -> None:
    ana, dana, _ = people(town)
    answers = set()
    for name in ("Kim", "Ana", "Nobody", "Dana", "Ki"):
        since = len(dana.read)
        await dana.says(f"/away 1 December to 12 December cover {name}")
        answers.add("\n".join(message.text.replace(name, "NAME") for message in dana.read[since:]))
        await town.passes(hours=1)
        asked = ana.last.token != ""
        assert asked == (name == "Kim")
        if asked:
            await ana.says("cancel")
    assert len(answers) == 1


async def test_without_a_cover_an_absence_asks_nothing(town: Town) -> None:
    ana, dana, _ = people(town)
    await dana.says("/away 1 December to 12 December")
    await town.passes(hours=1)
    ana.reads("Dana is away from Tue 1 Dec to Sat 12 Dec")
    assert not ana.last.token


async def test_a_yes_opens_nobody_elses_engagement(town: Town) -> None:
    ana, _, kim = await agreed(town)
    bo = await town.client("bo", coach="gil")
    await bo.says("/commit Call the bank by 18 December")
    on(town, DURING)
    for text in await sees(kim):
        assert "Bo" not in text
        assert "bank" not in text
    await kim.says("/client bo")
    kim.reads('None of your clients is called "bo"')
    await town.people["gil"].says("/client ana")
    assert "Q2" not in town.people["gil"].last.text
    assert ana.read


async def test_of_a_client_with_two_coaches_only_the_covered_engagement_is_read(town: Town) -> None:
    ana, _, kim = await agreed(town)
    gil = await town.coach("gil")
    place = await gil.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    await gil.taps("Yes", on=gil.last)
    ana_id = (await ana.place()).person

    def second(connection: Any) -> list[tuple[str, bool]]:
        found = engagements.engagements_as_client(connection, ana_id)
        return [(c.engagement.coach_name, c.engagement.cover is not None) for c in found]

    assert await town.app.database.read(second) == [("Dana", True), ("Gil", False)]
    on(town, DURING)
    client = (await sees(kim))[1]
    assert "Q2" in client
    assert client.count("Covered for") == 1
    assert "Gil" not in client


async def test_when_the_cover_is_erased_calls_go_to_the_coach_again(town: Town) -> None:
    ana, dana, kim = await agreed(town)
    on(town, DURING)
    gone = (await kim.place()).person
    await erase_person(town.app.database, gone, now=town.clock(), actor="operator", former="a former coach")
    await ana.says("/callme")
    ana.reads("Dana is away until Sat 12 Dec")
    dana.reads("Ana asks you to call.")


def test_the_relation_needs_the_person_the_days_the_yes_and_a_confirmed_engagement() -> None:
    cover = Cover(absence="a", coach="kim", name="Kim", first=TODAY, last=TODAY + timedelta(days=3), agreed=True)
    agreed = engagement(cover=cover)
    assert covers(agreed, "kim", TODAY)
    assert not covers(agreed, "gil", TODAY)
    assert not covers(agreed, "kim", TODAY - timedelta(days=1))
    assert not covers(agreed, "kim", TODAY + timedelta(days=4))
    assert not covers(engagement(cover=replace(cover, agreed=False)), "kim", TODAY)
    for changes in ({"state": "closed"}, {"confirmed": False}):
        assert cover_of(engagement(cover=cover, **changes), TODAY) is None
    assert client_view(agreed, today=TODAY, commitments=(commitment(1),), cover="kim").commitments
    stranger = client_view(agreed, today=TODAY, commitments=(commitment(1),), cover="gil", call_wanted=TODAY)
    assert (stranger.commitments, stranger.call_wanted, stranger.last_reply) == ((), None, None)
