"""The end of an engagement: put on the agenda, nothing more."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.planning.rules import NOTICE
from bot.local_time import local_day
from bot.model.plan import Phase
from bot.transaction.planned_dates import BEGIN, END, client_of, errand
from storage.programme import agenda
from storage.programme.plans import plan_of

_DAY = timedelta(days=1)


def plan_end(connection: Connection, engagement: str, now: datetime) -> None:
    """Plan anew when an engagement begins to close, and when it ends, by the day on which it is to end."""
    for deed in (BEGIN, END):
        agenda.unschedule(connection, engagement=engagement, dialogue=deed)
    found, client = plan_of(connection, engagement), client_of(connection, engagement)
    if client is None or found.ends is None or found.closed is not None:
        return
    today = local_day(now, client.zone_at(now))
    if found.phase is not Phase.CLOSING:
        begin = min(max(found.ends - NOTICE, today + _DAY), max(found.ends, today))
        errand(connection, client, engagement, BEGIN, begin)
    errand(connection, client, engagement, END, max(found.ends, today))
