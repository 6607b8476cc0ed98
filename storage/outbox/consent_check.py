"""Whether people still want to be written to: the last look before what the bot says of itself leaves."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from bot.model.people.preferences import Preferences
from bot.time_zones import local_day, zone_at
from storage.errors import Unreadable
from storage.serialise import load
from storage.tables.people import PauseRow, PersonRow, table_of

UNREADABLE = "unreadable"

_person = table_of(PersonRow)
_pause = table_of(PauseRow)


def unwanted(connection: Connection, wanted: Collection[str], now: datetime) -> dict[str, str]:
    """Why nobody asks them now, by person: erased, unreadable, stopped, no consent, or paused today, by their own day.

    Who may be asked is left out. A coach has consented by joining.
    """
    found: dict[str, str] = dict.fromkeys(wanted, "erased")
    rows = connection.execute(
        select(_person.c.id, _person.c.home, _person.c.wishes, _person.c.coach).where(_person.c.id.in_(wanted))
    ).all()
    days = {}
    for row in rows:
        try:
            wishes: Preferences = load(Preferences, row.wishes)
        except Unreadable:
            found[row.id] = UNREADABLE
            continue
        found.pop(row.id)
        if wishes.stopped:
            found[row.id] = "stopped"
        elif not row.coach and not wishes.begun:
            found[row.id] = "no consent"
        days[row.id] = local_day(now, zone_at(now, row.home, wishes))
    for pause in connection.execute(select(_pause).where(_pause.c.person.in_(wanted))).all():
        today = days.get(pause.person)
        if today is not None and pause.first <= today and (pause.last is None or today <= pause.last):
            found.setdefault(pause.person, "paused")
    return found
