"""The `throughline` command, as operators and newcomers run it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def throughline(
    *arguments: str, cwd: Path, seconds: float = 120, **environment: str
) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "sqlalchemy sqlmodel dateparser babel alembic apscheduler telegram slack_bolt rich cryptography pydantic"
    code = (
        "import sys, bot.cli\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(bot.cli.app, ['--help']).exit_code == 0\n"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_simulate_tells_what_would_be_sent(tmp_path: Path) -> None:
    run = throughline(
        "simulate", "--timezone", "Europe/Berlin", "--weeks", "8", "--start", "2026-10-01", "--json", cwd=tmp_path
    )
    found = json.loads(run.stdout)
    assert [line["local"] for line in found][:4] == [
        "2026-10-02T09:00",
        "2026-10-09T09:00",
        "2026-10-16T09:00",
        "2026-10-23T09:00",
    ]
    assert {line["utc"][11:16] for line in found} == {"07:00", "08:00"}
    assert {line["dialogue"] for line in found} == {"weekly-checkin"}
    table = throughline("simulate", "--timezone", "Europe/Berlin", "--start", "2026-10-01", cwd=tmp_path)
    assert "The week's check-in" in table.stdout


def test_an_invitation_prints_its_code_alone_on_the_last_line(tmp_path: Path) -> None:
    run = throughline("invite", "coach", "--name", "Dana", "--timezone", "Europe/Berlin", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert re.fullmatch(r"[0-9a-f]{32}", run.stdout.splitlines()[-1])
    assert (tmp_path / "throughline.db").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (("invite", "coach", "--name", "D", "--timezone", "Mars/Base"), {}, "'Mars/Base' is not a time zone"),
        (("invite", "coach", "--name", " ", "--timezone", "UTC"), {}, "--name"),
        (("invite", "coach", "--name", "D", "--timezone", "UTC"), {"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        (("invite", "coach", "--name", "D", "--timezone", "UTC"), {"ENCRYPTION_KEYS": "secret"}, "ENCRYPTION_KEYS"),
        (("invite", "coach", "--name", "D", "--timezone", "UTC"), {"HTTP_PORT": "many"}, "HTTP_PORT"),
        (("simulate", "--timezone", "Nowhere"), {}, "--timezone 'Nowhere'"),
        (("simulate", "--timezone", "UTC", "--at", "23:00"), {}, "cannot be kept"),
        (("simulate", "--timezone", "UTC", "--pace", "hourly"), {}, "--pace 'hourly'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], named: str
) -> None:
    run = throughline(*arguments, cwd=tmp_path, seconds=120, **environment)
    assert run.returncode == 1
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert named in run.stderr
    assert "secret" not in run.stderr
    assert "Traceback" not in run.stderr


def test_a_dialogue_that_cannot_be_read_stops_the_start_in_one_line(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, shutil\n"
        "from bot import wording, app\n"
        "folder = pathlib.Path(sys.argv[1]) / 'dialogues'\n"
        "shutil.copytree(wording.DIALOGUES, folder)\n"
        "(folder / 'en/planning/commitment.yaml').write_text('name: commitment\\nnodes: [')\n"
        "try:\n    app.library(folder)\n"
        "except wording.WordingError as error:\n    print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "commitment.yaml: not readable as YAML" in run.stdout
    assert len(run.stdout.strip().splitlines()) == 1
