"""What lies ahead of an engagement by itself: the next review, and its end. Put on the agenda, nothing more."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.closing.rules import NOTICE
from bot.coaching.programme.rules import wants
from bot.local_time import local_day
from bot.model.plan import Phase
from bot.transaction.planned_dates import BEGIN, END, client_of, errand
from storage.people import engagements
from storage.people.people import Known
from storage.programme import agenda
from storage.programme.plans import plan_of

REVIEW = "review"
REVIEW_EVERY = timedelta(days=28)
REVIEW_LATE = timedelta(days=7)  # for so long after its day the rhythm looks for a place
_REVIEWED = (Phase.PLANNING, Phase.COACHING, Phase.REVIEW)
_DAY = timedelta(days=1)


# -- the end ---------------------------------------------------------------------------------------------------------


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


# -- reviews ---------------------------------------------------------------------------------------------------------


def plan_reviews(connection: Connection, client: Known, now: datetime) -> None:
    """Give every engagement of a client that is under way its next monthly review, where none is planned."""
    today = local_day(now, client.zone_at(now))
    for coached in engagements.engagements_as_client(connection, client.id):
        engagement = coached.engagement
        if engagement.state == "active" and coached.planned:
            _plan_review(connection, client, engagement.id, today)


def _plan_review(connection: Connection, client: Known, engagement: str, today: date) -> None:
    found = plan_of(connection, engagement)
    if found.phase not in _REVIEWED or not found.active_goals or not wants(found.programme, REVIEW):
        return
    lost = agenda.drop_before(connection, client.id, engagement, REVIEW, today - REVIEW_LATE)
    if agenda.waits(connection, client.id, engagement, REVIEW):
        return
    day = today + (_DAY if lost else REVIEW_EVERY)  # full weeks left it no place: then it comes as soon as there is one
    agenda.schedule(connection, person=client.id, engagement=engagement, dialogue=REVIEW, day=day)
