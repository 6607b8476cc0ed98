"""The two platforms as the fault suite sees them: who uses them, what arrived there, what they were told we have.

Everything here is read off the fake servers, never off our own database.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from handlers.slack.inbound import translate
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_delivery import NoAnswerError
from tests.fakes.slack_payloads import Team, new_id, user_change
from tests.fakes.slack_people import Person as SlackPerson
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person as TelegramPerson
from tests.support.garbage_answers import spoil, spoil_telegram

WAYS = ("telegram-polling", "telegram-webhook", "slack-socket", "slack-http")
SECRET = "a-webhook-secret"
PATIENCE = 60.0  # seconds that people wait for an answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One message of the bot's as it arrived: its id there, its text and buttons now, and what it asks, if known."""

    id: str
    text: str
    buttons: tuple[str, ...] = ()
    token: str = ""
    row: int | None = None


class Someone(Protocol):
    """A person on a platform."""

    name: str

    @property
    def chat(self) -> str:
        """The key of their chat."""
        ...

    @property
    def seen(self) -> list[Seen]:
        """The bot's messages, in the order of their arrival."""
        ...

    async def says(self, text: str) -> None:
        """Type something; a slash command goes as the platform has it."""
        ...

    async def presses(self, label: str) -> None:
        """Press a button of the newest message that has it; again, where the platform says that nobody answered."""
        ...


async def sees(who: Someone, words: str, within: float = PATIENCE) -> Seen:
    """Wait until one of the newest messages says so."""
    async with asyncio.timeout(within):
        while True:
            found = next((seen for seen in reversed(who.seen[-4:]) if words in seen.text), None)
            if found is not None:
                return found
            await asyncio.sleep(0.02)


class Side(Protocol):
    """A platform, with people on it."""

    name: str
    people: list[Any]

    def environment(self, port: int) -> dict[str, str]:
        """What has to be set for `throughline run`, serving at that port."""
        ...

    def meet(self, name: str) -> Any:
        """Somebody new."""
        ...

    def told(self) -> list[str]:
        """The keys of all events that the platform was told we have."""
        ...

    def idle(self) -> bool:
        """Whether the platform has nothing left to hand over."""
        ...

    def unruly(self, random: Random | None) -> None:
        """Let every event come twice, in any order."""
        ...

    def five_hundreds(self, on: bool) -> None:
        """Let every call of ours fail with a 500, or none."""
        ...

    def answers_so(self, what: str) -> None:
        """Let a gateway answer every call of ours as `garbage_answers` says; the platform hears none of them."""
        ...

    def changes_token(self) -> None:
        """Our token is no good any more; another one is."""
        ...

    def refuses(self, on: bool) -> None:
        """Refuse our token, or take it again."""
        ...

    def sends_go_wrong(self, how: str, times: int) -> None:
        """Let the next sends be `lost answers`, `500 after storing` or `floods` (told to wait a second)."""
        ...

    def sent(self) -> int:
        """How many messages have arrived, all in all."""
        ...


# -- Telegram --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnTelegram:
    """A person in a private chat with the bot."""

    name: str
    person: TelegramPerson

    @property
    def chat(self) -> str:
        return f"telegram|{self.person.api.bot_id}|{self.person.id}"

    @property
    def seen(self) -> list[Seen]:
        return [_seen_on_telegram(shown) for shown in self.person.shown]

    async def says(self, text: str) -> None:
        self.person.says(text)

    async def presses(self, label: str) -> None:
        shown = next((s for s in reversed(self.person.shown) if any(label in row for row in s.buttons)), None)
        if shown is not None:
            self.person.presses(label, on=shown)


def _in_a_group(update: dict[str, Any]) -> bool:
    chat = update.get("message", {}).get("chat", {})
    return str(chat.get("type", "private")) != "private"


def _seen_on_telegram(shown: Any) -> Seen:
    labels = tuple(label for row in shown.buttons for label in row)
    asked = [row for look in shown.looks for row in (look.markup or {}).get("inline_keyboard", [])]
    data = next((str(b.get("callback_data", "")) for row in asked for b in row), "")
    token = "" if data.startswith("/") else data.partition(":")[0]
    return Seen(id=str(shown.id), text=shown.text, buttons=labels, token=token)


@dataclass(slots=True)
class TelegramSide:
    """Telegram, by polling or by a webhook."""

    fake: FakeTelegram
    webhook: bool
    name: str = "telegram"
    people: list[OnTelegram] = field(default_factory=list)

    def environment(self, port: int) -> dict[str, str]:
        found = {"TELEGRAM_BOT_TOKEN": self.fake.token, "TELEGRAM_API_URL": self.fake.url}
        if self.webhook:
            at = f"http://127.0.0.1:{port}"
            found |= {"TELEGRAM_WEBHOOK_URL": at, "TELEGRAM_WEBHOOK_SECRET": SECRET}
        return found

    def meet(self, name: str) -> OnTelegram:
        made = OnTelegram(name, self.fake.person(name))
        self.people.append(made)
        return made

    def told(self) -> list[str]:
        ours = [update for update in self.fake.confirmed if not _in_a_group(update)]  # of groups nothing is kept
        return [f"telegram:{self.fake.bot_id}:{update['update_id']}" for update in ours]

    def idle(self) -> bool:
        return not self.fake.updates

    def unruly(self, random: Random | None) -> None:
        self.fake.unruly = random

    def five_hundreds(self, on: bool) -> None:
        self.fake.mend()
        if on:
            self.fake.fault("*", "status", times=1_000_000, code=500)

    def answers_so(self, what: str) -> None:
        self.fake.mend()
        spoil_telegram(self.fake, "*", what, 1_000_000)

    async def closes(self, who: OnTelegram) -> None:
        who.person.blocks()

    async def opens(self, who: OnTelegram) -> None:
        who.person.unblocks()

    def changes_token(self) -> None:
        self.fake.secret = "AAAnotherTokenOfATestBot-canary_9876543210"

    def refuses(self, on: bool) -> None:
        self.fake.revoked = on

    def sends_go_wrong(self, how: str, times: int) -> None:
        kind = {"lost answers": "done-cut", "500 after storing": "done-status", "floods": "flood"}[how]
        self.fake.fault("sendMessage", kind, times=times)

    def sent(self) -> int:
        return sum(len(who.person.shown) for who in self.people)


# -- Slack -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnSlack:
    """A person in a direct message with the app."""

    name: str
    person: SlackPerson

    @property
    def chat(self) -> str:
        return f"slack|{self.person.user.team.id}|{self.person.user.im}"

    @property
    def seen(self) -> list[Seen]:
        theirs = self.person.messages, self.person.screen
        return [_seen_on_slack(message, shown) for message, shown in zip(*theirs, strict=True) if shown.ours]

    async def says(self, text: str) -> None:
        if text.startswith("/"):
            await self._until_answered(f"/throughline {text[1:]}")
        else:
            await self.person.types(text)

    async def _until_answered(self, line: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(NoAnswerError):
                    await self.person.runs(line)
                    return
                await asyncio.sleep(0.1)

    async def presses(self, label: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while any(label in shown.buttons for shown in self.person.screen if shown.ours):
                with suppress(NoAnswerError):
                    await self.person.presses(label)
                    return
                await asyncio.sleep(0.1)


def _seen_on_slack(message: dict[str, Any], shown: Any) -> Seen:
    elements = [e for block in message.get("blocks", []) if block["type"] == "actions" for e in block["elements"]]
    parts = next((str(e.get("action_id", "")).split("|") for e in elements), [])
    row = message.get("metadata", {}).get("event_payload", {}).get("outbox")
    token = parts[1] if len(parts) > 1 else ""
    return Seen(id=shown.ts, text=shown.text, buttons=shown.buttons, token=token, row=row)


@dataclass(slots=True)
class SlackSide:
    """Slack, one workspace, by a socket or by HTTP."""

    fake: FakeSlack
    team: Team
    http: bool
    name: str = "slack"
    people: list[OnSlack] = field(default_factory=list)

    def environment(self, port: int) -> dict[str, str]:
        found = {"SLACK_API_URL": self.fake.url, "SLACK_BOT_TOKEN": self.team.token}
        if not self.http:
            return found | {"SLACK_APP_TOKEN": self.fake.app_token}
        self.fake.mail.target = f"http://127.0.0.1:{port}/slack/events"
        return found | {"SLACK_SIGNING_SECRET": self.fake.signing_secret}

    def meet(self, name: str) -> OnSlack:
        made = OnSlack(name, self.fake.person(name, self.team))
        self.people.append(made)
        return made

    def told(self) -> list[str]:
        return [found.inbound.key for body in self._acknowledged() if (found := translate(body)).inbound is not None]

    def _acknowledged(self) -> Iterator[Any]:
        for delivery in self.fake.mail.deliveries:
            if any(how == "ok" for _, how in delivery.attempts):
                yield delivery.body
        yield from self.fake.mail.answered

    def idle(self) -> bool:
        return all(delivery.done.is_set() for delivery in self.fake.mail.deliveries)

    def unruly(self, random: Random | None) -> None:
        self.fake.mail.unruly = random

    def five_hundreds(self, on: bool) -> None:
        self.fake.mend()
        if on:
            self.fake.fail("*", times=1_000_000, status=500)

    def answers_so(self, what: str) -> None:
        self.fake.mend()
        spoil(self.fake, "*", what, 1_000_000)

    async def closes(self, who: OnSlack) -> None:
        await self.fake.deactivate(who.person)

    async def opens(self, who: OnSlack) -> None:
        who.person.user.deleted = False
        await self.fake.mail.event(self.team, user_change(who.person.user, ts=self.fake.ts()))

    def changes_token(self) -> None:
        self.team.token = f"xoxb-{new_id('K')}"

    def refuses(self, on: bool) -> None:
        self.team.revoked = on

    async def removes_the_app(self) -> None:
        """As an administrator of the workspace does."""
        await self.fake.uninstall(self.team)

    def installs_the_app(self) -> None:
        """Again, which gives another token."""
        self.team.installed, self.team.revoked = True, False
        self.changes_token()

    def sends_go_wrong(self, how: str, times: int) -> None:
        if how == "floods":
            self.fake.fail("chat.postMessage", times=times, retry_after=1)
        else:
            self.fake.fail("chat.postMessage", times=times, status=500, after=True, reset=how == "lost answers")

    def sent(self) -> int:
        return sum(len(who.seen) for who in self.people)


@asynccontextmanager
async def side_on(way: str, *, speed: float = 30.0) -> AsyncIterator[Any]:
    """A platform by one way in, its fake server running; `speed` shortens Slack's minutes between retries."""
    platform, _, by = way.partition("-")
    if platform == "telegram":
        async with FakeTelegram(webhook_retry=0.1, limits=False) as telegram:
            yield TelegramSide(telegram, webhook=by == "webhook")
    else:
        async with FakeSlack(speed=speed, ack_within=1.0, limits=False) as slack:
            yield SlackSide(slack, slack.team(), http=by == "http")
