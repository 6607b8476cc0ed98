"""`throughline simulate`: what a rhythm would send, by the same rules that send it."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import typer

from bot.app import library
from bot.clock import real_clock
from bot.coaching.rhythm.next_prompt import upcoming
from bot.coaching.rhythm.timetable import Timetable
from bot.coaching.shared.validators import hour_of
from bot.engine.library import Library
from bot.model.people.preferences import Pace
from bot.settings import SettingsError
from bot.time_zones import canonical_zone, end_of_day, local_day, local_time


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message to come, in local time."""

    day: date
    at: time
    zone: str
    utc: datetime
    dialogue: str
    title: str


def lines(timetable: Timetable, now: datetime, weeks: int, made: Library) -> list[Line]:
    """The messages of `weeks` weeks from `now`, if each is answered and nothing is promised."""
    found = []
    for planned in upcoming(timetable, now, weeks):
        local = local_time(planned.due_at, timetable.zone)
        found.append(
            Line(
                day=local.date(),
                at=local.time(),
                zone=local.tzname() or timetable.zone,
                utc=planned.due_at.astimezone(UTC),
                dialogue=planned.dialogue,
                title=made.newest(planned.dialogue, "en").title,
            )
        )
    return found


def run_simulation(
    *, zone: str, weeks: int, pace: str, weekday: int, at: str, focus: bool, start: date | None, as_json: bool
) -> None:
    """Print the table, or JSON; raises SettingsError for an option that cannot be used."""
    timetable, now = _timetable(zone=zone, pace=pace, weekday=weekday, at=at, focus=focus, start=start)
    found = lines(timetable, now, weeks, library())
    if as_json:
        typer.echo(json.dumps([_as_json(line) for line in found], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{pace}, {timetable.zone}, {weeks} weeks, if each is answered")
    for heading in ("day", "local time", "UTC", "message"):
        table.add_column(heading)
    for line in found:
        table.add_row(f"{line.day:%a %d %b %Y}", f"{line.at:%H:%M} {line.zone}", f"{line.utc:%H:%M}", line.title)
    Console().print(table)


def _as_json(line: Line) -> dict[str, str]:
    return {
        "local": f"{line.day}T{line.at:%H:%M}",
        "zone": line.zone,
        "utc": line.utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dialogue": line.dialogue,
        "title": line.title,
    }


def _timetable(
    *, zone: str, pace: str, weekday: int, at: str, focus: bool, start: date | None
) -> tuple[Timetable, datetime]:
    home, hour = canonical_zone(zone), hour_of(at)
    if home is None:
        raise SettingsError(f"--timezone '{zone}' is not a time zone: use an IANA name such as Europe/Berlin.")
    if pace not in list(Pace):
        raise SettingsError(f"--pace '{pace}' is not known: use daily, weekly, fortnightly or minimal.")
    if hour is None:
        raise SettingsError(f"--at '{at}' is not an hour: use one such as 09:00.")
    now = real_clock() if start is None else end_of_day(date.fromordinal(start.toordinal() - 1), home)
    try:
        made = Timetable(zone=home, at=hour, anchor=local_day(now, home), pace=Pace(pace), weekday=weekday, focus=focus)
    except ValueError as error:
        raise SettingsError(f"This rhythm cannot be kept: {error}.") from None
    return made, now
