"""A person's own data as they may take it with them: one JSON document, and the same to read.

What may be taken out asks `bot.coaching.visibility` like everything that leaves: a section is there if its kind of data
is the person's own to read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from bot.coaching.visibility import Data, Role, may_read
from bot.facts import Audience
from bot.phrases import phrase
from bot.wording import Wording

Row = Mapping[str, Any]

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
# In JSON a value stands as it is; in a table of a spreadsheet these beginnings would be a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """The rows of each section, in the order of `SECTIONS`; `day` is the local day on which they were taken out."""

    day: str
    sections: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def allowed(section: str) -> bool:
    """Whether the person themselves may take a section out; default no."""
    found = SECTIONS.get(section)
    return found is not None and may_read(found[1], found[0], own=True, audience=Audience.PRIVATE, active=True)


def as_json(found: Exported) -> str:
    """The document that programs read."""
    sections = {name: list(rows) for name, rows in found.sections.items() if allowed(name)}
    return json.dumps({"taken_out": found.day, **sections}, ensure_ascii=False, indent=2)


def as_text(found: Exported, wording: Wording) -> str:
    """The same to read: a heading for each section, a line for each row."""
    parts = [wording.render(phrase("export_heading", day=found.day))]
    for name, rows in found.sections.items():
        if rows and allowed(name):
            lines = [_line(row) for row in rows]
            parts.append("\n".join((wording.render(phrase(f"export_{name}")), *lines)))
    return "\n\n".join(parts) + "\n"


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


def _line(row: Row) -> str:
    """A row with its day in front; what is nested is told in the same manner."""
    day, told = _day_of(row), "; ".join(_pairs(row))
    return f"  {day}  {told}" if day else f"  {told}"


def _pairs(row: Row) -> list[str]:
    found = []
    for key, value in row.items():
        if isinstance(value, Mapping):
            found += _pairs(value)
        elif value not in (None, "", [], False):
            found.append(f"{key.replace('_', ' ')}: {plain(value)}")
    return found


def plain(value: object) -> str:
    """A value on one line, safe where somebody pastes it into a spreadsheet."""
    text = " ".join(str(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
