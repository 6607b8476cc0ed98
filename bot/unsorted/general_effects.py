"""Carrying out records that take effect once: consents, wishes, pauses, codes. Promises are written elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Any

from bot.coaching.digest.digest_time_effects import plan_digest
from bot.coaching.follow_up import effects as afterwards
from bot.coaching.own_data.effects import data_asked, withdrawn
from bot.coaching.planning import phase_effects as phases
from bot.coaching.practice import cover_effects as covers
from bot.coaching.practice.effects import COACH_RECORDS
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.backoff import restored
from bot.coaching.rhythm.effects import quiet_of, replan, with_quiet
from bot.coaching.sessions import effects as sessions
from bot.coaching.sponsor.effects import report_made, wish_asked
from bot.local_time import instant, local_day
from bot.model.facts import Pause
from bot.model.records import (
    CallWanted,
    Coded,
    Consented,
    DataAsked,
    Invited,
    Kept,
    Looked,
    Paused,
    Preferred,
    Rebound,
    Restored,
    Resumed,
    Stopped,
    Travelled,
    Undone,
    Wished,
)
from bot.model.records_plan import (
    AgreementConfirmed,
    LadderConfirmed,
    PhaseMoved,
    ProgrammeSet,
    ReportMade,
    Scheduled,
    Unscheduled,
    WishAsked,
)
from bot.transaction.unit_of_work import Scene
from bot.unsorted import run_hooks as endings
from bot.unsorted.session_effects_table import SESSION_RECORDS
from storage import addresses, agenda, answers, audit, engagements, invites, people, programmes, timers
from storage import conversations as talks
from storage.outbox import rows as outbox
from storage.plans import aims

ERRAND_AT = time(9)
WITHDRAWN = "no"


def _consented(scene: Scene, record: Consented) -> None:
    own = engagements.engagements_as_client(scene.connection, scene.known.id)
    for coached in own:
        if record.kind == "coach_sees":
            visible = {"described": "described", "status": "status"}.get(record.choice, "none")
            engagements.change_engagement(scene.connection, coached.engagement.id, visible=visible)
        engagements.add_consent(
            scene.connection,
            scene.known.id,
            engagement=coached.engagement.id,
            kind=record.kind,
            choice=record.choice,
            version=scene.library.newest("welcome", scene.known.language).version,
            at=scene.now,
        )
    audit.note(
        scene.connection,
        at=scene.now,
        role="own",
        actor=scene.known.id,
        verb=audit.CONSENTED,
        kind=f"{record.kind}: {record.choice}",
        subject=scene.known.id,
    )
    if record.kind == "programme" and record.choice == "yes":
        scene.wish(since=scene.today, stopped=False)
    if record.choice == WITHDRAWN:
        withdrawn(scene, record.kind)


def _wished(scene: Scene, record: Wished) -> None:
    columns: dict[str, Any] = {}
    if record.name:
        columns["name"] = record.name
    if record.zone:
        columns["home"] = record.zone
    if record.language:
        wording = scene.library.wording_at(record.language, record.zone or scene.known.home)
        columns |= {"language": wording.language, "locale": wording.locale}
    rhythmic = {"pace", "weekday", "at", "working_days"}
    changes = {
        name: getattr(record, name) for name in (*rhythmic, "focus", "daily_until") if getattr(record, name) is not None
    }
    if record.pace is not None:
        changes["daily_until"] = record.daily_until
    if record.add_holiday is not None:
        changes["holidays"] = scene.known.wishes.holidays | {record.add_holiday}
    if rhythmic & changes.keys():
        columns["rhythm_since"] = scene.now
    if columns:
        people.change_person(scene.connection, scene.known.id, **columns)
        scene.known = replace(scene.known, **columns)
        scene.today = local_day(scene.now, scene.known.zone_at(scene.now))
    if record.zone and scene.known.coach:
        plan_digest(scene.connection, scene.known, scene.now)
    scene.wish(**changes)
    if columns or changes.keys() & {"working_days", "holidays"}:
        sessions.plan_anew(scene)


def _travelled(scene: Scene, record: Travelled) -> None:
    scene.wish(travel_zone=record.zone or None, travel_until=record.until)
    sessions.plan_anew(scene)


def _paused(scene: Scene, record: Paused) -> None:
    rest = Pause(first=record.first, last=record.last)
    people.add_pause(scene.connection, scene.known.id, rest, scene.today)
    sessions.plan_anew(scene)
    if rest.covers(scene.today):
        outbox.cancel_prompts(scene.connection, scene.known.id, "paused", scene.now)
    for timer in timers.of_person(scene.connection, scene.known.id):
        if timer.kind == "remind" and rest.covers(local_day(timer.due_at, scene.known.zone_at(timer.due_at))):
            timers.disarm(scene.connection, timer.token, timer.kind)


def _resumed(scene: Scene, record: Resumed) -> None:
    people.end_pauses(scene.connection, scene.known.id, scene.today, ahead=record.ahead)
    sessions.plan_anew(scene)
    wishes = scene.known.wishes
    scene.wish(stopped=False, held=None, since=wishes.since if wishes.begun else scene.today)


def _restored(scene: Scene, record: Restored) -> None:
    scene.known = replace(scene.known, wishes=with_quiet(scene.known.wishes, restored(quiet_of(scene.known.wishes))))
    scene.wish()


def _stopped(scene: Scene, record: Stopped) -> None:
    scene.wish(stopped=True)
    afterwards.stopped(scene)
    outbox.cancel_prompts(scene.connection, scene.known.id, "stopped", scene.now)
    timers.drop_timers_of(scene.connection, scene.known.id, "remind")


def _undone(scene: Scene, record: Undone) -> None:
    answers.forget_answers(scene.connection, record.run)
    talks.mark_undone(scene.connection, record.run)


def _call_wanted(scene: Scene, record: CallWanted) -> None:
    engagements.change_engagement(scene.connection, record.engagement, call_wanted=scene.today)


def _coded(scene: Scene, record: Coded) -> None:
    scene.code = invites.new_code()
    invites.add_invite(
        scene.connection,
        scene.code,
        role=record.role,
        coach=None,
        person=record.person or scene.known.id,
        name=scene.known.name,
        zone=scene.known.home,
        expires_at=record.expires,
    )


def _preferred(scene: Scene, record: Preferred) -> None:
    if scene.reply_to is not None:
        addresses.prefer(scene.connection, scene.known.id, scene.reply_to.id)


def _rebound(scene: Scene, record: Rebound) -> None:
    """The chat takes the place of all others, or is let go."""
    if not record.agreed:
        addresses.change_place(scene.connection, record.place, state="closed")
        return
    for place in addresses.places(scene.connection, scene.known.id):
        state = "active" if place.id == record.place else "closed"
        addresses.change_place(scene.connection, place.id, state=state)
    addresses.prefer(scene.connection, scene.known.id, record.place)


def _programme_set(scene: Scene, record: ProgrammeSet) -> None:
    if record.engagement:
        programmes.keep_for_engagement(scene.connection, record.engagement, record.programme)
    else:
        programmes.keep_for_coach(scene.connection, scene.known.id, record.programme)


def _scheduled(scene: Scene, record: Scheduled) -> None:
    other = people.person(scene.connection, record.person or scene.known.id)
    if other is None or not wants(aims(scene.connection, record.engagement).programme, record.dialogue):
        return
    hour = record.at or ERRAND_AT
    agenda.schedule(
        scene.connection,
        person=other.id,
        engagement=record.engagement,
        dialogue=record.dialogue,
        day=record.day,
        at=record.at,
        due_at=(instant(record.day, hour, other.home) or scene.now) if record.errand else None,
        items=record.items,
    )
    if other.id != scene.known.id and not record.errand:
        replan(scene.connection, other, scene.now)


def _unscheduled(scene: Scene, record: Unscheduled) -> None:
    agenda.unschedule(
        scene.connection,
        engagement=record.engagement,
        dialogue=record.dialogue,
        person=record.person,
        items=record.items,
    )


def _looked(scene: Scene, record: Looked) -> None:
    if record.covering:
        covers.looked(scene, record)
        return
    engagements.note_seen(scene.connection, scene.known.id, record.client, scene.now)
    audit.note_looked(scene.connection, scene.known.id, record.client, record.what, scene.now)


def _kept_for(scene: Scene, record: Kept) -> None:
    scene.wish(keep_days=record.days)


def _invited(scene: Scene, record: Invited) -> None:
    scene.code = invites.new_code()
    invites.add_invite(
        scene.connection,
        scene.code,
        role="client",
        coach=scene.known.id,
        name=record.name,
        zone=scene.known.home,
        expires_at=record.expires,
    )


RECORDS: dict[type, Callable[[Scene, Any], None]] = {
    **COACH_RECORDS,
    **SESSION_RECORDS,
    **endings.RECORDS,
    Consented: _consented,
    Wished: _wished,
    Travelled: _travelled,
    Paused: _paused,
    Resumed: _resumed,
    Restored: _restored,
    Stopped: _stopped,
    Undone: _undone,
    CallWanted: _call_wanted,
    Invited: _invited,
    Looked: _looked,
    DataAsked: data_asked,
    Kept: _kept_for,
    Coded: _coded,
    Preferred: _preferred,
    Rebound: _rebound,
    Scheduled: _scheduled,
    ProgrammeSet: _programme_set,
    ReportMade: report_made,
    WishAsked: wish_asked,
    Unscheduled: _unscheduled,
    PhaseMoved: phases.move,
    AgreementConfirmed: phases.confirm_agreement,
    LadderConfirmed: phases.confirm_ladder,
}
