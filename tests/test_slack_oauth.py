"""Workspaces that install the app by themselves, leave, and come back."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.messages.outgoing import Message
from bot.messages.sending import Parcel
from handlers.slack.install.manifest import scopes
from storage.outbox import rows as outbox
from tests.fakes.slack_house import House, house
from tests.fakes.slack_people import Person
from tests.support.garbage_answers import GARBAGE, spoil
from tests.test_slack_end_to_end import coach_of

# slack_sdk still builds aiohttp's BasicAuth for oauth.v2.access, which aiohttp 3.14 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


async def visit(url: str, cookies: str = "") -> tuple[int, str, str]:
    """Status, where it leads, and the cookie that is set."""
    headers = {"Cookie": cookies} if cookies else {}
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, allow_redirects=False, headers=headers) as answer,
    ):
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        return answer.status, answer.headers.get("Location", ""), cookie


async def begun(home: House) -> tuple[dict[str, list[str]], str]:
    """An installation that has begun: what Slack is asked, and the browser's cookie."""
    status, where, cookie = await visit(f"{home.url}/slack/install")
    assert status == 302
    assert where.startswith(f"http://127.0.0.1:{home.fake.port}/oauth/v2/authorize?")
    return parse_qs(urlsplit(where).query), cookie


async def installed(home: House, person: Person) -> int:
    """A workspace installs the app."""
    asked, cookie = await begun(home)
    back = home.fake.allow(person, scope=asked["scope"][0], state=asked["state"][0])
    return (await visit(back, cookie))[0]


async def test_a_workspace_installs_the_app_and_is_served() -> None:
    async with house("oauth") as home:
        zoe = home.fake.person("Zoe", home.fake.team("Other", installed=False))
        assert await installed(home, zoe) == 200
        kept = home.ports.installations[zoe.user.team.id]
        assert kept.token == zoe.user.team.token
        assert kept.scopes == scopes()
        assert kept.token not in repr(kept)
        assert home.ports.told == [("opened", zoe.user.team.id)]
        await zoe.types("hello")
        await home.fake.settled()
        (heard,) = home.ears.heard
        assert heard.address.bot == zoe.user.team.id
        await home.slack.messenger.send(Parcel(id=1, address=heard.address, message=Message(text="Hi")))
        assert zoe.read == ["Hi"]


async def test_a_state_works_once_in_the_browser_that_asked_and_for_ten_minutes() -> None:
    async with house("oauth") as home:
        zoe = home.fake.person("Zoe", home.fake.team("Other", installed=False))
        asked, cookie = await begun(home)
        back = home.fake.allow(zoe, scope=asked["scope"][0], state=asked["state"][0])
        assert (await visit(back))[0] == 400, "another browser"
        assert (await visit(back, cookie))[0] == 200
        assert (await visit(back, cookie))[0] == 401, "a second time"
        asked, cookie = await begun(home)
        home.clock.now = max(home.ports.states.values())
        back = home.fake.allow(zoe, scope=asked["scope"][0], state=asked["state"][0])
        assert (await visit(back, cookie))[0] == 401, "too late"


async def test_who_changes_their_mind_installs_nothing() -> None:
    async with house("oauth") as home:
        before = dict(home.ports.installations)
        asked, cookie = await begun(home)
        await visit(f"{home.url}/slack/oauth_redirect?error=access_denied&state={asked['state'][0]}", cookie)
        assert (await visit(f"{home.url}/slack/oauth_redirect?code=no&state={asked['state'][0]}", cookie))[0] == 401
        assert home.ports.installations == before


@pytest.mark.parametrize("what", GARBAGE)
async def test_what_is_no_answer_of_slacks_installs_nothing_and_the_next_try_goes_through(what: str) -> None:
    async with house("oauth") as home:
        zoe = home.fake.person("Zoe", home.fake.team("Other", installed=False))
        spoil(home.fake, "oauth.v2.access", what)
        assert await installed(home, zoe) in (401, 500, 502)
        assert zoe.user.team.id not in home.ports.installations
        assert set(home.ports.installations) == {next(iter(home.fake.teams))}
        home.fake.mend()
        assert await installed(home, zoe) == 200


@pytest.mark.parametrize("what", [what for what in GARBAGE if what != "an object with nothing in it"])
async def test_what_is_no_answer_of_slacks_does_not_say_that_a_token_is_refused(what: str) -> None:
    async with house("oauth", speed=6000) as home:
        kept, team = dict(home.ports.installations), home.fake.person("Ana").user.team
        spoil(home.fake, "auth.test", what)
        body = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}, "event_ts": home.fake.ts()}
        await home.fake.mail.event(team, body)
        await home.fake.settled()
        assert home.ports.installations == kept
        assert home.ports.told == []


async def test_an_installation_for_a_whole_organisation_is_refused_and_the_page_says_why() -> None:
    async with house("oauth") as home:
        zoe = home.fake.person("Zoe", home.fake.team("Other", installed=False))
        before, home.fake.organisation = dict(home.ports.installations), "E0GROUP"
        asked, cookie = await begun(home)
        back = home.fake.allow(zoe, scope=asked["scope"][0], state=asked["state"][0])
        async with aiohttp.ClientSession() as session, session.get(back, headers={"Cookie": cookie}) as answer:
            assert (answer.status, await answer.text()) == (403, "One workspace, please.")
        assert (home.ports.installations, home.ports.told) == (before, [])


async def test_after_a_new_installation_what_waits_goes_at_once(sqlite_fresh: str) -> None:
    async with house("oauth", database=sqlite_fresh, speed=60) as home:
        coach = await coach_of(home)
        home.fake.mail.quiet = True  # nobody tells us
        await home.fake.revoke(coach.user.team)
        home.fake.mail.quiet = False
        read = len(coach.read)
        await coach.types("help")
        await home.fake.settled()
        while (await home.app.database.read(outbox.counts)).get("sending"):  # type: ignore[union-attr]  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert (len(coach.read), await home.unsent()) == (read, 1)
        assert await installed(home, coach) == 200
        await home.until(lambda: len(coach.read) > read, within=3)


@pytest.mark.parametrize("how", ["app_uninstalled", "tokens_revoked"])
async def test_a_workspace_leaves_and_comes_back(how: str) -> None:
    async with house("oauth") as home:
        ana = home.fake.person("Ana")
        team = ana.user.team
        await (home.fake.uninstall(team) if how == "app_uninstalled" else home.fake.revoke(team))
        await home.fake.settled()
        assert home.ports.installations == {}
        assert home.ports.told == [(how, team.id)]
        assert home.slack.state == "ready", "other workspaces are served"
        assert await installed(home, ana) == 200
        await ana.types("hello")
        await home.fake.settled()
        sent = Parcel(id=1, address=home.ears.heard[0].address, message=Message(text="Hi"))
        await home.slack.messenger.send(sent)
        assert ana.read == ["Hi"]


async def test_news_of_leaving_that_comes_after_the_return_is_out_of_date() -> None:
    async with house("oauth") as home:
        team = home.fake.person("Ana").user.team
        kept = dict(home.ports.installations)
        body = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}, "event_ts": home.fake.ts()}
        await home.fake.mail.event(team, body)
        await home.fake.settled()
        assert home.ports.installations == kept
        assert home.ports.told == []


async def test_news_of_leaving_that_cannot_be_checked_comes_again() -> None:
    async with house("oauth", speed=600) as home:
        team = home.fake.person("Ana").user.team
        home.fake.fail("auth.test", status=500)
        await home.fake.uninstall(team)
        await home.fake.settled()
        assert [reason for _, reason in home.fake.mail.deliveries[0].attempts] == ["http_error", "ok"]
        assert home.ports.told == [("app_uninstalled", team.id)]
