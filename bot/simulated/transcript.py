"""The demo's transcript: on the terminal and in a file, phase by phase, with long routine stretches counted only."""

import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

WIDTH = 100
_INDENT = " " * 9
_BUTTON = re.compile(r"\[[^\[\]]*\](?: (?=\S)(?!\[))?")
_SOLID = "\N{NO-BREAK SPACE}"  # textwrap does not break there


@dataclass(slots=True, kw_only=True)
class Transcript:
    """What is printed, line by line; `words` holds what is said around the conversation itself."""

    screen: Console
    words: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    routine: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    _since: date | None = None
    _until: date | None = None
    _day: date | None = None

    def heading(self, text: str) -> None:
        """A new phase begins."""
        self._tell_others()
        self._put()
        self._put("━━ " + text + " " + "━" * max(WIDTH - len(text) - 4, 3), "bold")
        self._day = None

    def remark(self, text: str) -> None:
        """Something that the demo says, as a paragraph or several."""
        for paragraph in text.strip().split("\n\n"):
            self._put()
            for line in textwrap.wrap(" ".join(paragraph.split()), WIDTH):
                self._put(line, "italic")
        self._day = None

    def entry(self, at: datetime, zone: str, who: str, what: str, style: str, mark: str = "") -> None:
        """One message or answer, with its hour on that person's clock; `mark` says who can read it."""
        local = at.astimezone(ZoneInfo(zone))
        self._new_day(local.date())
        head = f"{local:%H:%M}  "
        first, *rest = f"{who}: {what}".splitlines() or [""]
        tail = f"   ({mark})" if mark else ""
        put = textwrap.wrap(head + first + tail, WIDTH, subsequent_indent=_INDENT) or [head]
        for line in rest:
            whole = _BUTTON.sub(lambda found: found[0].replace(" ", _SOLID), line)
            put += textwrap.wrap(whole, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
        for number, line in enumerate(put):
            if number == 0:
                self._put(line, style, lead=len(head) + len(who) + 1)
            else:
                self._put(line)

    def skipped(self, at: datetime, zone: str, title: str) -> None:
        """Something happened the way it had happened before."""
        day = at.astimezone(ZoneInfo(zone)).date()
        self._since, self._until = self._since or day, day
        self.routine[title] += 1

    def flush(self) -> None:
        """Tell what was skipped since the last entry."""
        if not self.routine or self._since is None or self._until is None:
            return
        what = ", ".join(f"{title} ({count})" if count > 1 else title for title, count in self.routine.items())
        key = "meanwhile_day" if self._since == self._until else "meanwhile"
        said = self.words[key].format(first=_short(self._since), last=_short(self._until), what=what)
        self.routine.clear()
        self._since = self._until = None
        self._put()
        for line in textwrap.wrap(said, WIDTH - 6, initial_indent="  ⋮  ", subsequent_indent="     "):
            self._put(line, "dim")
        self._day = None

    def end(self, text: str) -> None:
        """The last lines."""
        self._tell_others()
        self._put()
        for line in text.strip().splitlines():
            self._put(line, "bold")

    def write(self, path: Path) -> None:
        """The same as a text file."""
        path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")

    def _tell_others(self) -> None:
        self.flush()
        if self.others:
            said = self.words["others"].format(sent=self.others["sent"], answered=self.others["answered"])
            self.others.clear()
            self._put()
            for line in textwrap.wrap(said, WIDTH - 6, initial_indent="  ⋮  ", subsequent_indent="     "):
                self._put(line, "dim")

    def _new_day(self, day: date) -> None:
        if day != self._day:
            if self._day is None or day > self._day:
                self.flush()
            self._put()
            self._put(f"{_short(day)} {day:%Y}", "bold")
        self._day = day

    def _put(self, line: str = "", style: str = "", lead: int = 0) -> None:
        """One line, in this style; with `lead` only so many characters of it."""
        line = line.replace(_SOLID, " ")
        self.lines.append(line)
        at = lead or len(line)
        self.screen.print(Text(line[:at], style=style) + Text(line[at:]), soft_wrap=True)


def _short(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
