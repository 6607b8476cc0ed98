"""Web API clients, one for each workspace over one pool of connections, and how well their tokens do."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from logging import ERROR, Logger, getLogger
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.slack.install.oauth import Installations

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What came back where a call was not taken: HTTP status, headers, and the name of Slack's error, or no name."""

    status: int
    headers: Mapping[str, str]
    name: str

    @property
    def why(self) -> str:
        """For an operator, in a word or a few."""
        return self.name or (f"status {self.status}" if self.status != 200 else "status 200, but nothing of Slack's")

    def retry_after(self, default: float) -> float:
        """Seconds that Slack asks us to wait."""
        text = next((value for name, value in self.headers.items() if name.lower() == "retry-after"), "")
        return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else default


def answered(error: SlackApiError) -> Answered:
    """What an error of the SDK's says of the answer."""
    response = error.response
    data = getattr(response, "data", None)
    name = data.get("error") if isinstance(data, dict) else None
    return Answered(
        status=getattr(response, "status_code", 0),
        headers=getattr(response, "headers", None) or {},
        name=name if isinstance(name, str) else "",
    )


def told(answer: AsyncSlackResponse, *path: str) -> str:
    """The text at a path of an answer; raises aiohttp.ClientPayloadError where it is not there."""
    found: Any = answer.data
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, str) or not found:
        raise aiohttp.ClientPayloadError(f"no {path[-1]} in the answer")
    return found


class _WebClient(AsyncWebClient):
    """The SDK's client, to which an answer that is no JSON object is an empty one, with its status and headers.

    The SDK takes whatever came for an object, and what it raises then (AttributeError, TypeError, UnicodeDecodeError)
    passes every handler of its own errors by. An empty answer it refuses with SlackApiError. A redirect is such an
    answer too: what people wrote goes where an operator said, and nowhere else.
    """

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        here = req_args | {"allow_redirects": False}
        try:
            answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=here)
        except SlackApiError as error:  # it was called JSON, and is none
            answer = {"status_code": error.response.status, "headers": error.response.headers}
        except (UnicodeDecodeError, LookupError, RecursionError) as error:
            raise aiohttp.ClientPayloadError(f"the answer cannot be read: {type(error).__name__}") from None
        return answer if isinstance(answer.get("data"), dict) else {**answer, "data": {}}


def quiet_logger() -> Logger:
    """The SDK's own logger, at a level where it prints neither payloads nor tokens."""
    logger = getLogger("slack_throughline")
    logger.setLevel(ERROR)
    return logger


class Clients:
    """The client of each workspace; with one token, the same for all."""

    def __init__(self, values: SlackValues, installations: Installations | None, patience: float = 15.0) -> None:
        self._values = values
        self._patience = patience  # seconds for a whole call, also where bytes drip
        self._installations = installations
        self._session: aiohttp.ClientSession | None = None
        self._revoked = False
        self._ended = False
        self.unanswered = ""  # why our calls get no answer, while they get none
        self.since: float | None = None  # time.monotonic() at which our calls began to fail, while they do

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
        return _WebClient(
            token=token,
            base_url=self._values.api_url,
            session=self.session(),
            retry_handlers=[],
            logger=quiet_logger(),
        )

    def session(self) -> aiohttp.ClientSession:
        """The one pool of connections, opened when it is first needed."""
        if self._session is None or (self._session.closed and not self._ended):
            timeout = aiohttp.ClientTimeout(total=self._patience, sock_connect=5)
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
            said = answered(error)
            if said.status != 200 or not said.name:
                raise
            return said.name
        return ""

    async def own_workspace(self) -> str:
        """The workspace of the one token that there is; raises what the SDK raises where Slack does not take it."""
        async with asyncio.timeout(_TEST_WITHIN):
            return told(await self.bare(self._values.bot_token).auth_test(), "team_id")

    def token_refused(self, bot: str) -> None:
        """Note that a workspace's token was not taken."""
        if self._installations is None and not self._revoked:
            self._revoked = True
            self.since = self.since or time.monotonic()
            _log.error("Slack refuses the bot token: install the app again and set SLACK_BOT_TOKEN")
        elif self._installations is not None:
            _log.warning("Slack refuses the token of workspace %s: it has to install the app again", bot)

    def token_taken(self) -> None:
        """Note that a call went through."""
        self._revoked = False
        if self.unanswered:
            _log.info("Slack answers our calls again")
        self.unanswered, self.since = "", None

    def not_answered(self, reason: str) -> None:
        """Note that a call got no answer; one line when that begins."""
        if not self.unanswered:
            _log.warning("Slack does not answer our calls: %s", reason)
        self.unanswered, self.since = reason, self.since or time.monotonic()

    async def close(self) -> None:
        """Close the pool, for good."""
        self._ended = True
        if self._session is not None:
            await self._session.close()
