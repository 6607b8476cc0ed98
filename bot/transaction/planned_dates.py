"""What lies ahead of an engagement by itself: the next review, and its end. Put on the agenda, nothing more.

A deed is an entry of the agenda without a dialogue: what is to happen at that hour, whether or not a chat is open.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.coaching.closing.rules import NOTICE
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.effects import zone_now
from bot.local_time import instant, local_day
from bot.model.plan import Phase
from storage import agenda, engagements, people
from storage.people import Known
from storage.plans import aims

BEGIN, END, OVER = "begin-closing", "end-engagement", "end-follow-up"
DEEDS = frozenset({BEGIN, END, OVER})
REVIEW = "review"
REVIEW_EVERY = timedelta(days=28)
REVIEW_LATE = timedelta(days=7)  # for so long after its day the rhythm looks for a place
_REVIEWED = (Phase.PLANNING, Phase.COACHING, Phase.REVIEW)
_DAY = timedelta(days=1)
_WORKDAYS = 14  # days looked ahead for a working one


def errand(
    connection: Connection, other: Known, engagement: str, dialogue: str, day: date, *, hour: time | None = None
) -> None:
    """Put something on somebody's agenda outside the rhythm, at their chosen hour unless another one is named."""
    at = instant(day, hour or other.wishes.at, other.home)
    agenda.schedule(connection, person=other.id, engagement=engagement, dialogue=dialogue, day=day, due_at=at)


def working_day(other: Known, day: date) -> date:
    """That day, or the first one after it on which this client works."""
    wishes = other.wishes
    ahead = (day + _DAY * n for n in range(_WORKDAYS))
    return next((d for d in ahead if d.weekday() in wishes.working_days and d not in wishes.holidays), day)


def client_of(connection: Connection, engagement: str) -> Known | None:
    """The client of an engagement as stored."""
    return people.person(connection, engagements.parties(connection, engagement)[1])


# -- the end ---------------------------------------------------------------------------------------------------------


def plan_end(connection: Connection, engagement: str, now: datetime) -> None:
    """Plan anew when an engagement begins to close, and when it ends, by the day on which it is to end."""
    for deed in (BEGIN, END):
        agenda.unschedule(connection, engagement=engagement, dialogue=deed)
    found, client = aims(connection, engagement), client_of(connection, engagement)
    if client is None or found.ends is None or found.closed is not None:
        return
    today = local_day(now, zone_now(client, now))
    if found.phase is not Phase.CLOSING:
        begin = min(max(found.ends - NOTICE, today + _DAY), max(found.ends, today))
        errand(connection, client, engagement, BEGIN, begin)
    errand(connection, client, engagement, END, max(found.ends, today))


# -- reviews ---------------------------------------------------------------------------------------------------------


def plan_reviews(connection: Connection, client: Known, now: datetime) -> None:
    """Give every engagement of a client that is under way its next monthly review, where none is planned."""
    today = local_day(now, zone_now(client, now))
    for coached in engagements.engagements_as_client(connection, client.id):
        engagement = coached.engagement
        if engagement.state == "active" and coached.planned:
            _plan_review(connection, client, engagement.id, today)


def _plan_review(connection: Connection, client: Known, engagement: str, today: date) -> None:
    found = aims(connection, engagement)
    if found.phase not in _REVIEWED or not found.active_goals or not wants(found.programme, REVIEW):
        return
    lost = agenda.drop_before(connection, client.id, engagement, REVIEW, today - REVIEW_LATE)
    if agenda.waits(connection, client.id, engagement, REVIEW):
        return
    day = today + (_DAY if lost else REVIEW_EVERY)  # full weeks left it no place: then it comes as soon as there is one
    agenda.schedule(connection, person=client.id, engagement=engagement, dialogue=REVIEW, day=day)
