"""Web API clients, one for each workspace over one pool of connections, and how well their tokens do."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from logging import ERROR, Logger, getLogger

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.oauth import Installations

_log = getLogger(__name__)
_TEST_WITHIN = 2.0  # seconds; an event may wait for it

SCOPES: Mapping[str, str] = {  # every method of the Web API that is called here, and the bot's scope that it takes
    "apps.connections.open": "",
    "auth.test": "",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "oauth.v2.access": "",
    "users.info": "users:read",
    "views.open": "",
    "views.publish": "",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackValues:
    """What an operator sets for Slack; which tokens are there says which way in is open."""

    api_url: str = "https://slack.com/api/"
    public_url: str = ""
    client_id: str = ""
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)

    @property
    def many(self) -> bool:
        """Whether workspaces install the app by themselves."""
        return bool(self.client_id and self.client_secret and self.signing_secret and not self.bot_token)

    @property
    def by_http(self) -> bool:
        """Whether Slack posts to us."""
        return self.many or bool(self.bot_token and self.signing_secret and not self.by_socket)

    @property
    def by_socket(self) -> bool:
        """Whether we hold a socket open to Slack."""
        return bool(self.bot_token and self.app_token)


class State(StrEnum):
    """How the platform is reached; only READY lets everything through."""

    STARTING = "starting"
    READY = "ready"
    DISCONNECTED = "disconnected"
    REVOKED = "revoked"
    DISABLED = "disabled"
    STOPPED = "stopped"


def quiet_logger() -> Logger:
    """The SDK's own logger, at a level where it prints neither payloads nor tokens."""
    logger = getLogger("slack_throughline")
    logger.setLevel(ERROR)
    return logger


class Clients:
    """The client of each workspace; with one token, the same for all."""

    def __init__(self, values: SlackValues, installations: Installations | None) -> None:
        self._values = values
        self._installations = installations
        self._session: aiohttp.ClientSession | None = None
        self._revoked = False
        self._ended = False
        self.unanswered = ""  # why our calls get no answer, while they get none

    @property
    def revoked(self) -> bool:
        """Whether the one token that there is was refused, and has not been taken since."""
        return self._revoked

    @property
    def finds_every(self) -> float:
        """Seconds between readings of a workspace's history: tier 3, but one a minute where others installed the app.

        Source: docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
        """
        return 1.2 if self._installations is None else 60.0

    async def of(self, bot: str) -> AsyncWebClient | None:
        """The client for a workspace; None where the app is not installed."""
        if self._installations is None:
            return self.bare(self._values.bot_token)
        found = await self._installations.find(bot)
        return self.bare(found.token) if found else None

    def bare(self, token: str | None = None) -> AsyncWebClient:
        """A client with that token; the SDK's own retries are off."""
        return AsyncWebClient(
            token=token,
            base_url=self._values.api_url,
            session=self.session(),
            retry_handlers=[],
            logger=quiet_logger(),
        )

    def session(self) -> aiohttp.ClientSession:
        """The one pool of connections, opened when it is first needed."""
        if self._session is None or (self._session.closed and not self._ended):
            timeout = aiohttp.ClientTimeout(total=15, sock_connect=5)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session

    async def trouble(self, bot: str) -> str:
        """What Slack has against a workspace's token: the name of its error, or nothing.

        Raises what the SDK raises where Slack does not say.
        """
        client = await self.of(bot)
        if client is None:
            return "not_installed"
        try:
            async with asyncio.timeout(_TEST_WITHIN):
                await client.auth_test()
        except SlackApiError as error:
            if getattr(error.response, "status_code", 0) != 200:
                raise
            return str(error.response["error"])
        return ""

    async def own_workspace(self) -> str:
        """The workspace of the one token that there is; raises what the SDK raises where Slack does not take it."""
        async with asyncio.timeout(_TEST_WITHIN):
            return str((await self.bare(self._values.bot_token).auth_test())["team_id"])

    def token_refused(self, bot: str) -> None:
        """Note that a workspace's token was not taken."""
        if self._installations is None and not self._revoked:
            self._revoked = True
            _log.error("Slack refuses the bot token: install the app again and set SLACK_BOT_TOKEN")
        elif self._installations is not None:
            _log.warning("Slack refuses the token of workspace %s: it has to install the app again", bot)

    def token_taken(self) -> None:
        """Note that a call went through."""
        self._revoked = False
        if self.unanswered:
            _log.info("Slack answers our calls again")
        self.unanswered = ""

    def not_answered(self, reason: str) -> None:
        """Note that a call got no answer; one line when that begins."""
        if not self.unanswered:
            _log.warning("Slack does not answer our calls: %s", reason)
        self.unanswered = reason

    async def close(self) -> None:
        """Close the pool, for good."""
        self._ended = True
        if self._session is not None:
            await self._session.close()
