"""What stays after the end of an engagement: check-ins that the client agreed to, a monthly minute, a way back.

Three consents of the client, each given and withdrawn for itself: `follow_up` (check-ins), `summary` (the coach reads
one of each), `self_coaching` (the monthly minute). Everything is an errand at the client's hour on working days.
"""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.coaching.follow_up.rules import (
    CHECK_IN_DAYS,
    GOOD_BYE_AFTER_CHECK_IN,
    MONTHLY_APART,
    MONTHLY_ENDS_AFTER,
    MONTHLY_EVERY,
    OVER_AFTER_GOOD_BYE,
    WHILE_PAUSED,
)
from bot.coaching.planning import phase_effects
from bot.coaching.planning import phases as planning_phases
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.effects import replan
from bot.coaching.shared.retention_period import KEPT_AFTER_THE_END
from bot.engine.state import Run
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.plan import Phase, Plan
from bot.model.records import Consented, Stopped
from bot.model.records_ending import FollowUp, FollowUpOver, Reopened, Reopening
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Notification
from bot.time_zones import instant
from bot.transaction.card import Effects
from bot.transaction.notify import notify, notify_afterwards
from bot.transaction.planned_dates import client_of, errand, working_day
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations
from storage.people import engagements, people
from storage.people.engagements import change_engagement
from storage.people.people import Known
from storage.programme import agenda
from storage.programme.plans import plan_of
from storage.serialise import dump

OVER = "end-follow-up"  # a deed: nothing is asked
CHECKIN, MONTHLY, GOOD_BYE, REOPENING = "follow-up", "self-coaching", "last-good-bye", "reopening"
DIALOGUES = frozenset({CHECKIN, MONTHLY, GOOD_BYE, REOPENING})
_AGREED, _SUMMARY, _MINUTE = "follow_up", "summary", "self_coaching"  # kinds of consent


def _agreed(unit: UnitOfWork, record: FollowUp) -> None:
    """Note what the client wants after the end; once it is over, plan by it."""
    found, client = plan_of(unit.connection, record.engagement), client_of(unit.connection, record.engagement)
    if client is None:
        return
    yes = {_AGREED: None if record.days is None else bool(record.days), _SUMMARY: record.share, _MINUTE: record.monthly}
    version = unit.library.newest("next-chapter", client.language).version
    for kind, choice in yes.items():
        if choice is not None:
            engagements.add_consent(
                unit.connection,
                client.id,
                engagement=record.engagement,
                kind=kind,
                choice="yes" if choice else "no",
                version=version,
                at=unit.now,
            )
    if record.days is not None:
        _keep_days(unit.connection, record.engagement, found.closed or found.ends or unit.today, record.days)
    if found.closed is not None:
        plan_follow_ups(unit, record.engagement)


def _keep_days(connection: Connection, engagement: str, end: date, days: tuple[int, ...]) -> None:
    dated = {str(day): end + timedelta(days=day) for day in days}
    change_engagement(connection, engagement, follow_up=dump(dict[str, date], dated), planned=True)


def anything(unit: UnitOfWork, engagement: Engagement) -> bool:
    """Whether the client agreed to anything after the end."""
    return bool({_AGREED, _MINUTE} & engagement.consents)


def plan_follow_ups(unit: UnitOfWork, wanted: str) -> None:
    """Plan anew all that is asked after the end of an engagement; with nothing agreed to, it is over for good."""
    connection = unit.connection
    found, client = plan_of(connection, wanted), client_of(connection, wanted)
    if client is None or found.closed is None:
        return
    for dialogue in (*DIALOGUES, OVER):
        agenda.unschedule(connection, engagement=wanted, dialogue=dialogue)
    consents = engagements.consents(connection, client.id).get(wanted, frozenset())
    days = tuple(int(day) for day in found.follow_up) if _AGREED in consents else ()
    if not days and _MINUTE not in consents:
        phase_effects.move(unit, PhaseMoved(engagement=wanted, phase=Phase.ENDED))
        return
    _keep_days(connection, wanted, found.closed, days)
    found = plan_of(connection, wanted)
    if wants(found.programme, CHECKIN):
        for day in found.follow_up.values():
            _on(unit, client, wanted, CHECKIN, day)
    if _MINUTE in consents:
        _monthly(unit, client, wanted, found)
    if not _runs(unit, client.id, wanted, GOOD_BYE):
        bye = _last_day(found)
        _on(unit, client, wanted, GOOD_BYE, bye)
        _on(unit, client, wanted, OVER, bye + OVER_AFTER_GOOD_BYE)


def _last_day(found: Plan) -> date:
    """The day of the last good-bye: as the last of the usual check-ins; after a check-in of that day it waits."""
    half = (found.closed or date.min) + timedelta(days=CHECK_IN_DAYS[-1])
    last = max(found.follow_up.values(), default=half)
    return max(half, last) + (GOOD_BYE_AFTER_CHECK_IN if last >= half and found.follow_up else timedelta())


def _on(unit: UnitOfWork, client: Known, wanted: str, dialogue: str, day: date) -> None:
    day = working_day(client, day)
    if day > unit.today:
        errand(unit.connection, client, wanted, dialogue, day)


def _monthly(unit: UnitOfWork, client: Known, wanted: str, found: Plan) -> None:
    """The next monthly minute, where no check-in is near; as long as anything is kept."""
    closed = found.closed or unit.today
    for month in range(1, 13):
        day = closed + MONTHLY_EVERY * month
        near = any(abs(day - other) < MONTHLY_APART for other in found.follow_up.values())
        if day > unit.today and not near and day < closed + KEPT_AFTER_THE_END:
            _on(unit, client, wanted, MONTHLY, day)
            return


def _monthly_opened(unit: UnitOfWork, entry: agenda.Entry) -> None:
    """A monthly minute has been asked: the next one, unless they go unanswered."""
    before = _runs(unit, unit.known.id, entry.engagement, MONTHLY)[: MONTHLY_ENDS_AFTER + 1]
    ended = [state for state in before if state != "open"][:MONTHLY_ENDS_AFTER]
    if ended == ["missed"] * MONTHLY_ENDS_AFTER:
        return
    _monthly(unit, unit.known, entry.engagement, plan_of(unit.connection, entry.engagement))


def _runs(unit: UnitOfWork, client: str, engagement: str, dialogue: str) -> list[str]:
    """How the runs of a dialogue of an engagement ended, the newest first."""
    since = plan_of(unit.connection, engagement).closed or date.min
    return conversations.runs_of(unit.connection, client, engagement=engagement, dialogue=dialogue, since=since)


def _held_back(unit: UnitOfWork, entry: agenda.Entry) -> bool:
    """Whether an errand after the end is not to be opened now: dropped after a stop, moved behind a pause."""
    if unit.known.wishes.stopped:
        agenda.finish(unit.connection, entry.id, "dropped")
        return True
    pauses = [pause.last for pause in people.pauses(unit.connection, unit.known.id) if pause.covers(unit.today)]
    if not pauses:
        return False
    ends = [end for end in pauses if end is not None]
    back = max(ends) + timedelta(days=1) if len(ends) == len(pauses) else unit.today + WHILE_PAUSED
    day = working_day(unit.known, back)
    at = instant(day, unit.known.wishes.at, unit.known.home) or unit.now + WHILE_PAUSED
    agenda.move(unit.connection, entry.id, day, at)
    return True


def _good_bye_began(unit: UnitOfWork, run: Run) -> None:
    """It is said once: what else would bring it is taken from the agenda."""
    if run.engagement:
        agenda.unschedule(unit.connection, engagement=run.engagement, dialogue=GOOD_BYE)


# -- stopping --------------------------------------------------------------------------------------------------------


def over(unit: UnitOfWork, record: FollowUpOver) -> None:
    """The last good-bye was said: nothing more is asked."""
    for kind in (_AGREED, _MINUTE):
        _withdraw(unit, record.engagement, kind)
    plan_follow_ups(unit, record.engagement)


def _stopped(unit: UnitOfWork, record: Stopped) -> None:
    """A client who says stop ends what was to be asked after the end too."""
    for engagement in _ended(unit):
        if {_AGREED, _MINUTE} & engagement.consents:
            over(unit, FollowUpOver(engagement=engagement.id))


def _withdrawn(unit: UnitOfWork, record: Consented) -> None:
    """A consent of these was taken back: what it allowed is not asked any more."""
    if record.choice == "no" and record.kind in (_AGREED, _SUMMARY, _MINUTE):
        for engagement in _ended(unit):
            plan_follow_ups(unit, engagement.id)


def _ended(unit: UnitOfWork) -> list[Engagement]:
    own = engagements.engagements_as_client(unit.connection, unit.known.id)
    return [coached.engagement for coached in own if coached.engagement.state == "closed"]


def _lapsed(unit: UnitOfWork, entry: agenda.Entry) -> None:
    """Some time after the last good-bye: over, unless the monthly minutes go on."""
    agenda.finish(unit.connection, entry.id, "done")
    wanted = entry.engagement
    if _MINUTE not in engagements.consents(unit.connection, unit.known.id).get(wanted, frozenset()):
        over(unit, FollowUpOver(engagement=wanted))
    notify_afterwards(unit)


def _withdraw(unit: UnitOfWork, wanted: str, kind: str) -> None:
    client = client_of(unit.connection, wanted)
    if client is None or kind not in engagements.consents(unit.connection, client.id).get(wanted, frozenset()):
        return
    version = unit.library.newest("last-good-bye", client.language).version
    engagements.add_consent(
        unit.connection, client.id, engagement=wanted, kind=kind, choice="no", version=version, at=unit.now
    )


# -- the way back ----------------------------------------------------------------------------------------------------


def _ask_to_reopen(unit: UnitOfWork, record: Reopening) -> None:
    """The client is asked whether to go on, at their hour on their next working day."""
    client = client_of(unit.connection, record.engagement)
    if client is not None:
        day = working_day(client, unit.today)
        at = instant(day, client.wishes.at, client.home)
        if at is None or at <= unit.now:
            day = working_day(client, day + timedelta(days=1))
        errand(unit.connection, client, record.engagement, REOPENING, day)


def _reopen(unit: UnitOfWork, record: Reopened) -> None:
    """The engagement runs again: the phase is coaching, the rhythm starts, what belongs after an end is dropped."""
    connection, wanted = unit.connection, record.engagement
    found, client = plan_of(connection, wanted), client_of(connection, wanted)
    if client is None or found.closed is None:
        return
    agenda.unschedule(connection, engagement=wanted)
    change_engagement(connection, wanted, state="active", closed=None, ends=None, follow_up="", call_wanted=None)
    by = record.by if planning_phases.may_move(found.phase, Phase.COACHING, record.by) else planning_phases.COACH
    phase_effects.move(unit, PhaseMoved(engagement=wanted, phase=Phase.COACHING, by=by))
    _start_again(unit, client)
    client = people.person(connection, client.id) or client
    replan(connection, client, unit.now)
    engagement = _engagement(connection, client.id, wanted)
    if record.by == planning_phases.COACH:
        notify(unit, Notification(person=client.id, phrase=phrase("reopened_client", coach=engagement.coach_name)))
    else:
        notify(
            unit, Notification(person=engagement.coach, phrase=phrase("reopened_coach", client=engagement.client_name))
        )


def _engagement(connection: Connection, client: str, wanted: str) -> Engagement:
    own = engagements.engagements_as_client(connection, client)
    return next(coached.engagement for coached in own if coached.engagement.id == wanted)


def _start_again(unit: UnitOfWork, client: Known) -> None:
    """Check-ins begin anew for a client who has no other engagement running."""
    wishes = client.wishes
    since = wishes.since if wishes.begun else unit.today
    again = replace(wishes, since=since, stopped=False)
    people.set_wishes(unit.connection, client.id, again)
    if client.id == unit.known.id:
        unit.wish(since=since, stopped=False)


EFFECTS = Effects(
    name="follow_up",
    once={FollowUp: _agreed, FollowUpOver: over, Reopening: _ask_to_reopen, Reopened: _reopen},
    also={Stopped: _stopped, Consented: _withdrawn},
    run_began={GOOD_BYE: _good_bye_began},
    deeds={OVER: _lapsed},
    held_back=dict.fromkeys(sorted(DIALOGUES), _held_back),
    opened={MONTHLY: _monthly_opened},
)
