"""Engagements coming to their end: closing begins, is undone, or is over. In the transaction of its event."""

from datetime import date, time, timedelta

from sqlalchemy import Connection

from bot.coaching.closing import report_effects as closing_reports
from bot.coaching.closing.rules import NOTICE
from bot.coaching.follow_up import effects as afterwards
from bot.coaching.planning import phase_effects as phases
from bot.coaching.planning import phases as rules
from bot.coaching.planning.ahead_effects import plan_end, plan_reviews
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.effects import replan
from bot.model.facts import Engagement, Wishes
from bot.model.phrases import phrase
from bot.model.plan import Aims, Phase
from bot.model.records_ending import Closing, ClosingUndone
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.planned_dates import client_of, errand
from bot.transaction.unit_of_work import Scene
from storage import agenda, engagements, people
from storage import commitments as promises
from storage.engagements import change_engagement
from storage.outbox import rows as outbox
from storage.people import Known
from storage.plans import aims

LOOKING, CHAPTER, ABOUT, SPONSOR, LEVELS = (
    "looking-back",
    "next-chapter",
    "about-the-coaching",
    "sponsor-close",
    "coach-levels",
)
ON_DAY = {LOOKING: 1, SPONSOR: 5, CHAPTER: 8, ABOUT: 12}  # days after closing began; sooner where the end is near
_EARLIER = ("review", "first-picture", "strengths-and-direction")  # what closing takes the place of
COACH_AT = time(9)
_DAY = timedelta(days=1)
_UNDER_WAY = (Phase.RELATIONSHIP, Phase.ASSESSMENT, Phase.PLANNING, Phase.COACHING, Phase.REVIEW)


def engagement_of(connection: Connection, client: str, wanted: str) -> Engagement | None:
    """An engagement of that client, running or over."""
    found = (coached.engagement for coached in engagements.engagements_as_client(connection, client))
    return next((each for each in found if each.id == wanted), None)


# -- it begins -------------------------------------------------------------------------------------------------------


def begin(scene: Scene, wanted: str, *, by: str = rules.BOT) -> None:
    """Closing begins: looking back and forward take their places before the end; the coach rates on their own."""
    found, client = aims(scene.connection, wanted), client_of(scene.connection, wanted)
    engagement = engagement_of(scene.connection, client.id, wanted) if client else None
    if client is None or engagement is None or engagement.state != "active" or found.phase not in _UNDER_WAY:
        return
    phases.move(scene, PhaseMoved(engagement=wanted, phase=Phase.CLOSING, by=by))
    for dialogue in _EARLIER:
        agenda.unschedule(scene.connection, engagement=wanted, dialogue=dialogue)
    for dialogue, day in _days(found, scene.today).items():
        agenda.schedule(scene.connection, person=client.id, engagement=wanted, dialogue=dialogue, day=day)
    coach = people.person(scene.connection, engagement.coach)
    if coach is not None and any(goal.ladder for goal in found.goals):
        errand(scene.connection, coach, wanted, LEVELS, scene.today + _DAY, hour=COACH_AT)
    if by == rules.BOT and found.ends is not None:
        told = phrase("closing_begins", client=engagement.client_name, day=found.ends)
        button = (f"/close {engagement.client_name} undo", phrase("button_undo_closing"))
        tell(scene, Told(person=engagement.coach, phrase=told, buttons=(button,)))
    replan(scene.connection, client, scene.now)


def _days(found: Aims, today: date) -> dict[str, date]:
    """When each part of closing is asked: early enough before the end, and not at all when it is today."""
    last = (found.ends or today + NOTICE) - _DAY
    if last <= today:
        return {}
    wanted = [d for d in ON_DAY if wants(found.programme, d) and (d != SPONSOR or found.contracted)]
    return {dialogue: min(today + _DAY * ON_DAY[dialogue], last) for dialogue in wanted}


def close(scene: Scene, record: Closing) -> None:
    """The coach names the day of the end; closing begins at once, or goes on with another end."""
    if aims(scene.connection, record.engagement).closed is not None:
        return
    change_engagement(scene.connection, record.engagement, ends=record.ends, planned=True)
    begin(scene, record.engagement, by=rules.COACH)
    plan_end(scene.connection, record.engagement, scene.now)


def undo(scene: Scene, record: ClosingUndone) -> None:
    """All goes on as before; an end that was agreed on stands again where it is further away than closing takes."""
    found, client = aims(scene.connection, record.engagement), client_of(scene.connection, record.engagement)
    if client is None or found.phase is not Phase.CLOSING or found.closed is not None:
        return
    for dialogue in (*ON_DAY, LEVELS):
        agenda.unschedule(scene.connection, engagement=record.engagement, dialogue=dialogue)
    agreed = found.agreement.until if found.agreement else None
    ends = agreed if agreed is not None and agreed - scene.today > NOTICE else None
    change_engagement(scene.connection, record.engagement, ends=ends)
    phases.move(scene, PhaseMoved(engagement=record.engagement, phase=Phase.COACHING, by=rules.COACH))
    tell(scene, Told(person=client.id, phrase=phrase("closing_undone_client", coach=scene.known.name)))
    plan_end(scene.connection, record.engagement, scene.now)
    plan_reviews(scene.connection, client, scene.now)
    replan(scene.connection, client, scene.now)


# -- it is over ------------------------------------------------------------------------------------------------------


def end(scene: Scene, wanted: str) -> None:
    """The last day has come: a report for each side, no more check-ins, and only what the client agreed to after it."""
    found = aims(scene.connection, wanted)
    engagement = engagement_of(scene.connection, scene.known.id, wanted)
    if engagement is None or engagement.state != "active" or found.ends is None or found.ends > scene.today:
        return
    reports = closing_reports.both(scene, engagement)
    change_engagement(scene.connection, wanted, state="closed", closed=scene.today, planned=True)
    agenda.unschedule(scene.connection, engagement=wanted)
    _rest(scene, wanted)
    to = Phase.FOLLOW_UP if afterwards.anything(scene, engagement) else Phase.ENDED
    by = rules.BOT if rules.may_move(found.phase, to, rules.BOT) else rules.COACH
    phases.move(scene, PhaseMoved(engagement=wanted, phase=to, by=by))
    for told in reports:
        tell(scene, told, kind="report")
    afterwards.plan(scene, wanted)
    _rest(scene, wanted)


def _rest(scene: Scene, wanted: str) -> None:
    """The rhythm of this engagement stops; with no other one running, nothing more is asked in a rhythm at all."""
    connection, client = scene.connection, scene.known
    own = promises.open_commitments(connection, client.id)
    items = tuple(c.id for c in own if c.engagement == wanted)
    if items:
        latest = max((c.due for c in own if c.id in items and c.due is not None), default=scene.today)
        promises.mark_asked(connection, items, max(latest, scene.today))
    if not _running(connection, client):
        scene.wish(since=Wishes().since, unanswered=0, slowdown="normal", misses=())
        outbox.cancel_prompts(connection, client.id, "closed", scene.now)
    replan(connection, scene.known, scene.now)


def _running(connection: Connection, client: Known) -> bool:
    own = engagements.engagements_as_client(connection, client.id)
    return any(coached.engagement.state == "active" for coached in own)
