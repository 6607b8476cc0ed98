"""Where the people of a town sit: at a console, in Telegram or in Slack, on the real SDKs against fake servers."""

import asyncio
import html
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import uvicorn
from starlette.applications import Starlette

from bot.app import App
from bot.messages.incoming import (
    Address,
    ButtonPressed,
    CommandSent,
    Content,
    Inbound,
    NonTextSent,
    Receipt,
    TextEdited,
    TextSent,
)
from bot.messages.sending import Fate, Messenger, Parcel, Refused, Sent
from handlers.console.keyboard import address_of
from handlers.console.messenger import ConsoleMessenger
from handlers.console.screen import render
from handlers.slack.app import Slack
from handlers.slack.clients import SlackValues, State
from handlers.slack.socket_mode import Pace as SocketPace
from handlers.telegram.poller import Pace
from handlers.telegram.service import Telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

if TYPE_CHECKING:
    from tests.support.town import Person

QUICK = SocketPace(ping=0.5, opening=2.0, grace=0.5, look=0.05, waits=(0.05, 0.1), refused=0.1)
Taken = Callable[[Inbound, Receipt], None]
_IN_A_FORM = ("commit", "settings")  # typed in Slack, where the slash command would open a form


class Seat(Protocol):
    """A platform as people use it."""

    name: str

    def open(self, app: App, taken: Taken, clock: Any) -> AbstractAsyncContextManager[Messenger]:
        """Serve the platform for an app; what was taken in is told."""
        ...

    def address(self, user: str) -> Address:
        """Where somebody sits."""
        ...

    async def act(self, person: "Person", content: Content, number: str) -> str:
        """Do it as a person does; returns the platform's id of the message, if there is one."""
        ...

    def screen(self, person: "Person") -> str:
        """What stands in their chat now: their own messages, the bot's, and the buttons that can be pressed."""
        ...


class AbleMessenger(ConsoleMessenger):
    """A console that can be told to have forms and pages, and to fail at forms."""

    def __init__(self, show: Callable[[Parcel], None]) -> None:
        super().__init__(show)
        self.forms = False
        self.pages = False
        self.refuse_forms = False

    async def send(self, parcel: Parcel) -> Fate:
        """Show it, or say that the trigger was too old."""
        if parcel.message.form is not None and self.refuse_forms:
            return Refused(reason="expired trigger")
        return await super().send(parcel)


class ConsoleSeat:
    """Consoles: events are made directly."""

    name = "console"

    def __init__(self, made: int = 0) -> None:
        """Events are numbered on from `made`: what a database has seen before is a duplicate."""
        self.messenger = AbleMessenger(lambda parcel: None)
        self.made = made
        self._take: Any = None
        self._clock: Any = None
        self._taken: Taken = lambda inbound, receipt: None

    @asynccontextmanager
    async def open(self, app: App, taken: Taken, clock: Any) -> AsyncIterator[Messenger]:
        """Nothing to serve."""
        self._take, self._taken, self._clock = app.conversation.receive, taken, clock
        yield self.messenger

    def address(self, user: str) -> Address:
        """A console of their own."""
        return address_of(user)

    async def act(self, person: "Person", content: Content, number: str) -> str:
        """Make the event."""
        self.made += 1
        number = number or f"{person.user}-{self.made}"
        key = f"{person.user}:{self.made}"
        address = address_of(person.user)
        event = Inbound(key=key, address=address, content=content, message_id=number, language=person.language)
        self._taken(event, await self._take(event, self._clock()))
        return number

    def screen(self, person: "Person") -> str:
        """What was printed."""
        return "\n\n".join(render(message) for message in person.read) + "\n"


@dataclass(slots=True)
class _Counted:
    """Counts what an app has taken in, so that a test can wait for it."""

    app: App
    taken: Taken
    counts: Counter[str] = field(default_factory=Counter)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, event: Inbound, now: Any) -> Receipt:
        receipt = await self.app.conversation.receive(event, now)
        self.taken(event, receipt)
        self.counts[event.address.user] += 1
        self.changed.set()
        return receipt

    async def reach(self, user: str, count: int) -> None:
        """Wait until so many of somebody have been taken in."""
        async with asyncio.timeout(20):
            while self.counts[user] < count:
                self.changed.clear()
                await self.changed.wait()


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that tells nobody when it happens."""
    for _ in range(4_000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the platform was not reached within 20 s")


class TelegramSeat:
    """Private chats in Telegram, by long polling or by webhook."""

    name = "telegram"

    def __init__(self, fake: FakeTelegram, *, webhook: bool = False) -> None:
        self._fake = fake
        self._webhook = webhook
        self._people: dict[str, Any] = {}
        self._counted: _Counted | None = None

    @property
    def fake(self) -> FakeTelegram:
        """The server that they talk to."""
        return self._fake

    @asynccontextmanager
    async def open(self, app: App, taken: Taken, clock: Any) -> AsyncIterator[Messenger]:
        """Poll the fake server, or let it come to us."""
        self._counted = _Counted(app, taken)
        pace = Pace(poll=1, patience=0.02, first=0.02, longest=0.05, conflict=0.05)
        door, url = _door()
        telegram = Telegram(
            self._fake.token,
            api_url=self._fake.url,
            url=url if self._webhook else "",
            secret="a-secret-of-tests",
            wordings=app.library.wordings,
            pace=pace,
        )
        async with _served(telegram.routes(), door):
            serving = asyncio.create_task(telegram.serve(self._counted.receive, clock))
            try:
                await until(lambda: telegram.state.value == "ready")
                yield telegram.messenger
            finally:
                serving.cancel()
                with suppress(asyncio.CancelledError):
                    await serving
                await telegram.close()

    def address(self, user: str) -> Address:
        """Their private chat."""
        chat = str(self.person(user).id)
        return Address(platform="telegram", bot=str(self._fake.bot_id), chat=chat, user=chat)

    def person(self, user: str) -> Any:
        """Somebody at the fake server, met for the first time or again."""
        if user not in self._people:
            self._people[user] = self._fake.person(user.capitalize())
        return self._people[user]

    async def act(self, person: "Person", content: Content, number: str) -> str:
        """Type, press, edit, speak; and wait until it has been taken in."""
        assert self._counted is not None
        who, me = self.person(person.user), self.address(person.user).user
        who.language_code = person.language or who.language_code
        before = self._counted.counts[me]
        match content:
            case TextSent(text=text, hangs_on=hook):
                number = str(who.says(text, reply_to=self._shown(who, hook) if hook else None))
            case CommandSent(verb=verb, rest=rest):
                number = str(who.says(f"/{verb} {rest}".strip()))
            case TextEdited(text=text):
                who.edits(int(number), text)
            case ButtonPressed(token=token, value=value):
                shown = self._shown(who, person.town.number_of_token(person, token, value))
                who.presses("", on=shown, data=f"{token}:{value}")
            case NonTextSent(kind=kind):
                number = str(who.sends(kind))
            case _:
                raise TypeError(f"nobody does {content} in Telegram")
        await self._counted.reach(me, before + 1)
        return number

    def screen(self, person: "Person") -> str:
        """The chat, by the numbers of its messages."""
        who = self.person(person.user)
        own = {number: f"> {message.get('text', '(no text)')}" for number, message in who.own.items()}
        bots = {shown.id: _with_buttons(_with_file(shown), shown.buttons) for shown in who.shown}
        return "\n\n".join(text for _, text in sorted({**own, **bots}.items())) + "\n"

    def _shown(self, who: Any, number: str) -> Any:
        return next(shown for shown in who.shown if str(shown.id) == number)


def _with_file(shown: Any) -> str:
    return "\n".join(part for part in (f"📎 {shown.upload.name}" if shown.upload else "", shown.text) if part)


def _with_buttons(text: str, rows: Any) -> str:
    return "\n".join([text, *("  ".join(f"[{label}]" for label in row) for row in rows)])


class SlackSeat:
    """Direct messages in one Slack workspace, by Socket Mode or by HTTP."""

    name = "slack"

    def __init__(self, fake: FakeSlack, *, http: bool = False) -> None:
        self._fake = fake
        self._http = http
        self._team = fake.team()
        self._people: dict[str, Any] = {}
        self._counted: _Counted | None = None

    @property
    def fake(self) -> FakeSlack:
        """The server that they talk to."""
        return self._fake

    @asynccontextmanager
    async def open(self, app: App, taken: Taken, clock: Any) -> AsyncIterator[Messenger]:
        """Hold a socket open to the fake server, or let it come to us."""
        self._counted = _Counted(app, taken)
        values = SlackValues(api_url=self._fake.url, bot_token=self._team.token)
        if self._http:
            slack = Slack(replace(values, signing_secret=self._fake.signing_secret))
            door, url = _door()
            self._fake.mail.target = f"{url}/slack/events"
            async with _served(slack.routes(self._counted.receive, clock), door):
                yield slack.messenger
            await slack.close()
            return
        slack = Slack(replace(values, app_token=self._fake.app_token), pace=QUICK)
        serving = asyncio.create_task(slack.run_socket(self._counted.receive, clock))
        try:
            await until(lambda: slack.state is State.READY)
            yield slack.messenger
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            await slack.close()

    def address(self, user: str) -> Address:
        """Their direct message with the app."""
        found = self.person(user).user
        return Address(platform="slack", bot=self._team.id, chat=found.im, user=found.id)

    def person(self, user: str) -> Any:
        """Somebody at the fake server, met for the first time or again."""
        if user not in self._people:
            self._people[user] = self._fake.person(user.capitalize(), self._team)
        return self._people[user]

    async def act(self, person: "Person", content: Content, number: str) -> str:
        """Type, run a command, press, edit, speak; and wait until it has been taken in."""
        assert self._counted is not None
        who, me = self.person(person.user), self.address(person.user).user
        who.user.locale = person.language or who.user.locale
        before = self._counted.counts[me]
        match content:
            case TextSent(text=text, hangs_on=hook):
                await who.types(text, thread=hook)
            case CommandSent(verb=verb, rest=rest) if verb in _IN_A_FORM:
                await who.types(f"{verb} {rest}".strip())
            case CommandSent(verb=verb, rest=rest):
                await who.runs(f"/throughline {verb} {rest}".strip())
            case TextEdited(text=text):
                await who.edits(text, ts=number)
            case ButtonPressed(token=token, value=value):
                ts = person.town.number_of_token(person, token, value)
                shown = next(shown for shown in who.screen if shown.ts == ts)
                label = person.label_of(token, value)
                if not any(label in button for button in shown.buttons):
                    # Slack has taken the button away; somebody's screen may be a moment behind.
                    await person.does(content)
                    return number
                await who.presses(label, on=shown)
            case NonTextSent():
                await who.sends("voice")
            case _:
                raise TypeError(f"nobody does {content} in Slack")
        await self._counted.reach(me, before + 1)
        await self._fake.settled()
        mine = [message["ts"] for message in who.messages if message["user"] == who.user.id]
        typed = isinstance(content, TextSent) or (isinstance(content, CommandSent) and content.verb in _IN_A_FORM)
        return mine[-1] if typed else number

    def screen(self, person: "Person") -> str:
        """The direct message as it stands."""
        shown = self.person(person.user).screen
        texts = ["\n".join([*(f"📎 {file}" for file in m.files), *([m.text] if m.text else [])]) for m in shown]
        entries = [
            _with_buttons(text if m.ours else f"> {text}", [m.buttons] if m.buttons else [])
            for m, text in zip(shown, texts, strict=True)
        ]
        return html.unescape("\n\n".join(entries)) + "\n"


class Recorded:
    """A messenger that also tells what it sent, and under which id."""

    def __init__(self, inner: Messenger, show: Callable[[Parcel, str], None]) -> None:
        self._inner, self._show = inner, show
        self.platform, self.edits = inner.platform, inner.edits

    @property
    def forms(self) -> bool:
        """As the platform has them."""
        return self._inner.forms

    @property
    def pages(self) -> bool:
        """As the platform has them."""
        return self._inner.pages

    async def send(self, parcel: Parcel) -> Fate:
        """Send it; a new message that arrived is told of."""
        fate = await self._inner.send(parcel)
        if isinstance(fate, Sent) and not parcel.replaces:
            self._show(parcel, fate.message_id or str(parcel.id))
        return fate


class _Server(uvicorn.Server):
    """A server that leaves signals to the tests."""

    def capture_signals(self) -> Any:
        """Capture none."""
        return nullcontext()


def _door() -> tuple[socket.socket, str]:
    """A port of our own, and its address."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    return door, f"http://127.0.0.1:{door.getsockname()[1]}"


@asynccontextmanager
async def _served(routes: list[Any], door: socket.socket) -> AsyncIterator[None]:
    """Serve routes at a door while the block lasts; without routes the door is shut."""
    if not routes:
        door.close()
        yield
        return
    server = _Server(uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off", access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def seat_on(platform: str) -> AsyncIterator[Any]:
    """A seat of a platform, its fake server running."""
    if platform.startswith("telegram"):
        async with FakeTelegram(limits=False) as fake:
            yield TelegramSeat(fake, webhook=platform.endswith("webhook"))
    elif platform.startswith("slack"):
        async with FakeSlack(limits=False) as slack:
            yield SlackSeat(slack, http=platform.endswith("http"))
    else:
        yield ConsoleSeat()
