"""What people do in Slack at the edges: mentions, emoji, Slack's own bot, edits that come first, texts that waited."""

from typing import Any

import pytest

from bot.messages.incoming import CommandSent, TextSent
from storage.programme import commitments as commitments_rows
from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_house import House, house
from tests.fakes.slack_people import Person
from tests.test_slack_end_to_end import settled_in, stored


async def heard(home: House, who: Person, text: str) -> Any:
    """What a text comes to, in Slack's own coding."""
    await home.fake.mail.event(who.user.team, payloads.message(who.user, text, home.fake.ts()))
    await home.fake.settled()
    return home.ears.heard[-1].content


async def test_our_own_mention_is_stripped_people_are_named_and_emoji_are_signs() -> None:
    async with house("http") as home:
        ana, sam = home.fake.person("Ana"), home.fake.person("Sam")
        us = ana.user.team.bot_user
        for text, expected in (
            (f"<@{us}> help", "help"),
            (f"<@{us}|throughline>, log ran", "log ran"),
            (f"client <@{sam.user.id}>", "client Sam"),
            (f"client <@{sam.user.id}|sam>", "client sam"),
            ("client <@U0NOBODY99>", "client @U0NOBODY99"),
            (":+1:", "👍"),
            (":+1::skin-tone-3: done :white_check_mark:", "👍 done ✅"),
            ("at 10:30:45 :no_such_thing:", "at 10:30:45 :no_such_thing:"),
            (f"call <@{us}> back", f"call @{us} back"),
        ):
            assert await heard(home, ana, text) == TextSent(text=expected)
        await ana.runs(f"/throughline client <@{sam.user.id}>")
        assert home.ears.heard[-1].content == CommandSent(verb="client", rest="Sam")


async def test_slackbot_is_nobody() -> None:
    async with house("http") as home:
        ana = home.fake.person("Ana").user
        for more in ({"user": "USLACKBOT"}, {"user": "USLACKBOT", "subtype": ""}):
            body = payloads.message(ana, "Reminder: drink", home.fake.ts()) | more
            await home.fake.mail.event(ana.team, body)
        await home.fake.settled()
        assert home.ears.heard == []


async def test_an_edit_that_overtakes_its_message_becomes_it(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        ts = home.fake.ts()
        message = payloads.message(client.user, "commit Call teh bank by Friday", ts)
        client.messages.append(message)
        await client.edits("commit Call the bank by Friday", ts=ts)
        await home.quiet()
        await home.fake.mail.event(
            client.user.team, payloads.message(client.user, "commit Call teh bank by Friday", ts)
        )
        await home.quiet()
        found = await stored(home, client, commitments_rows.all_commitments)
        assert [row.text for row in found] == ["Call the bank"]


@pytest.mark.parametrize(("waited", "due"), [(3, 25), (0, 28), (30, 28)])
async def test_in_five_days_counts_from_the_day_on_which_it_was_written(
    sqlite_fresh: str, waited: int, due: int
) -> None:
    """It is Monday the 23rd; a stamp that is too old to have waited counts for nothing."""
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        stamp = home.clock().timestamp() - waited * 86_400
        body = payloads.message(client.user, "commit Call the bank in 5 days", f"{stamp:.6f}")
        await home.fake.mail.event(client.user.team, body)
        await home.quiet()
        found = await stored(home, client, commitments_rows.all_commitments)
        assert [row.due.day for row in found if row.due is not None] == [due]


async def test_a_day_that_has_passed_while_it_waited_is_asked_about(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        stamp = home.clock().timestamp() - 3 * 86_400
        body = payloads.message(client.user, "commit Call the bank by tomorrow", f"{stamp:.6f}")
        await home.fake.mail.event(client.user.team, body)
        await home.quiet()
        assert client.last.text == "By when?"


async def test_the_home_of_somebody_who_is_not_known_yet_says_what_to_do_and_takes_a_code(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        code, zoe = await home.code("coach", "Zoe"), home.fake.person("Zoe")
        await zoe.opens_home()
        await home.quiet()
        assert "Ask your coach for a code" in zoe.home[0]
        await zoe.presses_home("I have a code")
        await home.until(lambda: zoe.modal)
        zoe.fills("code", "what code?")
        assert set(await zoe.submits()) == {"The code from your coach"}
        zoe.fills("code", f"join {code}")
        assert await zoe.submits() == {}
        await home.quiet()
        assert "Welcome, Zoe." in zoe.read[0]
        assert home.fake.refused == []


async def test_a_page_is_published_only_when_something_has_changed_or_none_is_shown(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        for _ in range(3):
            await client.opens_home()
            await home.quiet()
        await client.types("help")
        await home.quiet()
        assert home.fake.calls["views.publish"] == 1
        await client.types("commit Call the bank by Friday")
        await home.quiet()
        assert home.fake.calls["views.publish"] == 2
        home.fake.homes.clear()  # as when the app was removed and installed again
        await client.opens_home()
        await home.quiet()
        assert home.fake.calls["views.publish"] == 3


async def test_a_page_is_no_message_of_its_chat_and_holds_no_question_up(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await client.opens_home()
        await home.quiet()
        home.fake.fail("views.publish", hang=3.0)
        read = len(client.read)
        await client.types("commit Call the bank by Friday")
        await client.types("help")
        await home.until(lambda: len(client.read) >= read + 2, within=2)
