"""`whatmycoachsees` holds all that the coach can look up, after every dialogue that a client can finish."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.coaching.shared.client_ref import ref_of
from tests.support.every_dialogue import DIALOGUES, OF_COACHES, about_to_be_asked, fitting, prepare, walk
from tests.support.intruders import engagement_of
from tests.support.pages import page
from tests.support.town import Person, Town

# What speaks of nobody: the headings of a digest and of the roster, and hints at commands.
ABOUT_NOBODY = ("Week of ", 'More: "client" and a name', "·")
PAGES = ("client", "digest", "brief", "goals")


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(sqlite_template, tmp_path_factory.mktemp("seen") / "prepared.db")


async def looked_up(dana: Person) -> set[str]:
    """Every line that the coach can look up of Ana."""
    ref = ref_of(await engagement_of(dana.town, "ana"))
    text = "\n".join([await page(dana, verb, "" if verb == "digest" else ref) for verb in PAGES])
    lines = (line for line in text.splitlines() if line and not line.startswith(ABOUT_NOBODY))
    return {line.replace("Waiting on you", "Waiting on Dana") for line in lines}


# Of "cover" and "handover" another coach is the one who looks up.
OF_CLIENTS = sorted(DIALOGUES.keys() - OF_COACHES - {"cover", "handover"})


@pytest.mark.parametrize("name", OF_CLIENTS)
async def test_the_client_reads_all_that_the_coach_can_look_up(name: str, prepared: Path, tmp_path: Path) -> None:
    async with about_to_be_asked(prepared, tmp_path / "town.db", name) as ana:
        await walk(ana, fitting, leave=timedelta(0))
        told = set((await page(ana, "whatmycoachsees")).splitlines())
        assert await looked_up(ana.town.people["dana"]) <= told


# -- in words for whoever reads ----------------------------------------------------------------------------------------

TO_A_COACH = ("you", "your", "yours")
OF_THE_CLIENT = ("This is all that Dana can look up here about you:",)


async def told_of_themselves(person: Person) -> list[str]:
    """What a client reads of all that their coach can look up; what speaks to them is known."""
    return [line for line in (await page(person, "whatmycoachsees")).splitlines() if line not in OF_THE_CLIENT]


async def unconfirmed(town: Town) -> Person:
    return await town.client("ana", confirmed="no")


async def shows_nothing(town: Town) -> Person:
    return await town.client("ana", sees="Nothing")


async def given_up(town: Town) -> Person:
    ana = await town.client("ana")
    await town.check_ins_only()
    await town.passes(days=120)
    return ana


async def with_a_ladder(town: Town) -> Person:
    ana = await town.client("ana")
    await ana.says("/goals new")
    for _ in range(20):
        if not await ana.open_prompts():
            break
        taps = [choice.value for choice in ana.asked.choices if not choice.value.startswith("!")]
        await (ana.taps(taps[0]) if taps else ana.says(f"In ten weeks {len(ana.read)} decisions stand"))
    return ana


async def stopped(town: Town) -> Person:
    ana = await town.client("ana")
    await ana.says("stop")
    return ana


@pytest.mark.parametrize("story", [unconfirmed, shows_nothing, given_up, with_a_ladder, stopped])
async def test_no_line_that_speaks_to_the_coach_is_read_by_the_client(
    town: Town, story: Callable[[Town], Awaitable[Person]]
) -> None:
    ana = await story(town)
    lines = await told_of_themselves(ana)
    assert not [line for line in lines if {*re.findall(r"\w+", line.lower())} & {*TO_A_COACH}]


async def test_who_is_not_confirmed_yet_reads_that_their_coach_has_still_to_say_so(town: Town) -> None:
    ana = await unconfirmed(town)
    assert "Ana: joined; Dana has still to say who it is" in await told_of_themselves(ana)
