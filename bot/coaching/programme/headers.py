"""What the English file of a dialogue says under `coaching`: its place in a programme, in lists and in the rhythm.

A header is no part of a dialogue or of its version: it is looked up by name, also for a version that is long gone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.engine.dialogue.load import DialogueError
from bot.rendering.wording import DIALOGUES, PHRASES, parse_yaml

CORE = "core"  # in every template
OFFERED = "offered"  # in none: a coach puts it in, or sends it
TEMPLATE_NAMES = ("three", "six", "twelve")  # each holds what those before it hold
ON_DAYS = "on-days"
AROUND_SESSIONS = "around-sessions"
BETWEEN = "between"
TOWARDS_THE_END = "towards-the-end"
AFTER_THE_END = "after-the-end"
GROUPS = (ON_DAYS, AROUND_SESSIONS, BETWEEN, TOWARDS_THE_END, AFTER_THE_END)
DURING = ("full_pace", "half_pace", "until_stopped", "always")  # down to which pace of a silent client it is asked

_KEYS = {"place", "programme", "group", "day", "rewordable", "slot"}
_SLOT_KEYS = {"late", "during", "after", "keeps_place", "not_minimal", "beside", "lightens"}
_HEADED = re.compile(r"^coaching:", re.MULTILINE)
_NODES = re.compile(r"^nodes:", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """When a dialogue of the agenda is asked: `late`, for how many days after its own; `after`, behind which prompt.

    `during` is one of DURING. `keeps_place`: its place within a week's cap is kept from others; `not_minimal`: it is
    not asked at the smallest pace; `beside`: it may be the second thread of a day; `lightens`: a check-in within a
    day of it asks about due items only. Without `after` it goes before everything else.
    """

    late: int
    during: str
    after: str = ""
    keeps_place: bool = False
    not_minimal: bool = False
    beside: bool = False
    lightens: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Of one dialogue: `place` orders menus and lists, `programme` is CORE, OFFERED or the shortest template with it.

    Without `programme` and `group` it is in no menu and follows from what the client chose. `day` counts from the
    start, for the group ON_DAYS alone. `rewordable`: a coach may word its lines anew.
    """

    name: str
    place: int
    programme: str = ""
    group: str = ""
    day: int = 0
    rewordable: bool = False
    slot: Slot | None = None


def read_headers(folder: Path = DIALOGUES) -> Mapping[str, Header]:
    """All headers below a folder by name, in the order of their places; raises DialogueError, which names the mend."""
    found: dict[int, Header] = {}
    for path in sorted(folder.glob("en/*/*.yaml")):
        text = path.read_text(encoding="utf-8")
        if path.name == PHRASES or not _HEADED.search(text):
            continue
        header = _header(path, _told(path, text))
        if header.place in found:
            other = found[header.place].name
            raise DialogueError(f"{path}: 'coaching' has the place {header.place}, as '{other}' has; give it another")
        found[header.place] = header
    return {found[place].name: found[place] for place in sorted(found)}


def _told(path: Path, text: str) -> Any:
    """What stands under `coaching`; only the head is parsed, since the rest is long and read elsewhere."""
    head = _NODES.split(text, maxsplit=1)[0]
    if not _HEADED.search(head):
        raise DialogueError(f"{path}: 'coaching' stands behind 'nodes'; put it before them")
    return parse_yaml(head, path)["coaching"]


def _header(path: Path, told: Any) -> Header:
    _check(path, told, _KEYS, "'coaching'")
    place, programme, group, day = told.get("place"), told.get("programme", ""), told.get("group", ""), told.get("day")
    if not _is_number(place):
        raise DialogueError(f"{path}: 'coaching' needs 'place', a number by which lists are ordered")
    _check_programme(path, programme, group, day)
    return Header(
        name=path.stem,
        place=place,
        programme=programme,
        group=group,
        day=day or 0,
        rewordable=_flag(path, told, "rewordable"),
        slot=_slot(path, told["slot"]) if "slot" in told else None,
    )


def _check_programme(path: Path, programme: Any, group: Any, day: Any) -> None:
    if bool(programme) != bool(group):
        raise DialogueError(f"{path}: 'coaching' needs both 'programme' and 'group', or neither")
    if group and group not in GROUPS:
        raise DialogueError(f"{path}: 'coaching' does not know the group '{group}'; take one of {', '.join(GROUPS)}")
    if programme and programme not in (CORE, *TEMPLATE_NAMES, OFFERED):
        names = ", ".join((CORE, *TEMPLATE_NAMES, OFFERED))
        raise DialogueError(f"{path}: 'coaching' does not know the programme '{programme}'; take one of {names}")
    if (group == ON_DAYS) != (day is not None) or not (day is None or _is_number(day)):
        raise DialogueError(f"{path}: 'coaching' needs 'day', a number, with the group '{ON_DAYS}' and with no other")


def _slot(path: Path, told: Any) -> Slot:
    _check(path, told, _SLOT_KEYS, "'slot'")
    late, during, after = told.get("late"), told.get("during"), told.get("after", "")
    if not _is_number(late):
        raise DialogueError(f"{path}: 'slot' needs 'late', for how many days after its own it is asked")
    if during not in DURING:
        raise DialogueError(f"{path}: 'slot' needs 'during', one of {', '.join(DURING)}; found {during!r:.40}")
    if not isinstance(after, str):
        raise DialogueError(f"{path}: 'after' in 'slot' is the name of a prompt, found {after!r:.40}")
    keeps, not_minimal = _flag(path, told, "keeps_place"), _flag(path, told, "not_minimal")
    return Slot(
        late=late,
        during=during,
        after=after,
        keeps_place=keeps,
        not_minimal=not_minimal,
        beside=_flag(path, told, "beside"),
        lightens=_flag(path, told, "lightens"),
    )


def _check(path: Path, told: Any, keys: set[str], what: str) -> None:
    if not isinstance(told, dict):
        raise DialogueError(f"{path}: {what} is a mapping with {', '.join(sorted(keys))}")
    unknown = sorted(told.keys() - keys)
    if unknown:
        raise DialogueError(f"{path}: {what} does not know {unknown}; it takes {', '.join(sorted(keys))}")


def _flag(path: Path, told: Mapping[str, Any], key: str) -> bool:
    value = told.get(key, False)
    if not isinstance(value, bool):
        raise DialogueError(f"{path}: '{key}' is true or false, found {value!r:.40}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


HEADERS = read_headers()
