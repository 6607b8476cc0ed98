"""A word of their own in everything that everybody writes: it turns up with whom it is meant for, and nowhere else."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.app import functions
from bot.logs import set_up_logs
from bot.metrics import Metrics
from storage import people
from storage.facts import facts
from tests.seats import seat_on
from tests.town import Person, Town, town_on

# Each word, and everybody who may ever read it. Ana shows Dana what is described, Ben how it stands; Dee has joined and
# is not confirmed; Cy is a client of Kim; Eva stopped showing anything.
MEANT_FOR = {
    "okapia": {"ana", "dana"},
    "wombata": {"ana", "dana"},
    "axolotla": {"ana"},
    "numbata": {"ana"},
    "bilbya": {"ana"},
    "quokka": {"ben"},
    "dugonga": {"ben"},
    "gharialo": {"dee"},
    "tapira": {"cy", "kim"},
    "saolana": {"cy"},
    "maraboua": {"dana"},
    "hoopoea": {"dana"},
    "kagua": {"eva"},
    "kakapoa": {"ana", "dana"},
    "tuatara": {"ben"},
    "gibbona": {"dee"},
}
# What was read by whom it was meant for, or the test would show nothing.
MUST_BE_READ = {("okapia", "dana"), ("kakapoa", "dana"), ("wombata", "dana"), ("maraboua", "dana")}
MUST_BE_READ |= {("tapira", "kim"), ("axolotla", "ana")}
LOOKS = ("progress", "whosees", "whatmycoachsees", "goals", "brief", "pictures", "export", "accesslog", "session")


@dataclass(frozen=True)
class Told:
    """Everything that left: what each has read, and what went to the log and to metadata."""

    read: dict[str, str]
    log: str


async def promises(person: Person, words: str) -> None:
    """A commitment with words of their own in each of its answers."""
    await person.says(f"/commit Hand over the {words} plan by Wednesday")
    await person.says("8")
    if person.last.token:
        await person.taps("Add both")
        await person.says(f"When {words} rings")
        await person.says(f"{words} has it")


async def checks_in(person: Person, words: str, kept: str) -> None:
    """A check-in: one answer shown as described, one kept back beforehand."""
    await person.says("/checkin")
    for _ in range(12):
        if not person.last.token or "in the way" in person.last.text:
            break
        if "went well" in person.last.text:
            await person.says(f"The {words} meeting")
        elif any(choice.value in ("done", "partly") for choice in person.last.choices):
            await person.says("not yet")
        elif person.last.kind == "scale":
            await person.says("4")
        else:
            await person.says("skip")
    if person.last.token:
        await person.says("private")
        await person.says(f"My boss {kept}")
    for _ in range(8):
        if person.last.token:
            await person.says("skip")


async def aims(person: Person, words: str) -> None:
    """A goal with words of their own in each of its answers."""
    await person.says("/goals new")
    for _ in range(14):
        if not person.last.token:
            break
        if person.last.kind == "text":
            await person.says(f"Less {words} in the steering meeting")
        elif person.last.kind == "date":
            await person.says("in ten weeks")
        else:
            await person.says("skip")


async def a_fortnight(town: Town) -> None:
    """Everybody writes something in every way there is; then everybody looks at all they can."""
    ana = await town.client("ana")
    ben = await town.client("ben", sees="Status only")
    dee = await town.client("dee", confirmed="no")
    cy = await town.client("cy", coach="kim")
    eva = await town.client("eva")
    dana, kim = town.people["dana"], town.people["kim"]
    await promises(ana, "okapia")
    await checks_in(ana, "wombata", "numbata")
    await ana.says("/private I dread axolotla")
    await ana.says("/commit Leave bilbya by Friday")
    await ana.says("8")
    await ana.says("skip")
    await ana.says("/private")
    await promises(ben, "quokka")
    await checks_in(ben, "dugonga", "dugonga")
    await promises(dee, "gharialo")
    await checks_in(dee, "gharialo", "gharialo")
    await promises(cy, "tapira")
    await checks_in(cy, "tapira", "saolana")
    await promises(eva, "kagua")
    await eva.says("/settings")
    await eva.taps("What my coach sees")
    await eva.taps("Nothing")
    await aims(ana, "kakapoa")
    await aims(ben, "tuatara")
    await aims(dee, "gibbona")
    await dana.says("/note ana maraboua seems to weigh on them")
    await dana.says("/note ben hoopoea is worth a question")
    await town.passes(days=9)
    for person in (ana, ben, dee, cy, eva):
        for look in LOOKS:
            await person.says(f"/{look}")
            await person.says("cancel")
    for coach in (dana, kim):
        for look in ("clients", "digest", "program", "invite", "export", "help"):
            await coach.says(f"/{look}")
        for name in ("ana", "ben", "cy", "dee", "eva"):
            for look in ("client", "brief", "pictures", "note", "goals", "session", "program", "leave"):
                await coach.says(f"/{look} {name}")
                await coach.says("cancel")
    await town.passes(days=9)
    await town.app.jobs["requests"](town.clock())
    await town.settled()


def texts(person: Person) -> str:
    """Everything of every message: words, buttons, alt texts, what stands in files and behind buttons."""
    return "\n".join(repr(message) for message in person.read)


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The fortnight, held once for all tests; logs are written as they are in earnest, at their most talkative."""
    folder = tmp_path_factory.mktemp("canaries")
    file, log, root = folder / "throughline.db", folder / "log", logging.getLogger()
    file.write_bytes(sqlite_template.read_bytes())
    handlers, level = root.handlers[:], root.level
    with log.open("w") as stream, contextlib.redirect_stderr(stream):
        set_up_logs(level="debug", form="json", secrets=())
        try:
            read = asyncio.run(_played(f"sqlite:///{file}"))
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
    return Told(read=read, log=log.read_text())


async def _played(url: str) -> dict[str, str]:
    async with town_on(url).open() as town:
        await a_fortnight(town)
        known = {user: await handed(town, person) for user, person in town.people.items()}
        for user in ("dana", "kim"):  # makes practice clients of them, so last
            await town.people[user].says("/preview ana")
            await town.people[user].says("/client ana")
        return {user: texts(person) + known[user] for user, person in town.people.items()}


async def handed(town: Town, person: Person) -> str:
    """All facts that any command of theirs is handed."""
    place = await person.place()

    def found(connection: Connection) -> str:
        known = people.person(connection, place.person)
        assert known is not None
        return "\n".join(repr(facts(connection, known, town.clock(), verb=verb)) for verb in functions().commands)

    told: str = await town.app.database.read(found)
    return told


@pytest.mark.parametrize("word", MEANT_FOR)
def test_a_word_reaches_nobody_for_whom_it_is_not_meant(told: Told, word: str) -> None:
    seen = {user for user, text in told.read.items() if word in text.casefold()}
    assert seen <= MEANT_FOR[word]
    assert word not in told.log.casefold()


@pytest.mark.parametrize(("word", "user"), sorted(MUST_BE_READ))
def test_and_those_for_whom_it_is_meant_do_read_it(told: Told, word: str, user: str) -> None:
    assert word in told.read[user].casefold()


def test_names_of_other_coaches_clients_are_nowhere(told: Told) -> None:
    assert "Cy" not in told.read["dana"]
    assert "Ben" not in told.read["kim"]
    assert not any(name in told.read["ana"] for name in ("Ben", "Eva", "Dee"))


async def test_metrics_and_slack_metadata_hold_nobodys_words(sqlite_fresh: str) -> None:
    metrics = Metrics()
    async with seat_on("slack") as seat:
        town = town_on(sqlite_fresh, seat)
        town.observer = metrics
        async with town.open():
            ana = await town.client("ana")
            await ana.says("/commit Hand over the okapia plan by Wednesday")
            await ana.says("8")
            await ana.says("/private axolotla")
            await town.people["dana"].says("/client ana")
            await town.passes(days=8)
            counted = (await metrics.page(town.app.database, {}, {}, town.clock())).decode()
            posted = [message for channel in seat.fake.channels.values() for message in channel]
    data = [message["metadata"] for message in posted if "metadata" in message]
    assert "okapia" in repr(posted)
    assert len(data) > 10
    assert {key for found in data for key in found["event_payload"]} == {"outbox"}
    for word in ("okapia", "axolotla", "Ana", "Dana"):
        assert word not in repr(data)
        assert word not in counted
    assert "throughline_events_total" in counted
