"""`throughline demo`: ten weeks of three engagements. Only the clock and the messenger are simulated."""

import asyncio
import contextlib
import heapq
import random
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from bot import stage
from bot.app import App, running
from bot.clock import SetClock
from bot.messages import Content, Message, Outcome, Parcel, Said, Tapped
from bot.personas import Persona, Temper, code_in, command
from bot.settings import Settings, read_settings
from handlers.console.keyboard import address_of
from handlers.console.messenger import ConsoleMessenger
from handlers.console.screen import render
from storage import addresses, answers, talks
from storage.database import lock_for_one_process

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # Monday; clocks change on 8 March in America, on 29 March in Europe
WEEKS = 10
RESTART_AFTER = timedelta(weeks=4, days=4, hours=3)
COACH, COACH_ZONE = "Dana Sample", "Europe/London"
_COACH_WRITES = (
    (timedelta(minutes=1), "invite Mara Sample"),
    (timedelta(minutes=2), "invite Jonas Sample"),
    (timedelta(minutes=3), "invite Noor Sample"),
    (timedelta(weeks=3, days=1, hours=2), "clients"),
    (timedelta(weeks=7, days=1, hours=2), "client Jonas"),
)


def sample_clients(seed: int) -> list[Persona]:
    """A steady, a slipping and a silent client; sample persons, every one."""
    steady = Temper(answers=0.97, minutes=(2, 90), done=0.85, confidence=(8, 8))
    slipping = Temper(answers=0.8, minutes=(30, 600), done=0.3, confidence=(3, 8))
    silent = Temper(answers=0.95, minutes=(5, 240), done=0.7, confidence=(6, 7), quiet=(1, 9))
    made = (
        (
            "mara",
            "Mara Sample",
            "Berlin",
            "Europe/Berlin",
            steady,
            {"how often": "weekly", "which day": "Friday", "which are they": "Monday to Friday"},
        ),
        (
            "jonas",
            "Jonas Sample",
            "New York",
            "America/New_York",
            slipping,
            {"how often": "weekly", "which are they": "Monday to Friday", "which day": "Thursday"},
        ),
        (
            "noor",
            "Noor Sample",
            "Dubai",
            "Asia/Dubai",
            silent,
            {"how often": "daily", "which are they": "Sunday to Thursday", "which day": "Thursday"},
        ),
    )
    return [
        Persona(
            user=user,
            name=name,
            city=city,
            zone=zone,
            temper=temper,
            began=START,
            chance=random.Random(f"{seed}/{user}"),  # noqa: S311  # a seed is the point
            wishes={
                "two minutes": "Start",
                "what hour": "09:00",
                "first commitment": "Yes",
                "how would you like it": "As described",
                "which city": city,
                **wishes,
            },
            say_at=_of_their_own(user),
        )
        for user, name, city, zone, temper, wishes in made
    ]


def _of_their_own(user: str) -> list[tuple[datetime, str]]:
    """What clients write without being asked, and when."""
    said = {
        "mara": (
            (timedelta(days=9, hours=3), "/settings"),
            (timedelta(weeks=5, hours=2), "pause until Monday in two weeks"),
            (timedelta(weeks=7, days=2, hours=3), "/progress"),
        ),
        "jonas": ((timedelta(weeks=6, days=1, hours=8), "/callme"), (timedelta(weeks=8, hours=9), "/whosees")),
        "noor": ((timedelta(weeks=9, days=1, hours=3), "Hello, I am back"),),
    }
    weekly = [(timedelta(weeks=week, hours=4), "/commit") for week in range(2, WEEKS, 2)] if user != "noor" else []
    return [(START + after, text) for after, text in (*said[user], *weekly)]


@dataclass(slots=True)
class Play:
    """The simulated time: a heap of what people will do, and the transcript as it is written."""

    clock: SetClock
    clients: list[Persona]
    screen: Console
    acts: list[tuple[datetime, int, str, Content]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    codes: int = 0
    told: dict[str, int] = field(default_factory=lambda: {"sent": 0, "answered": 0, "stored": 0})

    def act(self, at: datetime, user: str, content: Content) -> None:
        """Someone will do this then."""
        heapq.heappush(self.acts, (at, next(self.numbers), user, content))

    def client(self, user: str) -> Persona | None:
        """The sample client of that address."""
        return next((c for c in self.clients if c.user == user), None)

    def zone(self, user: str) -> str:
        """Where somebody lives."""
        found = self.client(user)
        return found.zone if found else COACH_ZONE

    def show(self, parcel: Parcel) -> None:
        """A message arrives: it is written down, and whoever reads it may answer."""
        user, message = parcel.address.user, parcel.message
        self.told["sent"] += 1
        self.line(user, f"Throughline to {self.name(user)}", render(message), "cyan")
        persona = self.client(user)
        if persona is None:
            self._hand_over(message)
            return
        answer = persona.reply(message, self.clock())
        if answer is not None:
            self.act(answer[0], user, answer[1])

    def _hand_over(self, message: Message) -> None:
        """The coach passes an invitation on, by mail or in a meeting."""
        code = code_in(message.text)
        if code and self.codes < len(self.clients):
            client = self.clients[self.codes]
            self.codes += 1
            self.act(self.clock() + timedelta(hours=1), client.user, Said(text=f"join {code}"))

    def name(self, user: str) -> str:
        """The name of someone at the console."""
        found = self.client(user)
        return found.name if found else COACH

    def line(self, user: str, who: str, what: str, style: str) -> None:
        """One entry of the transcript, in local time."""
        local = self.clock().astimezone(ZoneInfo(self.zone(user)))
        head = f"{local:%a %d %b %H:%M %Z}  {who}: "
        body = what.replace("\n\n", "\n").replace("\n", "\n      ")
        self.screen.print(Text(head, style=style) + Text(body), soft_wrap=True)


def run_demo(*, seed: int, folder: Path | None) -> None:
    """Play ten weeks and print them."""
    with contextlib.ExitStack() as stack:
        where = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="throughline-demo-")))
        where.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{where / 'demo.db'}"
        settings = read_settings().model_copy(update={"database_url": url, "encryption_keys": None})
        stack.enter_context(lock_for_one_process(url))
        asyncio.run(_play(settings, seed))


async def _play(settings: Settings, seed: int) -> None:
    play = Play(clock=SetClock(START), clients=sample_clients(seed), screen=Console(highlight=False))
    play.screen.print(
        "Three sample engagements, ten weeks, on a simulated clock. Every person here is made up.\n", soft_wrap=True
    )
    for after, text in _COACH_WRITES:
        play.act(START + after, "coach", command(text))
    for client in play.clients:
        for at, text in client.say_at:
            play.act(at, client.user, command(text) if text.startswith("/") else Said(text=text))
    async with _opened(settings, play) as app:
        await stage.join(app, "coach", role="coach", coach=None, name=COACH, zone=COACH_ZONE, now=play.clock())
        await app.delivery.drain()
        await _until(app, play, START + RESTART_AFTER)
    play.screen.print("\n--- the process ends here, and starts again on the same file ---\n", style="bold")
    async with _opened(settings, play) as app:
        await app.delivery.recover(alone=True)
        await _until(app, play, START + timedelta(weeks=WEEKS))
        await _close(app, play)


@contextlib.asynccontextmanager
async def _opened(settings: Settings, play: Play) -> AsyncIterator[App]:
    async with running(settings, {"console": ConsoleMessenger(play.show)}, play.clock) as app:
        yield app


async def _until(app: App, play: Play, end: datetime) -> None:
    """Go from one thing to the next: what falls due, and what people do."""
    while True:
        due = await stage.next_due(app)
        acts = play.acts[0][0] if play.acts else None
        at = min((moment for moment in (due, acts) if moment is not None), default=end)
        if at >= end:
            play.clock.now = end
            return
        play.clock.now = max(at, play.clock.now)
        await stage.tick(app, play.clock.now, app.jobs)
        while play.acts and play.acts[0][0] <= play.clock.now:
            _, number, user, content = heapq.heappop(play.acts)
            await _act(app, play, user, content, f"{number}")


async def _act(app: App, play: Play, user: str, content: Content, number: str) -> None:
    play.line(user, play.name(user), _shown(content), "green" if play.client(user) else "magenta")
    receipt = await stage.say(app, user, content, play.clock(), number=number)
    if receipt.outcome is Outcome.STALE:
        play.line(user, "Throughline", receipt.toast, "yellow")
    play.told["answered"] += 1
    await _stored(app, play, user)
    await app.delivery.drain()


async def _stored(app: App, play: Play, user: str) -> None:
    """Write down what the database now holds of this."""
    place = await app.database.read(partial(addresses.place_at, address=address_of(user)))
    if place is None:
        return
    for dialogue, question, audience, label in await app.database.read(
        partial(answers.answers_at, person=place.person, at=play.clock())
    ):
        play.told["stored"] += 1
        play.screen.print(
            Text(f"      stored: {dialogue}, {question.rpartition('.')[2]} = {label or 'skipped'} ({audience})", "dim"),
            soft_wrap=True,
        )


def _shown(content: Content) -> str:
    match content:
        case Tapped(value=value):
            return f"[{value}]"
        case Said(text=text):
            return text if not text.startswith("join ") else "join (code)"
        case _:
            return f"/{getattr(content, 'verb', '')} {getattr(content, 'rest', '')}".rstrip()


async def _close(app: App, play: Play) -> None:
    failed = await app.database.read(partial(talks.failed_count))
    told = play.told
    play.screen.print(
        f"\nTen weeks: {told['sent']} messages sent, {told['answered']} things said, {told['stored']} answers stored, "
        f"{failed} events failed.",
        style="bold",
        soft_wrap=True,
    )
