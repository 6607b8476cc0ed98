"""Files as they leave: a document becomes bytes, a chart is drawn, in a process of its own for each picture.

matplotlib holds the interpreter for a tenth of a second and more at a time and keeps 60 MB once loaded: in a thread it
would hold up every chat. Pictures are asked for seldom, so that a process that lives for one of them (about a second)
costs less than one that stays. It knows no settings and no secrets, and ends when it is done, when its input ends, or
when its own timer says so: nothing outlives a parent that was killed.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from bot.messages.outgoing import Document, File
from bot.messages.sending import Parcel
from bot.model.chart_data import Chart
from bot.rendering.charts import draw

DEADLINE = 20.0  # seconds to wait for a picture, its turn included
PNG = "image/png"
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "HOME", "TMPDIR", "XDG_CACHE_HOME", "MPLCONFIGDIR")  # its fonts' cache
_AT_ONCE = 1  # picture; people's answers come first

_log = logging.getLogger(__name__)


class Filing:
    """Makes the files of parcels; one picture at a time, `deadline` seconds for each."""

    def __init__(self, *, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def filed(self, parcel: Parcel) -> Parcel:
        """The parcel with its file ready to be uploaded; a picture that cannot be drawn is told in words instead.

        An earlier message that gets a new look keeps the file that it has.
        """
        file = parcel.message.file
        if file is None or parcel.replaces:
            return parcel
        if isinstance(file, Document):
            return replace(parcel, file=File(name=file.name, media=file.media, content=_bytes(file.text)))
        png = await self._drawn(file)
        if png is None:
            return replace(parcel, message=replace(parcel.message, text=_in_words(parcel, file), file=None))
        return replace(parcel, file=File(name=file.name, media=PNG, content=png, alt=file.alt))

    async def _drawn(self, chart: Chart) -> bytes | None:
        try:
            async with asyncio.timeout(self._deadline), self._turn:
                return await _in_a_process(chart, self._deadline)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            _log.warning("a picture could not be drawn and went out in words: %s", type(error).__name__)
            return None


class FilingHere(Filing):
    """Draws in its own process: for a demo, and for tests, where nobody else waits."""

    async def _drawn(self, chart: Chart) -> bytes | None:
        return _once(chart)


_once = cache(draw)


def _bytes(text: str) -> bytes:
    """UTF-8; what has no place in it, such as half a surrogate pair, becomes a question mark."""
    return text.encode("utf-8", "replace")


def _in_words(parcel: Parcel, chart: Chart) -> str:
    return "\n\n".join(part for part in (parcel.message.text, chart.alt) if part)


async def _in_a_process(chart: Chart, seconds: float) -> bytes:
    """The PNG of a chart; raises OSError or EOFError where no process can be had, or it does not bring one."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"from {__name__} import serve; serve()",
        str(int(seconds) + 1),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C in the terminal is for the parent alone
    )
    try:
        png, _ = await child.communicate(TypeAdapter(Chart).dump_json(chart))
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())
        raise
    if child.returncode or not png:
        raise EOFError
    return png


def serve() -> None:
    """The child's life: one chart in as JSON, one PNG out."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(sys.argv[1]))
    chart = TypeAdapter(Chart).validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(draw(chart))
