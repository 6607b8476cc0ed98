"""A person's own data as they may take it with them: one JSON document, and the same to read.

What may be taken out asks `bot.coaching.visibility` like everything that leaves: a section is there if its kind of data
is the person's own to read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from bot.coaching.visibility.table import Data, Role, may_read
from bot.model.export import Exported, Row
from bot.model.people.answers import Audience
from bot.model.phrases import phrase
from bot.rendering.wording import Wording

# Each section, what kind of data stands in it, and in which part the person reads it.
SECTIONS: Mapping[str, tuple[Data, Role]] = MappingProxyType(
    {
        "person": (Data.EXPORT, Role.CLIENT),
        "address": (Data.EXPORT, Role.CLIENT),
        "engagement": (Data.ROSTER, Role.CLIENT),
        "consent": (Data.AUDIT, Role.CLIENT),
        "pause": (Data.ACTIVITY, Role.CLIENT),
        "commitment": (Data.STATUS, Role.CLIENT),
        "report": (Data.WORDS, Role.CLIENT),
        "habit": (Data.STATUS, Role.CLIENT),
        "habit_entry": (Data.WORDS, Role.CLIENT),
        "answer": (Data.PRIVATE, Role.CLIENT),
        "earlier_answer": (Data.PRIVATE, Role.CLIENT),
        "rating": (Data.RATINGS, Role.CLIENT),
        "remark": (Data.PRIVATE, Role.CLIENT),
        "agreement": (Data.GOALS, Role.CLIENT),
        "goal": (Data.GOALS, Role.CLIENT),
        "ladder": (Data.GOALS, Role.CLIENT),
        "level": (Data.GOALS, Role.CLIENT),
        "milestone": (Data.GOALS, Role.CLIENT),
        "adjustment": (Data.GOALS, Role.CLIENT),
        "phase": (Data.ROSTER, Role.CLIENT),
        "session": (Data.ROSTER, Role.CLIENT),
        "occurrence": (Data.ACTIVITY, Role.CLIENT),
        "access": (Data.AUDIT, Role.CLIENT),
        "roster": (Data.ROSTER, Role.COACH),
        "note": (Data.COACH_NOTES, Role.COACH),
        "coach": (Data.EXPORT, Role.COACH),
        "programme": (Data.EXPORT, Role.COACH),
    }
)
_DAYS = ("day", "made", "at", "began", "local_date", "first")  # where the day of a row stands
_NAMED = {
    "person": "name",
    "engagement": "coach",
    "roster": "client",
    **dict.fromkeys(("commitment", "habit", "goal"), "text"),
}
_IDS = ("engagement", "about", "goal", "commitment", "habit")  # where an id of something else may stand
_SILENT = ("id", "message", "private")  # told in JSON alone, or by the audience
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(?:\+00:00|Z)")
# In JSON a value stands as it is; in a table of a spreadsheet these beginnings would be a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def allowed(section: str) -> bool:
    """Whether the person themselves may take a section out; default no."""
    found = SECTIONS.get(section)
    return found is not None and may_read(found[1], found[0], own=True, audience=Audience.PRIVATE, active=True)


ALLOWED = tuple(section for section in SECTIONS if allowed(section))


def as_json(found: Exported) -> str:
    """The document that programs read."""
    sections = {name: list(rows) for name, rows in found.sections.items() if allowed(name)}
    return json.dumps({"taken_out": found.day, **sections}, ensure_ascii=False, indent=2)


def as_text(found: Exported, wording: Wording) -> str:
    """The same to read: a heading for each section, a line for each row; ids are told by what they stand for."""
    names = _names(found)
    parts = [wording.render(phrase("export_heading", day=found.day))]
    for name, rows in found.sections.items():
        if rows and allowed(name):
            lines = [_line(row, names) for row in rows]
            parts.append("\n".join((wording.render(phrase(f"export_{name}")), *lines)))
    return "\n\n".join(parts) + "\n"


def _names(found: Exported) -> dict[str, str]:
    """What the ids in the document stand for; an engagement is told only where there are several."""
    names: dict[str, str] = {}
    for section, name in _NAMED.items():
        rows = [_flat(row) for row in found.sections.get(section, ())]
        if section not in ("engagement", "roster") or len(rows) > 1:
            names |= {str(row["id"]): str(row[name]) for row in rows if row.get("id") and row.get(name)}
    return names


def screened(found: Exported, since: date) -> Exported:
    """The same without private entries up to a day: what a chat bound by a coach's code may be sent."""
    kept = {
        name: [row for row in rows if not _private(row) or _day_of(row) > since.isoformat()]
        for name, rows in found.sections.items()
        if name != "earlier_answer"
    }
    return replace(found, sections=kept)


def _private(row: Row) -> bool:
    """Whether a row, or what is nested in it, is kept from the coach."""
    if row.get("audience") == Audience.PRIVATE or row.get("withheld") or row.get("private"):
        return True
    return any(_private(value) for value in row.values() if isinstance(value, Mapping))


def _day_of(row: Row) -> str:
    found = next((str(row[key]) for key in _DAYS if row.get(key)), "")
    return found[:10] or next((_day_of(value) for value in row.values() if isinstance(value, Mapping)), "")


def _line(row: Row, names: Mapping[str, str]) -> str:
    """A row with its day in front."""
    flat, day = _flat(row), _day_of(row)
    told = "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in _told(flat, day, names))
    return f"  {day}  {told}" if day else f"  {told}"


def _flat(row: Row) -> dict[str, Any]:
    """A row with what is nested in it, as it stands now; how it was at first only where that was otherwise."""
    now = {key: value for key, value in row.items() if key != "origin"}
    found: dict[str, Any] = {}
    for key, value in now.items():
        value = json.loads(value) if key == "wishes" and isinstance(value, str) else value
        found |= _flat(value) if isinstance(value, Mapping) else {key: value}
    origin = row.get("origin")
    if isinstance(origin, Mapping):
        found |= {f"{key}_at_first": origin[key] for key in ("text", "due") if origin.get(key) != found.get(key)}
    return found


def _told(flat: Row, day: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is said of a row: nothing empty, nothing twice, no id that stands for nothing."""
    for key, value in flat.items():
        repeated = (key == "value" and flat.get("label")) or (key == "at" and flat.get("day"))
        unsaid = value in (None, "", [], False) or (key in _DAYS and str(value) == day)
        if repeated or unsaid or (key in _IDS and str(value) not in names) or key in _SILENT:
            continue
        text = names.get(str(value), ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        yield ("answer" if key == "label" else key), plain(_INSTANT.sub(r"\1 \2 UTC", text))


def plain(value: object) -> str:
    """A value on one line, safe where somebody pastes it into a spreadsheet."""
    text = " ".join(str(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
