"""The `throughline` command, as operators and newcomers run it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.app import library
from bot.cli.commands import app
from bot.rendering.wording import DIALOGUES, WordingError

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


def asked(monkeypatch: pytest.MonkeyPatch, cwd: Path, *arguments: str, **environment: str) -> Result:
    """The command in this process, where it was to start in that folder and with those settings alone."""
    monkeypatch.chdir(cwd)
    for name in ("DATABASE_URL", "ENCRYPTION_KEYS", "TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner().invoke(app, list(arguments), env=environment)


@pytest.mark.opens
def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "sqlalchemy sqlmodel dateparser babel alembic apscheduler telegram slack_bolt rich cryptography pydantic"
    code = (
        "import sys, bot.cli.commands\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(bot.cli.commands.app, ['--help']).exit_code == 0\n"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.opens
def test_simulate_tells_what_would_be_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ("simulate", "--timezone", "Europe/Berlin", "--start", "2026-10-01")
    found = json.loads(asked(monkeypatch, tmp_path, *wanted, "--weeks", "8", "--json").stdout)
    assert [line["local"] for line in found][:4] == [
        "2026-10-02T09:00",
        "2026-10-09T09:00",
        "2026-10-16T09:00",
        "2026-10-23T09:00",
    ]
    assert {line["utc"][11:16] for line in found} == {"07:00", "08:00"}
    assert {line["dialogue"] for line in found} == {"weekly-checkin"}
    assert "The week's check-in" in asked(monkeypatch, tmp_path, *wanted).stdout


@pytest.mark.opens
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
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    named: str,
) -> None:
    run = asked(monkeypatch, tmp_path, *arguments, **environment)
    assert run.exit_code == 1
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert named in run.stderr
    assert "secret" not in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "No platform is set"),
        ({"SLACK_BOT_TOKEN": "xoxb-canary"}, "SLACK_APP_TOKEN is not set"),
        ({"SLACK_APP_TOKEN": "xapp-canary"}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is not set"),
        ({"TELEGRAM_BOT_TOKEN": "1:canary", "TELEGRAM_WEBHOOK_URL": "https://x"}, "TELEGRAM_WEBHOOK_SECRET is not set"),
    ],
)
def test_what_is_missing_to_serve_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], named: str
) -> None:
    run = asked(monkeypatch, tmp_path, "run", **environment)
    assert run.exit_code == 1
    assert named in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert "canary" not in run.output


def test_a_dialogue_that_cannot_be_read_stops_the_start_in_one_line(tmp_path: Path) -> None:
    folder = shutil.copytree(DIALOGUES, tmp_path / "dialogues")
    (folder / "en/commitments/commitment.yaml").write_text("name: commitment\nnodes: [")
    with pytest.raises(WordingError, match=r"commitment\.yaml: not readable as YAML") as caught:
        library(folder)
    assert len(str(caught.value).splitlines()) == 1
