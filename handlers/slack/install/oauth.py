"""Installations in many workspaces: the ports that storage implements, and the SDK's flow over them.

A workspace is known by its key, the `bot` of an `Address`: the team's id, after the organisation's id and a colon
where that installed the app.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from logging import Logger, getLogger
from typing import Any, Protocol

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncFailureArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation as SdkInstallation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
STATE_LIVES = timedelta(minutes=10)

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """The app in one workspace; `token` is a secret, to be kept encrypted."""

    bot: str
    team: str
    team_name: str
    enterprise: str
    app: str
    bot_id: str
    bot_user: str
    scopes: tuple[str, ...]
    installed_by: str
    token: str = field(repr=False)


class Installations(Protocol):
    """Keeps one installation per workspace; what comes later replaces what was there."""

    async def save(self, installation: Installation, now: datetime) -> None:
        """Keep it."""
        ...

    async def find(self, bot: str) -> Installation | None:
        """The one of that workspace, or None."""
        ...

    async def remove(self, bot: str, now: datetime) -> None:
        """Forget it; nothing happens where there is none."""
        ...


class States(Protocol):
    """Keeps the states of installations under way; the state itself is a secret and may be kept as its hash."""

    async def issue(self, state: str, expires_at: datetime) -> None:
        """Remember a state."""
        ...

    async def consume(self, state: str, now: datetime) -> bool:
        """Whether it was issued, has not expired, and is asked about for the first time."""
        ...


class Workspaces(Protocol):
    """Is told when a whole workspace comes or goes: its people can be reached, or cannot any more."""

    async def opened(self, bot: str, now: datetime) -> None:
        """The app was installed, perhaps again."""
        ...

    async def closed(self, bot: str, reason: str, now: datetime) -> None:
        """The app was removed, or its token revoked: `reason` is Slack's name of the event. May come twice."""
        ...


def key_of(enterprise: str | None, team: str | None, *, whole: bool) -> str:
    """The key of a workspace; `whole` says that the organisation installed the app."""
    return f"{enterprise}:{team or ''}" if enterprise and whole else team or ""


class OrganisationError(BoltError):
    """A whole organisation installed the app: its events would come from workspaces that nobody let in."""


class _Installed(AsyncInstallationStore):
    """The SDK's store over our port."""

    def __init__(self, installations: Installations, clock: Clock, opened: Callable[[str], Any], log: Logger) -> None:
        self._installations = installations
        self._clock = clock
        self._opened = opened
        self._log = log

    @property
    def logger(self) -> Logger:
        return self._log

    async def async_save(self, installation: SdkInstallation) -> None:
        """Keep what the flow brought home, and say that the workspace is open; raises BoltError if it is none."""
        if installation.is_enterprise_install:
            raise OrganisationError("an installation for a whole organisation")
        kept = _ours(installation)
        if not (kept.bot and kept.token):
            raise BoltError("Slack named no workspace, or no token")
        await self._installations.save(kept, self._clock())
        await self._opened(kept.bot)

    async def async_save_bot(self, bot: Bot) -> None:
        """Never asked for: the flow saves installations."""
        raise NotImplementedError


class _States(AsyncOAuthStateStore):
    """The SDK's store of states over our port."""

    def __init__(self, states: States, clock: Clock, new_state: Callable[[], str], log: Logger) -> None:
        self._states = states
        self._clock = clock
        self._new_state = new_state
        self._log = log

    @property
    def logger(self) -> Logger:
        return self._log

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """A state that nobody can guess."""
        state = self._new_state()
        await self._states.issue(state, self._clock() + STATE_LIVES)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is ours, and fresh, for the first and only time."""
        return bool(state) and await self._states.consume(state, self._clock())


def _ours(installation: SdkInstallation) -> Installation:
    whole = bool(installation.is_enterprise_install)
    return Installation(
        bot=key_of(installation.enterprise_id, installation.team_id, whole=whole),
        team=installation.team_id or "",
        team_name=installation.team_name or "",
        enterprise=installation.enterprise_id or "",
        app=installation.app_id or "",
        bot_id=installation.bot_id or "",
        bot_user=installation.bot_user_id or "",
        scopes=tuple(installation.bot_scopes or ()),
        installed_by=installation.user_id or "",
        token=installation.bot_token or "",
    )


def flow_of(
    *,
    client: AsyncWebClient,
    client_id: str,
    client_secret: str,
    scopes: tuple[str, ...],
    public_url: str,
    installations: Installations,
    states: States,
    clock: Clock,
    opened: Callable[[str], Any],
    new_state: Callable[[], str],
    refusal: str = "",
    log: Logger | None = None,
) -> AsyncOAuthFlow:
    """The SDK's OAuth flow over our ports; the page that asks for consent stands beside the API that it belongs to."""
    quiet = log or getLogger(__name__)
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=scopes,
        redirect_uri=f"{public_url.rstrip('/')}{REDIRECT}" if public_url else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        install_page_rendering_enabled=False,
        authorization_url=client.base_url.removesuffix("api/") + "oauth/v2/authorize",
        installation_store=_Installed(installations, clock, opened, quiet),
        state_store=_States(states, clock, new_state, quiet),
        state_expiration_seconds=int(STATE_LIVES.total_seconds()),
        logger=quiet,
    )
    flow = AsyncOAuthFlow(client=client, settings=settings, logger=quiet)
    told = flow.failure_handler

    async def failed(args: AsyncFailureArgs) -> BoltResponse:
        if not isinstance(args.error, OrganisationError):
            return await told(args)
        quiet.error("an installation for a whole organisation was refused: only single workspaces are served")
        return BoltResponse(status=403, body=refusal, headers={"Content-Type": "text/plain; charset=utf-8"})

    flow.failure_handler = failed
    return flow
