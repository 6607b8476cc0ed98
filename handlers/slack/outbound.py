"""Slack as a messenger: a parcel becomes one call, and what became of the call becomes a `Fate`."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.outgoing import File, Form
from bot.messages.sending import Fate, NotSent, Parcel, Refused, Sent, Unclear, Unreachable
from handlers.slack.blocks import blocks_of, fallback
from handlers.slack.clients import Clients, answered, told
from handlers.slack.directory import Directory
from handlers.slack.files import holds, in_words, shared, unwanted, uploaded
from handlers.slack.home import Homes, home_of
from handlers.slack.inbound import PLATFORM
from handlers.slack.limits import ResponseUrls
from handlers.slack.modals import view_of

EVENT = "throughline"
OUTBOX = "outbox"
_TOKEN_WAIT, _SCOPE_WAIT, _FLOOD_WAIT = 60.0, 600.0, 1.0
_NO_CONNECTION = "no connection"
_FORM_WITHIN = 2.5  # seconds; a trigger lives for three
_RESPOND_WITHIN = 3.0  # seconds
_TIMESTAMP = re.compile(r"\d+\.\d+")

# What Slack says of a message that did not go out. Source: docs.slack.dev/reference/methods/chat.postMessage#errors
_TOKEN = frozenset(
    [
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "org_login_required",
        "team_access_not_granted",
        "two_factor_setup_required",
    ]
)
_GONE = frozenset(
    [
        "channel_not_found",
        "user_disabled",
        "user_not_found",
        "is_archived",
        "cannot_dm_bot",
        "not_in_channel",
        "user_not_visible",
        "messaging_to_user_blocked",
        "messages_tab_disabled",
        "restricted_action",
        "method_not_supported_for_channel_type",
    ]
)
_LATER = frozenset(["ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "request_timeout"])
_UNCLEAR = frozenset(["internal_error", "fatal_error"])
_SAME = frozenset(["message_not_modified", "not_modified"])


class SlackMessenger:
    """Sends to Slack: messages, new looks of messages, forms and pages."""

    platform = PLATFORM
    edits = True
    forms = True
    pages = True

    def __init__(
        self, clients: Clients, directory: Directory, lent: ResponseUrls | None = None, homes: Homes | None = None
    ) -> None:
        self._clients = clients
        self._homes = homes or Homes()
        self._lent = lent or ResponseUrls()
        self._directory = directory
        self.finds_every = clients.finds_every
        self._shared: set[int] = set()  # parcels whose file is there while the words after it are not

    def has_own_way(self, bot: str, user: str, message: str) -> bool:
        """Whether somebody has just pressed a button of a message: its new look then costs the workspace nothing."""
        return self._lent.has((bot, user, message))

    async def send(self, parcel: Parcel) -> Fate:
        """Send one parcel and tell what became of it."""
        try:
            return await self._send(parcel)
        except Exception as error:  # whatever the SDK raises, the row has to be told what became of it
            fate = fate_of(error, parcel.replaces)
            note(self._clients, parcel.address.bot, fate)
            return fate

    async def _send(self, parcel: Parcel) -> Fate:
        client = await self._clients.of(parcel.address.bot)
        if client is None:
            return NotSent(reason="not installed", retry_after=_TOKEN_WAIT, whole=True)
        if parcel.message.page:
            return await self._publish(client, parcel)
        if parcel.message.form is not None and parcel.trigger:
            return await self._open(client, parcel, parcel.message.form)
        if not (parcel.message.text.strip() or parcel.message.choices or parcel.file):
            return Refused(reason="empty")
        channel = await self._directory.channel(parcel.address)
        if parcel.replaces:
            return await self._update(client, parcel, channel)
        if parcel.file is not None:
            return await self._share(client, parcel, channel, parcel.file)
        return await self._post(client, parcel, channel)

    async def _post(self, client: AsyncWebClient, parcel: Parcel, channel: str) -> Fate:
        answer = await client.chat_postMessage(
            channel=channel,
            text=fallback(parcel.message),
            blocks=blocks_of(parcel.message),
            metadata={"event_type": EVENT, "event_payload": {OUTBOX: parcel.id}},
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        sent = Sent(message_id=told(answer, "ts"))
        self._clients.token_taken()
        return sent

    async def _share(self, client: AsyncWebClient, parcel: Parcel, channel: str, file: File) -> Fate:
        """Share a file with what is said of it; a question follows as a message, which can be changed when answered."""
        asks = bool(parcel.message.token or parcel.message.choices)
        if parcel.id not in self._shared:
            try:
                file_id = await uploaded(client, self._clients.session(), parcel, file)
            except Exception as error:  # nothing was seen yet, whatever it was
                return await self._not_uploaded(client, parcel, channel, file, error)
            await shared(client, channel, file_id, file, "" if asks else parcel.message.text)
            self._clients.token_taken()
            if not asks:
                return Sent(message_id=file_id)
            self._shared.add(parcel.id)
        fate = await self._post(client, parcel, channel)
        self._shared.discard(parcel.id)
        return fate

    async def _not_uploaded(
        self, client: AsyncWebClient, parcel: Parcel, channel: str, file: File, error: Exception
    ) -> Fate:
        """Try again later; where a workspace takes no files, say in words what can be said so."""
        words = in_words(parcel.message.text, file) if unwanted(error) else ""
        if words:
            return await self._post(client, replace(parcel, message=replace(parcel.message, text=words)), channel)
        if isinstance(error, SlackApiError) and not unwanted(error):
            fate = fate_of(error)
            return NotSent(reason=fate.reason) if isinstance(fate, Unclear) else fate
        return Refused(reason="no files here") if unwanted(error) else NotSent(reason=type(error).__name__)

    async def _update(self, client: AsyncWebClient, parcel: Parcel, channel: str) -> Fate:
        if not _TIMESTAMP.fullmatch(parcel.replaces):
            return Sent(message_id=parcel.replaces)  # it was a form: it closed by itself
        if await self._responded(parcel):
            return Sent(message_id=parcel.replaces)
        answer = await client.chat_update(
            channel=channel,
            ts=parcel.replaces,
            text=fallback(parcel.message),
            blocks=blocks_of(parcel.message),
            parse="none",
            link_names=False,
        )
        sent = Sent(message_id=told(answer, "ts"))
        self._clients.token_taken()
        return sent

    async def _responded(self, parcel: Parcel) -> bool:
        """Answer the press with the new look; whatever hinders that, `chat.update` is tried in its place.

        Source: docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        url = self._lent.take((parcel.address.bot, parcel.address.user, parcel.replaces))
        if not url:
            return False
        look = {"text": fallback(parcel.message), "blocks": blocks_of(parcel.message), "replace_original": True}
        try:
            session = self._clients.session()
            async with asyncio.timeout(_RESPOND_WITHIN), session.post(url, json=look, allow_redirects=False) as answer:
                return answer.status == 200 and (await answer.read())[:2] == b"ok"
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return False

    async def _open(self, client: AsyncWebClient, parcel: Parcel, form: Form) -> Fate:
        """Open a form, once: whatever hinders it, its time is over, and the row goes out as a message instead."""
        try:
            async with asyncio.timeout(_FORM_WITHIN):
                answer = await client.views_open(trigger_id=parcel.trigger, view=view_of(parcel.message, form))
                return Sent(message_id=told(answer, "view", "id"))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = answered(error).why if isinstance(error, SlackApiError) else type(error).__name__
            return Refused(reason=f"form: {reason}")

    async def _publish(self, client: AsyncWebClient, parcel: Parcel) -> Fate:
        bot, user, view = parcel.address.bot, parcel.address.user, home_of(parcel.message.page)
        if self._homes.stands(bot, user, view):
            return Sent(message_id="as it was")
        answer = await client.views_publish(user_id=user, view=view)
        sent = Sent(message_id=told(answer, "view", "id"))
        self._homes.published(bot, user, view, told(answer, "view", "hash"))
        self._clients.token_taken()
        return sent

    async def find(self, parcel: Parcel, since: datetime, *, limit: int = 15) -> Sent | None:
        """The message that a parcel became, looked up in its chat's history since `since`; None where it is not.

        Raises what the SDK raises where the history cannot be read; pages by the limit of 15 messages that holds for
        apps outside Slack's directory. Source: docs.slack.dev/reference/methods/conversations.history
        """
        client = await self._clients.of(parcel.address.bot)
        if client is None:
            return None
        channel, cursor = await self._directory.channel(parcel.address), None
        while True:
            page = await client.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                limit=limit,
                include_all_metadata=True,
                cursor=cursor,
            )
            self._clients.token_taken()
            for message in page["messages"]:
                if _outbox_id(message) == parcel.id or holds(message, parcel):
                    return Sent(message_id=str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not page.get("has_more") or not cursor:
                return None


def _outbox_id(message: Mapping[str, Any]) -> Any:
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload", {}).get(OUTBOX) if metadata.get("event_type") == EVENT else None


# -- what became of it -----------------------------------------------------------------------------------------------


def note(clients: Clients, bot: str, fate: Fate) -> None:
    """Have `clients` know what a fate says of the workspace's token, and of whether Slack answers."""
    if isinstance(fate, NotSent) and fate.reason == "token revoked":
        clients.token_refused(bot)
    if isinstance(fate, Unclear) or (isinstance(fate, NotSent) and fate.reason == _NO_CONNECTION):
        clients.not_answered(fate.reason)


def fate_of(error: Exception, replaces: str = "") -> Fate:
    """What an exception of a call says of the message: did not leave, will never, cannot, or nobody knows."""
    if isinstance(error, SlackApiError):
        return _answered(error, replaces)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotSent(reason=_NO_CONNECTION)
    return Unclear(reason=f"no answer: {type(error).__name__}")


def _answered(error: SlackApiError, replaces: str) -> Fate:
    said = answered(error)
    status, name = said.status, said.name
    if status == 429:
        return NotSent(reason="ratelimited", retry_after=said.retry_after(_FLOOD_WAIT))
    if status >= 500 or name in _UNCLEAR:
        return Unclear(reason=said.why)
    if name in _TOKEN:
        return NotSent(reason="token revoked", retry_after=_TOKEN_WAIT, whole=True)
    if name == "missing_scope":
        return NotSent(reason=name, retry_after=_SCOPE_WAIT)
    if name in _LATER:
        return NotSent(reason=name, retry_after=said.retry_after(_FLOOD_WAIT))
    if name in _GONE:
        return Unreachable(reason=name)
    if name in _SAME and replaces:
        return Sent(message_id=replaces)
    # Slack refuses with status 200; with another it is something on the way that speaks.
    return Refused(reason=name) if name and status == 200 else Unclear(reason=said.why)
