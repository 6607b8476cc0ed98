"""Which rooms and files of the product one event enters, in order: `python -m tests.walk`.

A text that a client types in Telegram comes in by the webhook and its answer leaves, on the real app and the real SDK;
every file of the product in which a function is called on the way counts as entered.
"""

import asyncio
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import FrameType

from tests.support.seats import seat_on
from tests.support.town import town_on

ROOT = Path(__file__).parents[1]
PRODUCT = ("bot", "handlers", "schedules", "storage")
# What all rooms stand on, the list of features, and what every effect uses: no rooms of the walk.
GROUND = (
    *("bot/model", "bot/rendering", "bot/messages", "bot/time_zones.py", "bot/clock.py", "bot/observer.py"),
    *("bot/gcra.py", "bot/features.py", "bot/transaction"),
)


class Walk:
    """The files in which something was called while it was watched, in the order in which they were entered first."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.watching = False

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note a call; what is run when a module is loaded is no step of the walk."""
        code = frame.f_code
        if self.watching and event == "call" and code.co_name != "<module>":
            path = Path(code.co_filename)
            if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PRODUCT:
                self.files[str(path.relative_to(ROOT))] = None

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Look over the shoulder of this thread, and of each that begins from now on."""
        threading.setprofile(self)
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)


def room(file: str) -> str:
    """The room that a file stands in: a folder below `bot`, else the top folder."""
    parts = Path(file).parts
    return parts[0] if parts[0] != "bot" else "/".join(parts[:2])


async def walk_of_a_text() -> list[str]:
    """The files that "done with the memo" enters, typed by a client in Telegram."""
    walk = Walk()
    with tempfile.TemporaryDirectory() as folder, walk.begun():
        async with seat_on("telegram-webhook") as seat, town_on(f"sqlite:///{folder}/walk.db", seat).open() as town:
            ana = await town.client("ana")
            await ana.says("/commit Write the memo by Wednesday")
            await ana.says("8")
            await ana.says("skip")
            await town.settled()
            walk.watching = True
            await ana.says("done with the memo")
            await town.settled()
            walk.watching = False
    return list(walk.files)


def main() -> None:
    """Print the rooms in the order in which they are entered, each with its files, and below them the ground."""
    files = asyncio.run(walk_of_a_text())
    steps = [file for file in files if not file.startswith(GROUND)]
    rooms = list(dict.fromkeys(map(room, steps)))
    for name, entered in groupby(sorted(steps, key=lambda file: rooms.index(room(file))), room):
        print(name, *sorted(entered), sep="\n    ")
    print("the ground", *sorted(set(files) - set(steps)), sep="\n    ")
    print(f"{len(rooms)} rooms, {len(steps)} files, and {len(files) - len(steps)} of the ground")


if __name__ == "__main__":
    main()
