"""The clients of a coach, read from the rows, each as that coach may see them."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.visibility.table import client_view, covers
from bot.model.people.client_view import ClientView
from bot.time_zones import local_day
from storage.errors import Unreadable
from storage.people import addresses, coaches, engagements, people
from storage.people.engagements import Coached
from storage.people.people import Known
from storage.programme import commitments as commitments_rows
from storage.programme import habits as habits_rows
from storage.programme import occurrences
from storage.programme.plans import plans_of

_log = logging.getLogger(__name__)

RATED = timedelta(days=120)  # numbers of six weeks are compared, and a rest may lie between them
TOLD = timedelta(days=70)
SHOWN = 21


def practice(connection: Connection, coach: Known, now: datetime) -> tuple[ClientView, ...]:
    """The clients of a coach, each as that coach may see them."""
    found = engagements.engagements_as_coach(connection, coach.id)
    return _views(connection, found, now)


def covered(connection: Connection, coach: Known, now: datetime) -> tuple[ClientView, ...]:
    """The clients of coaches who are away, as this one may see them in their place."""
    found = covering(connection, coach.id, now)
    return _views(connection, [coached for coached, _ in found], now, cover=coach.id)


def _views(
    connection: Connection, coachings: Sequence[Coached], now: datetime, *, cover: str = ""
) -> tuple[ClientView, ...]:
    """What a coach sees of each client; one whose rows cannot be read keeps nobody else from being seen."""
    found = []
    for coached in coachings:
        try:
            found.append(_view(connection, coached, now, cover=cover))
        except Unreadable as error:
            told = {"kind": "client", "key": coached.engagement.client, "reason": str(error)}
            _log.error("a client cannot be shown to their coach", extra=told)
    return tuple(found)


def _view(connection: Connection, coached: Coached, now: datetime, *, cover: str = "") -> ClientView:
    engagement = coached.engagement
    known = people.person(connection, engagement.client)
    if known is None:
        raise LookupError(f"engagement {engagement.id} without its client")
    today = local_day(now, known.zone_at(now))
    return client_view(
        engagement,
        today=today,
        connected=addresses.reachable(connection, known.id) is not None,
        wishes=known.wishes,
        pauses=people.pauses(connection, known.id),
        commitments=commitments_rows.all_commitments(connection, known.id),
        habits=habits_rows.habits(connection, known.id),
        ratings=commitments_rows.ratings(connection, known.id, today - RATED, engagement=engagement.id),
        remarks=commitments_rows.remarks(connection, known.id, today - TOLD, engagement=engagement.id),
        asked=occurrences.asked(connection, known.id, today - TOLD),
        call_wanted=recent_call(coached.call_wanted, today),
        plan=plans_of(connection, (coached,))[engagement.id],
        zone=known.zone_at(now),
        left=() if cover else coaches.left_signals(connection, engagement.id, today),
        cover=cover,
    )


def recent_call(day: date | None, today: date) -> date | None:
    """A wish for a call is shown for three weeks, like any signal."""
    return day if day is not None and (today - day).days <= SHOWN else None


def covering(connection: Connection, coach: str, now: datetime) -> list[tuple[engagements.Coached, Known]]:
    """The engagements that this coach reads today in place of others, with their clients."""
    found = []
    for coached in engagements.engagements_as_cover(connection, coach):
        client = people.person(connection, coached.engagement.client)
        if client is not None and covers(coached.engagement, coach, local_day(now, client.zone_at(now))):
            found.append((coached, client))
    return found
