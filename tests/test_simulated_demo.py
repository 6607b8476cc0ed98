"""`throughline demo`, as somebody sees it who has no account and no terminal: one run, looked at from many sides."""

import asyncio
import random
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.coaching.planning.phases import STAGES
from bot.messages.incoming import ButtonPressed, TextSent
from bot.messages.outgoing import Choice, Message
from bot.simulated.demo_script import Cue, Part, read_script
from bot.simulated.personas import Persona
from storage.conversation import conversations
from storage.database.encryption import load_keys
from storage.database.open import open_database
from storage.outbox import rows as outbox
from tests.support.outbox import OUTBOX
from tests.test_cli import throughline

pytestmark = pytest.mark.opens
PNG = b"\x89PNG\r\n\x1a\n"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def demo(folder: Path) -> "subprocess.CompletedProcess[str]":
    return throughline("demo", "--keep", str(folder), cwd=folder.parent, seconds=400)


@pytest.fixture(scope="module")
def told(demo: "subprocess.CompletedProcess[str]") -> str:
    return demo.stdout


def flat(text: str) -> str:
    """The transcript with its lines joined, so that it can be searched whatever its width."""
    return " ".join(text.split())


def test_it_ends_well_without_a_terminal(demo: "subprocess.CompletedProcess[str]") -> None:
    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""
    assert "\x1b[" not in demo.stdout
    assert "Traceback" not in demo.stdout
    assert ", 0 events failed." in flat(demo.stdout)
    assert "are sample people, made up for this demo" in flat(demo.stdout)


def test_the_piece_of_it_in_the_readme_is_real(told: str) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    piece = re.search(r"^## A piece of the demo$.*?^```$(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert piece
    parts = piece[1].split("\n      ...\n")
    assert len(parts) == 3
    for part in parts:
        assert flat(part) in flat(told)


def test_all_seven_phases_are_named_in_their_order(told: str) -> None:
    headings = re.findall(r"^━━ (Phase \d): ([^━]+?) ━", told, re.MULTILINE)
    assert [number for number, _ in headings] == [f"Phase {number}" for number in range(1, 8)]
    assert {phase.value for phase in STAGES} == set(read_script().phases)


def test_an_engagement_is_all_there(told: str) -> None:
    found = flat(told)
    for wanted in (
        "Thank you. It holds for you both from today",  # the agreement
        "Strengths and direction: five questions",
        "Shall this be the ladder?",
        'The way to "Let the team decide without me", noted.',
        "as done: Name the decisions that are Sam's.",
        "then every 2 weeks: 8 sessions in all",
        "Two minutes to get ready for it",
        "What is your main takeaway?",
        "Which is the shakiest?",
        "Mara is not shown your notes.",
        "A word from Dana:",
        "That happens.",  # a slip
        'Taken back: "Give the budget round to the team" is done. It is open again, due Fri 15 May.',
        "1 in part",  # a check-in left half-way
        '"Write the note to the board", by Fri 8 May. I\'ll ask on each of these days.',  # two promises from one line
        "No email after 8, every weekday; I ask each Friday how many.",
        "No email after 8: how many of 3 this week?",
        "No email after 8, every weekday: 15 of 18 in the last 4 answered weeks",
        "Another angle; three minutes",
        "Let's think it through",
        "The monthly review: 2 minutes.",
        "The earlier date stays on record.",
        "I'll rest from today up to and including Sun 24 May.",
        "New York time up to and including Fri 24 Apr",
        "Looking back takes",
        "What are you proudest of?",
        "The next chapter",
        "Dana can read them now.",  # about the coaching
        "Your copy is on its way.",
        "the process ends, in the middle of the night, and starts again on the same file",
    ):
        assert wanted in found, wanted


def test_it_ends_with_the_closing_report_and_the_half_year_after_it(told: str) -> None:
    found = flat(told)
    assert found.count("Closing report: Mara with Dana, Mon 2 Mar to Fri 3 Jul.") == 2
    assert found.index("Closing report") < found.index("One month since") < found.index("3 months since")
    assert found.index("3 months since") < found.index("6 months since") < found.index("That was the last check-in")
    assert "Mara, 180 days after the end, as they agreed to share" in found
    assert found.index("Then that is all from me.") < found.index("━━ The end ━━")


def test_one_digest_shows_every_kind_of_line(told: str) -> None:
    digest = told[told.index("Week of Mon 27 Apr:") :].split("\n\n")[0]
    for begins in ("! ", "~ ", "Wins: Mara", "Sessions: ", "Waiting on you: ", "Omar rests until"):
        assert re.search(rf"^ +{re.escape(begins)}", digest, re.MULTILINE), begins
    assert "Ida: not connected" in digest


def test_who_does_what_they_promised_is_never_named_by_a_signal(told: str, folder: Path) -> None:
    """In no digest of the whole engagement, printed or not; and a check-in left half-way is told as that."""
    url = f"sqlite:///{folder / 'demo.db'}"

    def read(connection: Connection) -> list[str]:
        rows = connection.execute(select(OUTBOX).where(OUTBOX.c.kind == "digest"))
        return [outbox.message_of(connection, row).text for row in rows]

    async def sent() -> list[str]:
        async with open_database(url, keys=load_keys(url, None)) as database:
            return await database.read(read)

    digests = asyncio.run(sent())
    assert len([text for text in digests if text.startswith("Week of")]) > 12
    flagged = [line for text in digests for line in text.splitlines() if line.startswith(("! ", "~ "))]
    assert any("Jonas" in line for line in flagged)
    assert [line for line in flagged if "Mara" in line] == []
    assert "3 asked: 1 answered, 1 in part, 1 not." in flat(told)


def test_a_brief_comes_before_a_session_without_what_was_kept_back(told: str) -> None:
    brief = told[told.index("Brief: Mara") :].split("\n\n")[0]
    assert "“To know what I hold on to, and why”" in brief
    assert "Only what Mara shares is here." in brief
    assert "money" not in brief
    assert "The talk with Sam about money   (not shown to Dana)" in told


def test_the_pictures_lie_beside_the_transcript(told: str, folder: Path) -> None:
    pictures = sorted((folder / "files").glob("*.png"))
    assert len(pictures) >= 2
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)
    shown = re.findall(r"📎 (\S+\.png)", told)
    assert len(shown) >= 2
    assert set(shown) <= {picture.name for picture in pictures}
    written = (folder / "transcript.txt").read_text(encoding="utf-8")
    assert "Phase 7: Follow-up and sustainment" in written
    assert flat(told).endswith(f"Transcript, pictures and database: {folder}")


def test_nothing_of_it_lies_elsewhere(demo: "subprocess.CompletedProcess[str]", folder: Path) -> None:
    assert demo.returncode == 0
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_nobodys_code_is_printed(told: str) -> None:
    assert re.search(r"[0-9a-f]{32}", told) is None


def test_hours_are_those_of_each_persons_own_city(told: str) -> None:
    prompts = re.findall(r"^(\d\d:\d\d)  Throughline to Mara: (?:Strengths and direction:|The week's)", told, re.M)
    assert set(prompts) == {"09:00"}
    assert re.search(r"^15:00  Throughline to Mara: Today: ", told, re.MULTILINE)  # nine in New York


def test_nothing_waits_or_failed_at_the_end(demo: "subprocess.CompletedProcess[str]", folder: Path) -> None:
    url = f"sqlite:///{folder / 'demo.db'}"

    async def left() -> tuple[int, dict[str, int]]:
        async with open_database(url, keys=load_keys(url, None)) as database:
            return await database.read(conversations.failed_count), await database.read(outbox.counts)

    assert demo.returncode == 0
    failed, counts = asyncio.run(left())
    assert failed == 0
    assert counts["sent"] > 500
    assert not counts.get("dead"), counts


@pytest.mark.long  # the whole of it once more
def test_the_same_seed_tells_the_same_story(told: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    again = throughline("demo", "--seed", "7", "--keep", str(kept), cwd=tmp_path, seconds=400)
    assert again.stdout.splitlines()[:-1] == told.splitlines()[:-1]


def test_a_folder_that_holds_a_demo_is_not_played_over(tmp_path: Path) -> None:
    (tmp_path / "demo.db").touch()
    run = throughline("demo", "--keep", str(tmp_path), cwd=tmp_path)
    assert run.returncode == 1
    assert run.stderr.strip() == f"--keep {tmp_path}: there is a demo in it already; name another folder."


# -- the people ------------------------------------------------------------------------------------------------------


def persona(*cues: Cue, seed: int = 7, **part: Any) -> Persona:
    made = Part(
        name="Ana Sample", called="Ana", city="London", zone="Europe/London", minutes=(5, 600), cues=cues, **part
    )
    return Persona(user="ana", part=made, chance=random.Random(seed))


def asked(text: str, *labels: str, token: str = "t", kind: str = "choice") -> Message:
    return Message(text=text, token=token, kind=kind, choices=tuple(Choice(value=x.lower(), label=x) for x in labels))


def test_a_persona_answers_the_question_that_comes_last() -> None:
    ana = persona(Cue(asks="Energy", says=("7",)), Cue(asks="Anything in the way", says=("The merger",)))
    answer = ana.reply(asked("Energy: noted.\n\nAnything in the way?", kind="text"), "5", NOON)
    assert answer is not None
    assert answer[1] == TextSent(text="The merger", hangs_on="5")


def test_a_persona_presses_the_button_it_means_and_answers_a_prompt_once() -> None:
    ana = persona(Cue(asks="How did it go", says=("Done",)))
    message = asked("How did it go?", "Partly", "Done")
    answer = ana.reply(message, "5", NOON)
    assert answer is not None
    assert answer[1] == ButtonPressed(token="t", value="done")
    assert ana.reply(message, "6", NOON) is None


def test_the_seed_decides_when_somebody_answers() -> None:
    first, second = (persona(seed=seed).reply(asked("Now?", "Yes"), "5", NOON) for seed in (7, 8))
    assert first is not None
    assert second is not None
    assert first[0] != second[0]


def test_nobody_answers_while_they_are_quiet() -> None:
    ana = persona(quiet=(NOON.date(), NOON.date()))
    assert ana.reply(asked("Now?", "Yes"), "5", NOON) is None
