"""The table of commands: for each verb, role and kind of text what is answered, as plain lines in `tests/golden`.

To accept a change on purpose, and read the difference:
`GOLDEN=accept python -m pytest tests/test_conversation_command_table.py`.
"""

import os
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.support.command_table import COMMANDS, persons, table

GOLDEN = Path(__file__).parent / "golden" / "commands.txt"


@pytest.mark.patient
def test_every_command_is_answered_as_the_table_says() -> None:
    found = table()
    if os.environ.get("GOLDEN") == "accept":
        GOLDEN.write_text(found, encoding="utf-8")
    wanted = GOLDEN.read_text(encoding="utf-8")
    difference = list(unified_diff(wanted.splitlines(), found.splitlines(), "table", "answered", lineterm="", n=0))
    assert not difference, "\n".join(difference[:200])


def test_every_command_of_everybody_stands_in_the_table() -> None:
    lines = [line.split(" | ") for line in GOLDEN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert {(verb, who) for verb, who, *_ in lines} == {(verb, who) for verb in COMMANDS for who in persons()}
