"""`make mutants`: takes each guard of `guards.toml` out of a scratch copy, and runs the tests that have to fail then.

Prints a line for each, and exits 1 where a guard was missed by no test, or is no longer there as it is listed. Words
behind the command choose the guards whose text holds one of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("guards.toml")
SECONDS = 300.0  # for the tests of one guard
_FAILED = 1  # pytest's exit code where tests ran and failed


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """A line that keeps something from somebody; `put` stands in its place while the tests run."""

    keeps: str
    file: str
    line: str
    tests: Sequence[str]
    put: str = ""


def guards(chosen: Sequence[str]) -> list[Guard]:
    """Those that are listed, or of them those that were asked for."""
    found = [Guard(**each) for each in tomllib.loads(LIST.read_text("utf-8"))["guard"]]
    return [each for each in found if not chosen or any(word in f"{each.keeps} {each.file}" for word in chosen)]


def without(text: str, guard: Guard) -> str:
    """The file without the guard; raises LookupError unless it stands there exactly once."""
    if text.count(guard.line) != 1:
        raise LookupError(f"stands {text.count(guard.line)} times in {guard.file}")
    return text.replace(guard.line, guard.put)


def verdict(guard: Guard, copy: Path, python: str) -> tuple[bool, str]:
    """Take one out, run its tests and put it back: whether it was missed, and a word on it."""
    file = copy / guard.file
    whole = file.read_text("utf-8")
    try:
        file.write_text(without(whole, guard), "utf-8")
    except LookupError as error:
        return False, f"not found: {error}"
    try:
        code = _tested(guard.tests, copy, python)
    finally:
        file.write_text(whole, "utf-8")
    return code == _FAILED, {_FAILED: "killed", 0: "SURVIVED"}.get(code, f"no test ran (exit {code})")


def _tested(tests: Sequence[str], copy: Path, python: str) -> int:
    command = [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _FAILED  # whoever waits for ever has missed it, too
    return ran.returncode


def copied(to: Path) -> Path:
    """A scratch copy of what is tested."""
    kept = shutil.ignore_patterns(".git", ".venv", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", "build")
    return Path(shutil.copytree(ROOT, to / "copy", ignore=kept))


def main(chosen: Sequence[str]) -> int:
    """Go through all of them."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(Path(folder))
        listed, missed = guards(chosen), 0
        for number, guard in enumerate(listed, 1):
            killed, word = verdict(guard, copy, sys.executable)
            missed += killed
            print(f"{number:3}/{len(listed)}  {word:<10} {guard.file}: {guard.keeps}", flush=True)
    print(f"{missed} killed, {len(listed) - missed} survived")
    return 0 if missed == len(listed) and listed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
