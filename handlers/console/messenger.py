"""The console as a messenger: what is sent is shown, and has arrived when it was shown; files lie in a folder."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.messages.outgoing import File
from bot.messages.sending import Fate, Parcel, Sent

_ODD = re.compile(r"[^\w.-]+")


class ConsoleMessenger:
    """Shows each parcel by calling `show`; a terminal does not change what it has shown.

    With a `folder` files are written there, and shown under the path that they lie at; without, by name alone.
    """

    platform = "console"
    edits = False
    forms = False
    pages = False

    def __init__(self, show: Callable[[Parcel], None], folder: Path | None = None) -> None:
        self._show = show
        self._folder = folder

    async def send(self, parcel: Parcel) -> Fate:
        """Show it."""
        held = parcel.message.file
        if parcel.file is not None and held is not None and self._folder is not None:
            path = await asyncio.to_thread(_written, self._folder, parcel.id, parcel.file)
            parcel = replace(parcel, message=replace(parcel.message, file=replace(held, name=str(path))))
        self._show(parcel)
        return Sent(message_id=str(parcel.id))


def _written(folder: Path, number: int, file: File) -> Path:
    """Write a file under a name of its own that cannot lead out of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}-{_ODD.sub('-', file.name).lstrip('.-') or 'file'}"
    path.write_bytes(file.content)
    return path
