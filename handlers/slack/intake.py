"""The way in: a payload is translated, completed, received, and only then acknowledged, from its Receipt.

Bolt checks signatures and picks the listener; it acknowledges when the listener has returned
(`process_before_response`), and answers 500, so that Slack sends the event again, when it raises. Nothing of what
people write reaches a log. A retry is an event like any other: whether it was seen before, its key says.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from logging import getLogger
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.response import BoltResponse

from bot.messages.incoming import (
    ChatStateChanged,
    CommandSent,
    FormSubmitted,
    GroupMention,
    HomeOpened,
    Inbound,
    Outcome,
    Receipt,
    TextEdited,
    TextSent,
)
from handlers.slack.clients import Clients, SlackValues, quiet_logger
from handlers.slack.directory import Directory
from handlers.slack.home import Homes
from handlers.slack.inbound import Closing, Found, translate, workspace
from handlers.slack.limits import ResponseUrls
from handlers.slack.modals import errors_at
from handlers.slack.text import escaped, mentioned, named

Receive = Callable[[Inbound, datetime], Awaitable[Receipt]]
Close = Callable[[Closing], Awaitable[None]]

_log = getLogger(__name__)
_ANY = re.compile(".*", re.DOTALL)
_REMEMBERED = 500  # forms whose errors are told again when Slack hands them over twice
_TOAST_WITHIN = 3.0
_TOO_MANY = "app_rate_limited"  # docs.slack.dev/reference/events/app_rate_limited


class Turns:
    """One at a time for each key, in the order of asking; different keys at once."""

    def __init__(self) -> None:
        self._locks: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, key: tuple[str, str]) -> AsyncIterator[None]:
        """Wait for those before; the next goes when this is left."""
        lock, waiting = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[key]
            if waiting == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, waiting - 1)


class Intake:
    """Takes payloads from whichever way they come."""

    def __init__(
        self,
        clients: Clients,
        directory: Directory,
        receive: Receive,
        clock: Callable[[], datetime],
        close: Close,
        lent: ResponseUrls | None = None,
        homes: Homes | None = None,
    ) -> None:
        self._clients = clients
        self._directory = directory
        self._receive = receive
        self._clock = clock
        self._close = close
        self._lent = lent or ResponseUrls()
        self._homes = homes or Homes()
        self._turns = Turns()
        self._errors: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._toasts: set[asyncio.Task[None]] = set()

    async def take(self, body: Any) -> dict[str, Any]:
        """Take one payload, and give the body of the acknowledgement; raises when it could not be stored."""
        found = translate(body)
        if found.closing is not None:
            await self._close(found.closing)
        if found.stale:
            self._directory.forget(workspace(body), found.stale)
        if found.inbound is None:
            return {}
        if isinstance(found.inbound.content, HomeOpened):
            self._homes.opened(found.inbound.address.bot, found.inbound.address.user, found.page)
        if found.response_url and found.pressed:  # before the answer is stored, since its new look may leave at once
            address = found.inbound.address
            self._lent.lend((address.bot, address.user, found.pressed), found.response_url)
        receipt = await self._taken(found.inbound)
        if isinstance(found.inbound.content, FormSubmitted):
            return self._form_answer(found.inbound.key, receipt, body)
        if receipt.toast:
            return self._say(found, receipt.toast)
        return {}

    async def close(self) -> None:
        """Let the last words go out."""
        if self._toasts:
            await asyncio.wait(self._toasts, timeout=_TOAST_WITHIN)

    async def _taken(self, inbound: Inbound) -> Receipt:
        address = inbound.address
        async with self._turns.turn((address.bot, address.user)):
            now = self._clock()
            if not isinstance(inbound.content, ChatStateChanged | GroupMention):
                inbound = await self._directory.fill(inbound, now)
                inbound = await self._with_names(inbound, now)
            return await self._receive(inbound, now)

    async def _with_names(self, inbound: Inbound, now: datetime) -> Inbound:
        """The text with people's names, where Slack hands over their ids."""
        content = inbound.content
        if isinstance(content, CommandSent) and (ids := mentioned(content.rest)):
            rest = named(content.rest, await self._directory.names(inbound.address.bot, ids, now))
            return replace(inbound, content=replace(content, rest=rest))
        if isinstance(content, TextSent | TextEdited) and (ids := mentioned(content.text)):
            text = named(content.text, await self._directory.names(inbound.address.bot, ids, now))
            return replace(inbound, content=replace(content, text=text))
        return inbound

    def _form_answer(self, key: str, receipt: Receipt, body: Mapping[str, Any]) -> dict[str, Any]:
        """Errors on their fields, or nothing, which closes the form. A form handed over twice is answered alike."""
        errors = receipt.errors
        if receipt.outcome is Outcome.DUPLICATE:
            errors = self._errors.get(key, {})
        elif errors:
            self._errors[key] = errors
            if len(self._errors) > _REMEMBERED:
                self._errors.popitem(last=False)
        return {"response_action": "errors", "errors": errors_at(body["view"], errors)} if errors else {}

    def _say(self, found: Found, toast: str) -> dict[str, Any]:
        """A word to the person alone: in the answer to a command, beside the message whose button was pressed."""
        words = {"response_type": "ephemeral", "text": escaped(toast)}
        if not found.response_url:
            return words if found.inbound is not None and found.inbound.trigger else {}
        task = asyncio.create_task(self._respond(found.response_url, words | {"replace_original": False}))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)
        return {}

    async def _respond(self, url: str, words: Mapping[str, Any]) -> None:
        """Best effort: what is said here is said by the message itself too."""
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            session = self._clients.session()
            async with asyncio.timeout(_TOAST_WITHIN), session.post(url, json=words, allow_redirects=False) as answer:
                await answer.read()


class _NotTakenError(Exception):
    """What came could not be stored."""


class _Known(AsyncAuthorize):
    """Lets every request pass that Slack signed: whether a workspace is known decides what is sent, not what is kept.

    Asking Slack here (as Bolt does by default) would lose events while the API is down: Bolt answers 200 then.
    """

    def __init__(self, token: str) -> None:
        self._token = token or "xoxb-none"

    async def __call__(
        self,
        *,
        context: Any,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=self._token)


def bolt_app(values: SlackValues, clients: Clients, intake: Intake, flow: AsyncOAuthFlow | None) -> AsyncApp:
    """The Bolt app whose every listener is the intake."""
    app = AsyncApp(
        name="throughline",
        logger=quiet_logger(),
        process_before_response=True,
        signing_secret=values.signing_secret,
        client=clients.bare(),
        authorize=_Known(values.bot_token),
        oauth_flow=flow,
        # Which messages are our own, the translation tells; this middleware would have to ask Slack who we are.
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def listener(body: dict[str, Any], ack: AsyncAck) -> BoltResponse:
        try:
            answer = await intake.take(body)
        except Exception as error:
            raise _NotTakenError(type(error).__name__) from None
        return await ack(answer) if answer else await ack()

    async def failed(error: Exception, response: BoltResponse) -> BoltResponse | None:
        if isinstance(error, _NotTakenError):
            _log.error("an event from Slack was not taken and will come again: %s", error)
            return None
        _log.warning("a request was signed, but is none of Slack's: %s", type(error).__name__)
        return BoltResponse(status=400)

    async def warned(body: dict[str, Any], next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        if body.get("type") != _TOO_MANY:
            await next_()
            return None
        _log.warning("Slack holds events back: there were too many for this app in an hour")
        return BoltResponse(status=200)

    for listens in (app.event, app.command, app.action, app.view, app.shortcut):
        listens(_ANY)(listener)
    app.view_closed(_ANY)(listener)
    app.error(failed)
    app.use(warned)
    return app
