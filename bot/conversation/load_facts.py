"""Facts of a person, loaded for one step; what only some commands need is loaded only for them."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.coaching.rhythm.effects import timetable
from bot.coaching.rhythm.next_prompt import upcoming
from bot.coaching.visibility.client_views_effects import RATED, TOLD, covered, covering, practice
from bot.coaching.visibility.shown_plan import as_client
from bot.coaching.visibility.table import coach_plan, is_related
from bot.local_time import local_day
from bot.model.facts import Access, Audience, CoachPreferences, Facts, LastAnswer
from bot.model.needs import NO_NEEDS, Need
from bot.model.plan import Plan
from storage import audit
from storage.conversation import answers
from storage.errors import Unreadable
from storage.people import addresses, coaches, engagements, invites, people
from storage.people.engagements import Coached
from storage.people.people import Known
from storage.programme import absences, occurrences, programmes
from storage.programme import commitments as commitments_rows
from storage.programme.plans import plans_of

_log = logging.getLogger(__name__)

UNDOABLE = timedelta(days=2)


def facts(connection: Connection, known: Known, now: datetime, *, needs: frozenset[Need] = NO_NEEDS) -> Facts:
    """What is known of a person now; `needs` is what the command that will be run asks for, if one will be."""
    zone = known.zone_at(now)
    today = local_day(now, zone)
    coached = engagements.engagements_as_client(connection, known.id)
    coaching = engagements.engagements_as_coach(connection, known.id) if known.coach else []
    history = Need.HISTORY in needs
    running = [c.engagement.id for c in coached if c.engagement.state == "active"]
    of = running[-1] if running and Need.NEWEST_ENGAGEMENT in needs else ""  # the preview is that of one engagement
    places = addresses.places(connection, known.id)
    commitments = commitments_rows.all_commitments if history else commitments_rows.open_commitments
    return Facts(
        today=today,
        now=now,
        person=known.person(zone),
        wishes=known.wishes,
        pauses=people.pauses(connection, known.id),
        engagements=tuple(c.engagement for c in (*coached, *coaching)),
        commitments=commitments(connection, known.id),
        opened=occurrences.memory(connection, known.id, today - TOLD).opened if history else (),
        ratings=commitments_rows.ratings(connection, known.id, today - RATED, engagement=of),
        remarks=commitments_rows.remarks(connection, known.id, today - TOLD, engagement=of) if history else (),
        answered=tuple(answers.answer_days(connection, known.id, today - TOLD)) if history else (),
        last=_last(connection, known, coached, now) if Need.LAST_ANSWER in needs else None,
        practice=practice(connection, known, now) if known.coach and Need.PRACTICE in needs else (),
        covering=tuple(c.engagement for c, _ in covering(connection, known.id, now)) if known.coach else (),
        covered=covered(connection, known, now) if known.coach and Need.PRACTICE in needs else (),
        next_prompt=known.next_at,
        plans=_plans(connection, coached, coaching),
        own=coaches.wishes(connection, known.id) if known.coach else CoachPreferences(),
        invites=invites.open_invites(connection, known.id, now) if known.coach and Need.INVITES in needs else (),
        colleagues=coaches.colleagues(connection, known.id) if known.coach and Need.COLLEAGUES in needs else (),
        pointers=_pointers(connection, known, coached) if Need.HELPLINES in needs else "",
        away=absences.away_until(connection, [c.engagement.coach for c in coached], today)
        if Need.AWAY in needs
        else {},
        programme=programmes.of_coach(connection, known.id) if known.coach else None,
        coming=_coming(connection, coaching, now) if Need.COMING in needs else {},
        accesses=_accesses(connection, known, coached) if Need.ACCESS in needs else (),
        chats=tuple(place.address.platform for place in places if place.state != "pending"),
        pending=next((place.id for place in places if place.state == "pending"), ""),
    )


def _away(connection: Connection, coached: list[Coached], today: date) -> Mapping[str, date]:
    return absences.away_until(connection, [c.engagement.coach for c in coached], today)


def _accesses(connection: Connection, known: Known, coached: list[Coached]) -> tuple[Access, ...]:
    """Who read what on which day of the client's own; the same on the same day is one entry."""
    entries = audit.accesses(connection, known.id)
    names = {c.engagement.coach: c.engagement.coach_name for c in coached}
    for actor in {entry.actor for entry in entries} - names.keys():  # whoever covered, or coached before
        reader = people.person(connection, actor)
        names |= {actor: reader.name} if reader is not None else {}
    found = (
        Access(day=local_day(entry.at, known.home), who=names.get(entry.actor, ""), what=entry.kind)
        for entry in entries
    )
    return tuple(dict.fromkeys(found))


def screened(found: Facts, since: datetime | None) -> Facts:
    """The facts without private entries from before an instant: what a chat bound by a coach's code may show."""
    if since is None:
        return found
    day = since.astimezone(ZoneInfo(found.person.zone)).date()
    last = found.last
    return replace(
        found,
        commitments=tuple(c for c in found.commitments if c.audience is not Audience.PRIVATE or c.made > day),
        ratings=tuple(r for r in found.ratings if r.audience is not Audience.PRIVATE or r.day > day),
        remarks=tuple(r for r in found.remarks if r.audience is not Audience.PRIVATE or r.day > day),
        last=None if last and last.audience is Audience.PRIVATE and last.day <= day else last,
    )


def _plans(connection: Connection, coached: list[Coached], coaching: list[Coached]) -> Mapping[str, Plan]:
    """The plans of the engagements, each as this side of it may see it."""
    own = plans_of(connection, coached)
    found = plans_of(connection, coaching)
    return {wanted: as_client(plan) for wanted, plan in own.items()} | {
        each.engagement.id: coach_plan(each.engagement, found[each.engagement.id]) for each in coaching
    }


def _pointers(connection: Connection, known: Known, coached: list[Coached]) -> str:
    """The helplines that the coach set: a client's coach of now, or the coach's own."""
    running = [c.engagement.coach for c in coached if c.engagement.state == "active"]
    return coaches.wishes(connection, running[-1] if running else known.id).pointers


def _coming(
    connection: Connection, coaching: list[Coached], now: datetime
) -> Mapping[str, tuple[tuple[date, str], ...]]:
    """What the next seven days bring to each client: local days and dialogues, never hours."""
    found = {}
    for coached in coaching:
        try:
            known = people.person(connection, coached.engagement.client)
        except Unreadable:
            continue  # see `_views`
        if known is not None and is_related(coached.engagement) and known.wishes.begun:
            ahead = [] if known.wishes.stopped else upcoming(timetable(connection, known, now), now, 1)
            found[coached.engagement.id] = tuple((each.local_date, each.dialogue) for each in ahead)
    return found


def _last(connection: Connection, known: Known, coached: list[Coached], now: datetime) -> LastAnswer | None:
    last = answers.last_written(connection, known.id, now - UNDOABLE)
    if last is None:
        return None
    seen = max((c.seen_at for c in coached if c.seen_at is not None), default=None)
    return replace(last, seen=bool(seen and last.at and seen >= last.at))
