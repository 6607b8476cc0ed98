"""`throughline demo`: a whole engagement, from the first meeting to half a year after the last.

Only the clock and the messenger are simulated: what people do goes through the one way in, what falls due through the
bodies of the scheduler's jobs, and what is sent through the outbox.
"""

import asyncio
import contextlib
import heapq
import io
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy import Connection

from bot.app import App, running
from bot.clock import SetClock
from bot.delivery.attachments import FilingHere
from bot.messages.incoming import ButtonPressed, Content, TextSent
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, Parcel, Unreachable
from bot.settings import Settings, SettingsError, read_settings
from bot.simulated import stage
from bot.simulated.demo_script import Story, read_script
from bot.simulated.personas import Persona, code_in, typed, without_codes
from bot.simulated.transcript import Transcript
from handlers.console.keyboard import address_of
from handlers.console.messenger import ConsoleMessenger
from handlers.console.screen import render
from storage.conversation import answers, conversations
from storage.database.open import lock_for_one_process
from storage.people import addresses
from storage.people.engagements import engagements_as_client
from storage.programme.plans import plan_of

_JOINS = timedelta(hours=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What somebody is about to do, and whether it is printed, with what comes of it; `label` is how it reads.

    `aside`: nothing that answers it to the same person is printed either.
    """

    user: str
    content: Content
    label: str
    shown: bool
    aside: bool = False


_NOBODY = Deed(user="", content=TextSent(text=""), label="", shown=False)


class Chats(ConsoleMessenger):
    """Everybody's chat at this terminal; some are closed from a day on."""

    def __init__(self, play: "Play", folder: Path) -> None:
        super().__init__(play.arrived.append, folder)
        self._play = play

    async def send(self, parcel: Parcel) -> Fate:
        """Show it, unless that chat is closed."""
        play = self._play
        part = play.people[parcel.address.user].part
        if part.closed is not None and play.clock().astimezone(ZoneInfo(part.zone)).date() >= part.closed:
            return Unreachable(reason="blocked")
        return await super().send(parcel)


@dataclass(slots=True, kw_only=True)
class Play:
    """The simulated time: a heap of what people will do, and the transcript as it is written."""

    story: Story
    clock: SetClock
    people: dict[str, Persona]
    transcript: Transcript
    folder: Path
    arrived: list[Parcel] = field(default_factory=list)
    deeds: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    runs: dict[str, bool] = field(default_factory=dict)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    handed: set[str] = field(default_factory=set)
    phase: str = ""
    phases: set[str] = field(default_factory=set)

    def will(self, at: datetime, deed: Deed) -> None:
        """Someone will do this then."""
        heapq.heappush(self.deeds, (at, next(self.numbers), deed))

    @property
    def leads(self) -> tuple[str, str]:
        """The two whose conversations are printed."""
        return (self.story.client, self.story.coach)

    def name(self, user: str) -> str:
        """What somebody is called."""
        return self.people[user].part.called

    def shows(self, user: str, who: str, what: str, style: str, mark: str = "") -> None:
        """One entry, on the clock of whose chat it is."""
        shown = without_codes(what).replace("\n\n", "\n").replace(f"{self.folder}/", "")
        self.transcript.entry(self.clock(), self.people[user].part.zone, who, shown, style, mark)


def run_demo(*, seed: int, folder: Path | None) -> None:
    """Play the whole engagement and print it; pictures and transcript stay in `folder`, or in one made for them.

    The database stays only where a folder was named. Raises SettingsError where one holds a demo already.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a letter still shows the rest
    with contextlib.ExitStack() as stack:
        where = folder or Path(tempfile.mkdtemp(prefix="throughline-demo-"))
        _make(where)
        home = where if folder else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="throughline-")))
        if (home / "demo.db").exists():
            raise SettingsError(f"--keep {where}: there is a demo in it already; name another folder.")
        settings = read_settings().on_file(home / "demo.db")
        stack.enter_context(lock_for_one_process(settings.database))
        asyncio.run(_play(settings, seed, where, kept=folder is not None))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = f"nothing can be written there ({error.strerror})"
        raise SettingsError(f"--keep {folder}: {why}; name a folder of your own.") from None


async def _play(settings: Settings, seed: int, folder: Path, *, kept: bool) -> None:
    story = read_script()
    transcript = Transcript(screen=Console(highlight=False), words=story.words)
    play = Play(
        story=story,
        clock=SetClock(story.start),
        people={user: _persona(user, story, seed) for user in story.people},
        transcript=transcript,
        folder=folder / "files",
    )
    transcript.heading(story.title)
    transcript.remark(story.opening)
    for user, persona in play.people.items():
        for act in persona.part.acts:
            at = act.at.replace(tzinfo=ZoneInfo(persona.part.zone)).astimezone(UTC)
            shown = user in play.leads and not act.aside
            deed = Deed(user=user, content=typed(act.says), label=act.says, shown=shown, aside=act.aside)
            play.will(at, deed)
    async with _opened(settings, play) as app:
        _enter(play, "relationship")
        coach = play.people[story.coach].part
        await stage.join(app, story.coach, role="coach", coach=None, name=coach.name, zone=coach.zone, now=play.clock())
        await _settle(app, play)
        await _until(app, play, story.restart)
    transcript.remark(story.restarted)
    async with _opened(settings, play) as app:
        await app.delivery.recover(alone=True)
        await _until(app, play, story.end)
        await _close(app, play, folder, kept=kept)


def _persona(user: str, story: Story, seed: int) -> Persona:
    chance = random.Random(f"{seed}/{user}")  # noqa: S311  # a seed is the point
    return Persona(user=user, part=story.people[user], chance=chance)


@contextlib.asynccontextmanager
async def _opened(settings: Settings, play: Play) -> AsyncIterator[App]:
    consoles = {"console": Chats(play, play.folder)}
    async with running(settings, consoles, play.clock, filing=FilingHere()) as app:
        yield app


async def _until(app: App, play: Play, end: datetime) -> None:
    """Go from one thing to the next: what falls due, and what people do."""
    while True:
        due = await stage.next_due(app) or _NEVER
        deed = play.deeds[0][0] if play.deeds else _NEVER
        at = min(due, deed)
        if at >= end:
            play.clock.now = end
            return
        play.clock.now = max(at, play.clock.now)
        await _note(play)
        if due <= play.clock.now:
            await stage.tick(app, play.clock.now, app.jobs)
            await _settle(app, play)
        while play.deeds and play.deeds[0][0] <= play.clock.now:
            _, number, deed_now = heapq.heappop(play.deeds)
            await _do(app, play, deed_now, f"{number}")


async def _note(play: Play) -> None:
    """What the script remarks on once its moment has come."""
    for at in [at for at in play.story.notes if at.replace(tzinfo=UTC) <= play.clock.now]:
        if f"note {at}" not in play.phases:
            play.phases.add(f"note {at}")
            play.transcript.flush()
            play.transcript.remark(play.story.notes[at])


# -- what people do --------------------------------------------------------------------------------------------------


async def _do(app: App, play: Play, deed: Deed, number: str) -> None:
    """Someone does something; it is printed with who can read what was stored of it."""
    user = deed.user
    receipt = await stage.say(app, user, deed.content, play.clock(), number=number, zone=play.people[user].part.zone)
    play.told["answered"] += 1
    mark = await _stored(app, play, user)
    if deed.shown:
        style = "magenta" if user == play.story.coach else "green"
        play.shows(user, play.name(user), deed.label, style, mark)
        if receipt.toast and receipt.outcome == "stale":
            play.shows(user, play.story.words["bot"], receipt.toast, "yellow")
    elif user not in play.leads:
        play.transcript.others["answered"] += 1
    await app.delivery.drain()
    await _settle(app, play, deed)


async def _stored(app: App, play: Play, user: str) -> str:
    """Who can read what the database now holds of this; nothing for what the coach answers."""
    place = await app.database.read(partial(addresses.place_at, address=address_of(user)))
    if place is None:
        return ""
    stored = await app.database.read(partial(answers.answers_at, person=place.person, at=play.clock()))
    play.told["stored"] += len(stored)
    if user == play.story.coach or not stored:
        return ""
    return play.story.marks.get(stored[-1][2], "")


# -- what people read ------------------------------------------------------------------------------------------------


async def _settle(app: App, play: Play, by: Deed = _NOBODY) -> None:
    """Everything that has arrived is read, and may be answered; a phase that has begun gets its heading."""
    if not play.arrived:
        return
    place = await app.database.read(partial(addresses.place_at, address=address_of(play.story.client)))
    phase = await app.database.read(partial(_phase_of, person=place.person)) if place is not None else ""
    unit = play.story.phases.get(phase)
    if unit is not None and unit.first:
        _enter(play, phase)
    while play.arrived:
        await _read(app, play, play.arrived.pop(0), by)
    _enter(play, phase)


def _phase_of(connection: Connection, person: str) -> str:
    found = engagements_as_client(connection, person)
    return plan_of(connection, found[0].engagement.id).phase.value if found else ""


def _enter(play: Play, phase: str) -> None:
    """A new phase has a heading; coming back to one has a word of its own, once."""
    if not phase or phase == play.phase:
        return
    been, play.phase = phase in play.phases, phase
    unit = (play.story.again if been else play.story.phases).get(phase)
    key = f"again {phase}" if been else phase
    if unit is None or key in play.phases:
        return
    play.phases.add(key)
    play.transcript.heading(unit.heading)
    if unit.text:
        play.transcript.remark(unit.text)


async def _read(app: App, play: Play, parcel: Parcel, by: Deed) -> None:
    user, message = parcel.address.user, parcel.message
    play.told["sent"] += 1
    shown = await _shown(app, play, user, message, by)
    if shown:
        who = play.story.words["to"].format(name=play.name(user))
        play.shows(user, who, render(message), "cyan")
    elif user not in play.leads:
        play.transcript.others["sent"] += 1
    if user == play.story.coach:
        _hand_over(play, message)
    answer = play.people[user].reply(message, str(parcel.id), play.clock())
    if answer is not None:
        at, content = answer
        play.will(at, Deed(user=user, content=content, label=_label(content, message), shown=shown))


async def _shown(app: App, play: Play, user: str, message: Message, by: Deed) -> bool:
    """Whether a message is printed; what is not is counted, if it belongs to one of the two."""
    if user not in play.leads or (by.user == user and by.aside):
        return False
    if message.token:
        return await _is_printed(app, play, user, message)
    routine = next((r for r in play.story.routines if message.text.startswith(r.begins)), None)
    if routine is not None and by.user != user:
        on = play.clock().astimezone(ZoneInfo(play.people[user].part.zone)).date() in routine.on
        if not on:
            play.transcript.skipped(play.clock(), play.people[user].part.zone, routine.title)
        return on
    if by.user:
        return by.user in play.leads and by.shown
    return user == play.story.client or play.name(play.story.client) in message.text


async def _is_printed(app: App, play: Play, user: str, message: Message) -> bool:
    """Whether the dialogue that asks this is printed: as often as the script has it, after that it is counted."""
    place = await app.database.read(partial(addresses.place_at, address=address_of(user)))
    _, runs = (
        await app.database.read(partial(conversations.state, wanted=place.person)) if place is not None else (0, ())
    )
    run = next((run for run in runs if run.asked is not None and run.asked.token == message.token), None)
    if run is None:
        return False
    if run.id not in play.runs:
        play.runs[run.id] = False
        if user == play.story.client or await app.database.read(
            partial(_is_about, engagement=run.engagement, play=play)
        ):
            play.seen[user, run.dialogue] += 1
            play.runs[run.id] = play.seen[user, run.dialogue] <= play.story.whole.get(run.dialogue, 1)
            if not play.runs[run.id]:
                title = app.library.newest(run.dialogue, "en").title
                play.transcript.skipped(play.clock(), play.people[user].part.zone, title)
    return play.runs[run.id]


def _is_about(connection: Connection, engagement: str, play: Play) -> bool:
    """Whether a dialogue of the coach is about the one client, or about nobody in particular."""
    if not engagement:
        return True
    place = addresses.place_at(connection, address=address_of(play.story.client))
    own = engagements_as_client(connection, place.person) if place else []
    return any(coached.engagement.id == engagement for coached in own)


def _hand_over(play: Play, message: Message) -> None:
    """The coach passes an invitation on, by mail or in a meeting, to whomever it names."""
    code = code_in(message.text)
    invited = (user for user in play.people if user != play.story.coach and user not in play.handed)
    named = next((user for user in invited if play.people[user].part.name in message.text), None)
    if code and named:
        play.handed.add(named)
        joins = Deed(
            user=named,
            content=TextSent(text=f"join {code}"),
            label=play.story.words["joins"],
            shown=named == play.story.client,
        )
        play.will(play.clock() + _JOINS, joins)


def _label(content: Content, message: Message) -> str:
    """What somebody answered: the words on the button, or their own."""
    match content:
        case ButtonPressed(value=value):
            return next((f"[{choice.label}]" for choice in message.choices if choice.value == value), value)
        case TextSent(text=text):
            return text
        case _:
            return ""


async def _close(app: App, play: Play, folder: Path, *, kept: bool) -> None:
    failed = await app.database.read(partial(conversations.failed_count))
    told, words = play.told, play.story.words
    pictures = len(list(play.folder.glob("*.png")))
    last = words["numbers"].format(
        sent=told["sent"], answered=told["answered"], stored=told["stored"], failed=failed, pictures=pictures
    )
    where = words["kept" if kept else "where"].format(folder=folder)
    play.transcript.end(f"{last}\n{where}")
    play.transcript.write(folder / "transcript.txt")
