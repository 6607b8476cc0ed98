"""What stays after the end of an engagement: check-ins that the client agreed to, a monthly minute, a way back.

Three consents of the client, each given and withdrawn for itself: `follow_up` (check-ins), `summary` (the coach reads
one of each), `self_coaching` (the monthly minute). Everything is an errand at the client's hour on working days.
"""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, select

from bot.coaching.closing.rules import KEPT, STAGES
from bot.coaching.planning import phase_effects as phases
from bot.coaching.planning import phases as rules
from bot.coaching.planning.ahead_effects import plan_reviews
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.effects import replan
from bot.local_time import instant
from bot.model.facts import Engagement
from bot.model.phrases import phrase
from bot.model.plan import Aims, Phase
from bot.model.records_ending import FollowUp, FollowUpOver, Reopened, Reopening
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.planned_dates import OVER, client_of, errand, working_day
from bot.transaction.unit_of_work import Scene
from storage import agenda, engagements, people
from storage.engagements import change_engagement
from storage.people import Known
from storage.plans import aims
from storage.serialise import dump
from storage.tables.people import RunRow, table_of

CHECKIN, MONTHLY, GOOD_BYE, REOPENING = "follow-up", "self-coaching", "last-good-bye", "reopening"
DIALOGUES = frozenset({CHECKIN, MONTHLY, GOOD_BYE, REOPENING})
_AGREED, _SUMMARY, _MINUTE = "follow_up", "summary", "self_coaching"  # kinds of consent
CONSENTS = frozenset({_AGREED, _SUMMARY, _MINUTE})
_MONTH, _NEAR = timedelta(days=30), timedelta(days=10)
_WAITS, _LINGERS = timedelta(days=7), timedelta(days=14)
_SILENT = 2  # monthly minutes that went unanswered, after which they end
_WHILE_PAUSED = timedelta(days=7)
_run = table_of(RunRow)


def agreed(scene: Scene, record: FollowUp) -> None:
    """Note what the client wants after the end; once it is over, plan by it."""
    found, client = aims(scene.connection, record.engagement), client_of(scene.connection, record.engagement)
    if client is None:
        return
    yes = {_AGREED: None if record.days is None else bool(record.days), _SUMMARY: record.share, _MINUTE: record.monthly}
    version = scene.library.newest("next-chapter", client.language).version
    for kind, choice in yes.items():
        if choice is not None:
            engagements.add_consent(
                scene.connection,
                client.id,
                engagement=record.engagement,
                kind=kind,
                choice="yes" if choice else "no",
                version=version,
                at=scene.now,
            )
    if record.days is not None:
        _keep_days(scene.connection, record.engagement, found.closed or found.ends or scene.today, record.days)
    if found.closed is not None:
        plan(scene, record.engagement)


def _keep_days(connection: Connection, engagement: str, end: date, days: tuple[int, ...]) -> None:
    dated = {str(day): end + timedelta(days=day) for day in days}
    change_engagement(connection, engagement, follow_up=dump(dict[str, date], dated), planned=True)


def anything(scene: Scene, engagement: Engagement) -> bool:
    """Whether the client agreed to anything after the end."""
    return bool({_AGREED, _MINUTE} & engagement.consents)


def plan(scene: Scene, wanted: str) -> None:
    """Plan anew all that is asked after the end of an engagement; with nothing agreed to, it is over for good."""
    connection = scene.connection
    found, client = aims(connection, wanted), client_of(connection, wanted)
    if client is None or found.closed is None:
        return
    for dialogue in (*DIALOGUES, OVER):
        agenda.unschedule(connection, engagement=wanted, dialogue=dialogue)
    consents = engagements.consents(connection, client.id).get(wanted, frozenset())
    days = tuple(int(day) for day in found.follow_up) if _AGREED in consents else ()
    if not days and _MINUTE not in consents:
        phases.move(scene, PhaseMoved(engagement=wanted, phase=Phase.ENDED))
        return
    _keep_days(connection, wanted, found.closed, days)
    found = aims(connection, wanted)
    if wants(found.programme, CHECKIN):
        for day in found.follow_up.values():
            _on(scene, client, wanted, CHECKIN, day)
    if _MINUTE in consents:
        _monthly(scene, client, wanted, found)
    if not _runs(scene, client.id, wanted, GOOD_BYE):
        bye = _last_day(found)
        _on(scene, client, wanted, GOOD_BYE, bye)
        _on(scene, client, wanted, OVER, bye + _LINGERS)


def _last_day(found: Aims) -> date:
    """The day of the last good-bye: half a year after the end; after a check-in of that day it waits for a week."""
    half = (found.closed or date.min) + timedelta(days=STAGES[-1])
    last = max(found.follow_up.values(), default=half)
    return max(half, last) + (_WAITS if last >= half and found.follow_up else timedelta())


def _on(scene: Scene, client: Known, wanted: str, dialogue: str, day: date) -> None:
    day = working_day(client, day)
    if day > scene.today:
        errand(scene.connection, client, wanted, dialogue, day)


def _monthly(scene: Scene, client: Known, wanted: str, found: Aims) -> None:
    """The next monthly minute, where no check-in is near; as long as anything is kept."""
    closed = found.closed or scene.today
    for month in range(1, 13):
        day = closed + _MONTH * month
        near = any(abs(day - other) < _NEAR for other in found.follow_up.values())
        if day > scene.today and not near and day < closed + KEPT:
            _on(scene, client, wanted, MONTHLY, day)
            return


def opened(scene: Scene, entry: agenda.Entry) -> None:
    """A monthly minute has been asked: the next one, unless they go unanswered."""
    before = _runs(scene, scene.known.id, entry.engagement, MONTHLY)[: _SILENT + 1]
    ended = [state for state in before if state != "open"][:_SILENT]
    if ended == ["missed"] * _SILENT:
        return
    _monthly(scene, scene.known, entry.engagement, aims(scene.connection, entry.engagement))


def _runs(scene: Scene, client: str, engagement: str, dialogue: str) -> list[str]:
    """How the runs of a dialogue of an engagement ended, the newest first."""
    since = aims(scene.connection, engagement).closed or date.min
    of = (_run.c.person == client, _run.c.engagement == engagement, _run.c.dialogue == dialogue, _run.c.day >= since)
    return list(scene.connection.execute(select(_run.c.state).where(*of).order_by(_run.c.began.desc())).scalars())


def held(scene: Scene, entry: agenda.Entry, pauses: tuple[date | None, ...]) -> bool:
    """Whether an errand after the end is held back: dropped after a stop, moved behind a pause (its last days)."""
    if scene.known.wishes.stopped:
        agenda.finish(scene.connection, entry.id, "dropped")
        return True
    if not pauses:
        return False
    ends = [end for end in pauses if end is not None]
    back = max(ends) + timedelta(days=1) if len(ends) == len(pauses) else scene.today + _WHILE_PAUSED
    day = working_day(scene.known, back)
    at = instant(day, scene.known.wishes.at, scene.known.home) or scene.now + _WHILE_PAUSED
    agenda.move(scene.connection, entry.id, day, at)
    return True


# -- stopping --------------------------------------------------------------------------------------------------------


def over(scene: Scene, record: FollowUpOver) -> None:
    """The last good-bye was said: nothing more is asked."""
    for kind in (_AGREED, _MINUTE):
        _withdraw(scene, record.engagement, kind)
    plan(scene, record.engagement)


def stopped(scene: Scene) -> None:
    """A client who says stop ends what was to be asked after the end too."""
    for coached in engagements.engagements_as_client(scene.connection, scene.known.id):
        engagement = coached.engagement
        if engagement.state == "closed" and {_AGREED, _MINUTE} & engagement.consents:
            over(scene, FollowUpOver(engagement=engagement.id))


def withdrawn(scene: Scene) -> None:
    """A consent of these was taken back: what it allowed is not asked any more."""
    for coached in engagements.engagements_as_client(scene.connection, scene.known.id):
        if coached.engagement.state == "closed":
            plan(scene, coached.engagement.id)


def lapsed(scene: Scene, wanted: str) -> None:
    """Some time after the last good-bye: over, unless the monthly minutes go on."""
    if _MINUTE not in engagements.consents(scene.connection, scene.known.id).get(wanted, frozenset()):
        over(scene, FollowUpOver(engagement=wanted))


def _withdraw(scene: Scene, wanted: str, kind: str) -> None:
    client = client_of(scene.connection, wanted)
    if client is None or kind not in engagements.consents(scene.connection, client.id).get(wanted, frozenset()):
        return
    version = scene.library.newest("last-good-bye", client.language).version
    engagements.add_consent(
        scene.connection, client.id, engagement=wanted, kind=kind, choice="no", version=version, at=scene.now
    )


# -- the way back ----------------------------------------------------------------------------------------------------


def ask_to_reopen(scene: Scene, record: Reopening) -> None:
    """The client is asked whether to go on, at their hour on their next working day."""
    client = client_of(scene.connection, record.engagement)
    if client is not None:
        day = working_day(client, scene.today)
        at = instant(day, client.wishes.at, client.home)
        if at is None or at <= scene.now:
            day = working_day(client, day + timedelta(days=1))
        errand(scene.connection, client, record.engagement, REOPENING, day)


def reopen(scene: Scene, record: Reopened) -> None:
    """The engagement runs again: the phase is coaching, the rhythm starts, what belongs after an end is dropped."""
    connection, wanted = scene.connection, record.engagement
    found, client = aims(connection, wanted), client_of(connection, wanted)
    if client is None or found.closed is None:
        return
    agenda.unschedule(connection, engagement=wanted)
    change_engagement(connection, wanted, state="active", closed=None, ends=None, follow_up="", call_wanted=None)
    by = record.by if rules.may_move(found.phase, Phase.COACHING, record.by) else rules.COACH
    phases.move(scene, PhaseMoved(engagement=wanted, phase=Phase.COACHING, by=by))
    _start_again(scene, client)
    client = people.person(connection, client.id) or client
    plan_reviews(connection, client, scene.now)
    replan(connection, client, scene.now)
    engagement = _engagement(connection, client.id, wanted)
    if record.by == rules.COACH:
        tell(scene, Told(person=client.id, phrase=phrase("reopened_client", coach=engagement.coach_name)))
    else:
        tell(scene, Told(person=engagement.coach, phrase=phrase("reopened_coach", client=engagement.client_name)))


def _engagement(connection: Connection, client: str, wanted: str) -> Engagement:
    own = engagements.engagements_as_client(connection, client)
    return next(coached.engagement for coached in own if coached.engagement.id == wanted)


def _start_again(scene: Scene, client: Known) -> None:
    """Check-ins begin anew for a client who has no other engagement running."""
    wishes = client.wishes
    since = wishes.since if wishes.begun else scene.today
    again = replace(wishes, since=since, stopped=False)
    people.set_wishes(scene.connection, client.id, again)
    if client.id == scene.known.id:
        scene.wish(since=since, stopped=False)
