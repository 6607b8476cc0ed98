"""Facts of a person, loaded for one step; what only some commands need is loaded only for them."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.coaching.habits.rules import HABIT_TODAY
from bot.coaching.rhythm.effects import timetable
from bot.coaching.rhythm.next_prompt import upcoming
from bot.coaching.undo.commands import UNDO_STEPS, UNDO_WITHIN
from bot.coaching.visibility.answer_to_hide import HIDE_WITHIN
from bot.coaching.visibility.client_views_effects import RATED, TOLD, covered, covering, practice, recent_call
from bot.coaching.visibility.shown_plan import as_client, without_kept
from bot.coaching.visibility.table import coach_plan, is_related
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.answers import Audience
from bot.model.people.chats import CLOSED, Chat
from bot.model.people.engagements import Access
from bot.model.people.preferences import CoachPreferences
from bot.model.plan import Plan
from bot.time_zones import local_day
from bot.transaction import undoable
from storage import audit
from storage.conversation import answers
from storage.errors import Unreadable
from storage.people import addresses, coaches, engagements, invites, people
from storage.people.addresses import Place
from storage.people.engagements import Coached
from storage.people.people import Known
from storage.programme import absences, occurrences, programmes
from storage.programme import commitments as commitments_rows
from storage.programme import habits as habits_rows
from storage.programme.plans import plans_of

_log = logging.getLogger(__name__)


def facts(connection: Connection, known: Known, now: datetime, *, at: Place | None = None) -> Facts:
    """What is known of a person now, as far as every event needs it, and as the chat `at` may show it.

    Without a chat it is the one that they are written to in.
    """
    zone = known.zone_at(now)
    today = local_day(now, zone)
    coached = engagements.engagements_as_client(connection, known.id)
    coaching = engagements.engagements_as_coach(connection, known.id) if known.coach else []
    places = addresses.places(connection, known.id)
    here = at or next((place for place in places if place.state == "active"), None)
    found = Facts(
        today=today,
        now=now,
        person=known.person(zone),
        wishes=known.wishes,
        pauses=people.pauses(connection, known.id),
        engagements=tuple(c.engagement for c in (*coached, *coaching)),
        commitments=commitments_rows.open_commitments(connection, known.id),
        done=commitments_rows.done_commitments(connection, known.id) if coached else frozenset(),
        habits=habits_rows.habits(connection, known.id) if coached else (),
        ratings=commitments_rows.ratings(connection, known.id, today - RATED),
        covering=tuple(c.engagement for c, _ in covering(connection, known.id, now)) if known.coach else (),
        next_prompt=known.next_at,
        plans=_plans(connection, coached, coaching),
        own=coaches.wishes(connection, known.id) if known.coach else CoachPreferences(),
        programme=programmes.of_coach(connection, known.id) if known.coach else None,
        places=tuple(_chat(place, at) for place in places if place.state != CLOSED),
        private_from=here.private_from if here is not None else None,
    )
    return screened(found)


def _chat(place: Place, at: Place | None) -> Chat:
    return Chat(
        id=place.id,
        platform=place.address.platform,
        state=place.state,
        preferred=place.preferred,
        since=place.since,
        here=at is not None and place.id == at.id,
    )


def with_needs(connection: Connection, known: Known, found: Facts, needs: frozenset[Need]) -> Facts:
    """The facts, with those that a command asks for besides; what is there already is not read again."""
    for need, load in _LOADS.items():
        if need in needs:
            found = replace(found, **load(connection, known, found))
    return screened(found)


def _history(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    since = found.today - TOLD
    return {
        "commitments": commitments_rows.all_commitments(connection, known.id),
        "asked": occurrences.asked(connection, known.id, since),
        "remarks": commitments_rows.remarks(connection, known.id, since),
        "calls_wanted": _calls_wanted(connection, known, found),
    }


def _calls_wanted(connection: Connection, known: Known, found: Facts) -> dict[str, date]:
    """Since when a client has been waiting for a call, by engagement, as their coach sees it."""
    coached = engagements.engagements_as_client(connection, known.id)
    days = {each.engagement.id: recent_call(each.call_wanted, found.today) for each in coached}
    return {wanted: day for wanted, day in days.items() if day is not None}


def _of_newest_engagement(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    """Of ratings and remarks those of the newest running engagement, as its coach may be shown them."""
    running = [e.id for e in found.engagements if e.client == known.id and e.state == "active"]
    if not running:
        return {}
    of = running[-1]
    return {
        "ratings": commitments_rows.ratings(connection, known.id, found.today - RATED, engagement=of),
        "remarks": commitments_rows.remarks(connection, known.id, found.today - TOLD, engagement=of),
    }


def _practice(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    if not known.coach:
        return {}
    return {"practice": practice(connection, known, found.now), "covered": covered(connection, known, found.now)}


def _last(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    last = answers.last_written(connection, known.id, found.now - HIDE_WITHIN)
    return {} if last is None else {"last": replace(last, seen=_seen(connection, known, last.at))}


def _undoable(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    newest = undoable.newest(connection, known, found.now - UNDO_WITHIN, UNDO_STEPS)
    return {} if newest is None else {"undoable": replace(newest, seen=_seen(connection, known, newest.at))}


def _seen(connection: Connection, known: Known, at: datetime | None) -> bool:
    """Whether a coach of theirs has looked since."""
    coached = engagements.engagements_as_client(connection, known.id)
    return at is not None and any(c.seen_at is not None and c.seen_at >= at for c in coached)


def _invites(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    return {"invites": invites.open_invites(connection, known.id, found.now)} if known.coach else {}


def _colleagues(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    return {"colleagues": coaches.colleagues(connection, known.id)} if known.coach else {}


def _accesses(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    """Who read what on which day of the client's own; the same on the same day is one entry."""
    entries = audit.accesses(connection, known.id)
    names = {e.coach: e.coach_name for e in found.engagements if e.client == known.id}
    for actor in {entry.actor for entry in entries} - names.keys():  # whoever covered, or coached before
        reader = people.person(connection, actor)
        names |= {actor: reader.name} if reader is not None else {}
    seen = (
        Access(day=local_day(entry.at, known.home), who=names.get(entry.actor, ""), what=entry.kind)
        for entry in entries
    )
    return {"accesses": tuple(dict.fromkeys(seen))}


def _helplines(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    """The helplines that the coach set: a client's coach of now, or the coach's own."""
    running = [e.coach for e in found.engagements if e.client == known.id and e.state == "active"]
    return {"pointers": coaches.wishes(connection, running[-1] if running else known.id).pointers}


def _away(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    own = [e.coach for e in found.engagements if e.client == known.id]
    return {"away": absences.away_until(connection, own, found.today)}


def _coming(connection: Connection, known: Known, found: Facts) -> dict[str, Any]:
    """What the next seven days bring to each client: local days and dialogues, never hours."""
    coming = {}
    for engagement in (e for e in found.engagements if e.coach == known.id):
        try:
            client = people.person(connection, engagement.client)
        except Unreadable:
            continue  # see `client_views_effects`
        if client is not None and is_related(engagement) and client.wishes.begun:
            ahead = [] if client.wishes.stopped else upcoming(timetable(connection, client, found.now), found.now, 1)
            coming[engagement.id] = tuple((e.local_date, e.dialogue) for e in ahead if e.dialogue != HABIT_TODAY)
    return {"coming": coming}


_LOADS: Mapping[Need, Callable[[Connection, Known, Facts], dict[str, Any]]] = {
    Need.HISTORY: _history,
    Need.NEWEST_ENGAGEMENT: _of_newest_engagement,
    Need.PRACTICE: _practice,
    Need.LAST_ANSWER: _last,
    Need.UNDOABLE: _undoable,
    Need.INVITES: _invites,
    Need.COLLEAGUES: _colleagues,
    Need.ACCESS: _accesses,
    Need.HELPLINES: _helplines,
    Need.AWAY: _away,
    Need.COMING: _coming,
}


def screened(found: Facts) -> Facts:
    """The facts without private entries from before an instant: what a chat bound by a coach's code may show."""
    since = found.private_from
    if since is None:
        return found
    day = since.astimezone(ZoneInfo(found.person.zone)).date()
    last, newest = found.last, found.undoable
    return replace(
        found,
        commitments=tuple(c for c in found.commitments if c.audience is not Audience.PRIVATE or c.made > day),
        habits=tuple(h for h in found.habits if not h.private or h.made > day),
        ratings=tuple(r for r in found.ratings if r.audience is not Audience.PRIVATE or r.day > day),
        remarks=tuple(r for r in found.remarks if r.audience is not Audience.PRIVATE or r.day > day),
        plans={of: without_kept(plan, day) for of, plan in found.plans.items()},
        last=None if last and last.at is not None and last.at <= since else last,
        undoable=None if newest and newest.at <= since else newest,
    )


def _plans(connection: Connection, coached: list[Coached], coaching: list[Coached]) -> Mapping[str, Plan]:
    """The plans of the engagements, each as this side of it may see it."""
    own = plans_of(connection, coached)
    found = plans_of(connection, coaching)
    return {wanted: as_client(plan) for wanted, plan in own.items()} | {
        each.engagement.id: coach_plan(each.engagement, found[each.engagement.id]) for each in coaching
    }
