"""Slack's card: what is set for it, how it is built, how fast it takes messages, what shows that it works."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from bot.engine.library import Library
from bot.settings import Settings, revealed
from handlers.platform import Check, Doctor, Need, Platform, Way
from handlers.slack.limits import PACE
from storage.database.open import Database

if TYPE_CHECKING:
    from handlers.slack.app import Slack

NAME = "slack"
_WAYS: Mapping[str, Way | None] = {
    "": None,
    "socket": Way(named="Slack by a socket", served="Slack by a socket"),
    "http": Way(named="Slack by HTTP", served="Slack by HTTP", over_http=True),
    "oauth": Way(named="Slack for many workspaces", served="Slack by HTTP, for many workspaces", over_http=True),
}


def _mode(settings: Settings) -> Literal["", "socket", "http", "oauth"]:
    """How Slack comes in: not at all, by a socket, by HTTP for one workspace, or for many."""
    if settings.slack_client_id:
        return "oauth"
    if settings.slack_bot_token:
        return "socket" if settings.slack_app_token else "http"
    return ""


def _way(settings: Settings) -> Way | None:
    return _WAYS[_mode(settings)]


def _needs(settings: Settings) -> Sequence[Need]:
    found: list[Need] = []
    signed = settings.slack_signing_secret
    if settings.slack_client_id:
        secret = "" if settings.slack_client_secret else "SLACK_CLIENT_SECRET"
        found.append(Need(missing=secret, because="SLACK_CLIENT_ID needs the secret beside it"))
        unsigned = "" if signed else "SLACK_SIGNING_SECRET"
        found.append(Need(missing=unsigned, because="Slack over HTTP needs the app's signing secret"))
    elif settings.slack_bot_token:
        way_in = "" if settings.slack_app_token or signed else "SLACK_APP_TOKEN"
        why = "SLACK_BOT_TOKEN needs an app-level token for Socket Mode, or SLACK_SIGNING_SECRET for HTTP"
        found.append(Need(missing=way_in, because=why))
    if settings.slack_app_token:
        token = "" if settings.slack_bot_token else "SLACK_BOT_TOKEN"
        found.append(Need(missing=token, because="SLACK_APP_TOKEN needs the bot's token beside it"))
    return found


def _build(settings: Settings, database: Database, library: Library) -> "Slack":
    from handlers.slack.app import Slack
    from handlers.slack.clients import SlackValues
    from handlers.slack.install.stored import SlackInstallations, SlackStates, SlackWorkspaces

    values = SlackValues(
        api_url=settings.slack_api_url,
        public_url=settings.public_url or "",
        client_id=settings.slack_client_id or "",
        bot_token=revealed(settings.slack_bot_token) if _mode(settings) != "oauth" else "",
        app_token=revealed(settings.slack_app_token),
        signing_secret=revealed(settings.slack_signing_secret),
        client_secret=revealed(settings.slack_client_secret),
    )
    return Slack(
        values,
        installations=SlackInstallations(database),
        states=SlackStates(database),
        workspaces=SlackWorkspaces(database),
        refusal="\n\n".join(wording.say("slack_one_workspace") for wording in library.wordings.values()),
    )


def _asked(settings: Settings) -> Sequence[Check]:
    mode = _mode(settings)
    found: list[Check] = []
    if mode in ("socket", "http"):
        found.append(_check(settings, "auth.test", revealed(settings.slack_bot_token), "SLACK_BOT_TOKEN"))
    if mode == "socket":
        found.append(_check(settings, "apps.connections.open", revealed(settings.slack_app_token), "SLACK_APP_TOKEN"))
    return found


def _check(settings: Settings, method: str, token: str, setting: str) -> Check:
    url = f"{settings.slack_api_url.rstrip('/')}/{method}"
    return Check(url=url, found=partial(_found, setting), token=token)


def _found(setting: str, answer: Mapping[str, Any]) -> tuple[bool, str]:
    if answer.get("ok"):
        return True, f"{setting} works"
    why = str(answer.get("error", "no reason given"))
    return False, f"{setting} is refused ({why}): install the app again and set its new token."


async def _stored(settings: Settings, database: Database) -> Sequence[Check | str]:
    """Whether the tokens of the workspaces that installed the app still work."""
    if _mode(settings) != "oauth":
        return ()
    from handlers.slack.install.stored import SlackInstallations

    found = [
        _check(settings, "auth.test", installation.token, f"the token of workspace {installation.bot}")
        for installation in await SlackInstallations(database).all()
    ]
    return found or ("no workspace has installed the app yet",)


PLATFORM = Platform(
    name=NAME,
    least="SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
    needs=_needs,
    way=_way,
    build=_build,
    pace=PACE,
    doctor=Doctor(asked=_asked, stored=_stored),
    how_to_join="invite_slack_letter",
)
