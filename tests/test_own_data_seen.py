"""`whatmycoachsees` holds all that the coach can look up, after every dialogue that a client can finish."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.coaching.shared.client_ref import ref_of
from tests.support.every_dialogue import DIALOGUES, OF_COACHES, about_to_be_asked, fitting, prepare, walk
from tests.support.intruders import engagement_of
from tests.support.pages import page
from tests.support.town import Person

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
    return {line for line in text.splitlines() if line and not line.startswith(ABOUT_NOBODY)}


# Of "cover" and "handover" another coach is the one who looks up.
OF_CLIENTS = sorted(DIALOGUES.keys() - OF_COACHES - {"cover", "handover"})


@pytest.mark.parametrize("name", OF_CLIENTS)
async def test_the_client_reads_all_that_the_coach_can_look_up(name: str, prepared: Path, tmp_path: Path) -> None:
    async with about_to_be_asked(prepared, tmp_path / "town.db", name) as ana:
        await walk(ana, fitting, leave=timedelta(0))
        told = set((await page(ana, "whatmycoachsees")).splitlines())
        assert await looked_up(ana.town.people["dana"]) <= told
