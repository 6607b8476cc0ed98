"""Who may see what: one table for everything that leaves, and the client's view that a coach is given from it.

A cell that is not in `TABLE` is a no. `bot.coaching.visibility.whosees` prints rows of this very table.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from bot.coaching.habits.rules import days_off
from bot.coaching.visibility import shown_plan
from bot.coaching.visibility.shown_habits import counted_days, shown_habits
from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.model.habits.values import Habit
from bot.model.occurrences import Asked
from bot.model.people.answers import Audience, Rating, Remark
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Cover, Engagement
from bot.model.people.preferences import Pause, Preferences
from bot.model.plan import NO_PLAN, Plan
from bot.time_zones import local_day

Sees = Callable[..., bool]


class Role(StrEnum):
    """In which part somebody asks; a noticer asks as a rater does, since the same rules hold for both.

    A cover is another coach, who reads while the client's own is away.
    """

    CLIENT = "client"
    COACH = "coach"
    COVER = "cover"
    SPONSOR = "sponsor"
    RATER = "rater"
    OPERATOR = "operator"


class Data(StrEnum):
    """What there is to see of an engagement.

    STATUS: that a commitment exists, when it is due, where it stands, how often it moved. WORDS: its text, and answers
    of check-ins. ACTIVITY: the dates, never the hours, of prompts and answers. INSTRUMENTS: results of questionnaires;
    VALUES: what somebody's work must honour. DELIVERY: ids, delivery status and the redacted audit, which hold nobody's
    words.
    """

    STATUS = "status"
    WORDS = "words"
    RATINGS = "ratings"
    PRIVATE = "private"
    COACH_NOTES = "coach_notes"
    SIGNALS = "signals"
    BRIEF = "brief"
    ACTIVITY = "activity"
    INSTRUMENTS = "instruments"
    VALUES = "values"
    RATER_ANSWERS = "rater_answers"
    RATER_REPORT = "rater_report"
    GOALS = "goals"
    ROSTER = "roster"
    EXPORT = "export"
    AUDIT = "audit"
    DELIVERY = "delivery"


class Once(StrEnum):
    """What has to have happened before some data may be seen."""

    SHARED = "shared"
    APPROVED = "approved"
    DEBRIEFED = "debriefed"
    CONTRACTED = "contracted"
    COLLECTING = "collecting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The circumstances of one question.

    `own`: the record is the asker's own. `active`: the asker is the coach of this active engagement, and has confirmed
    who joined; or covers for that coach now, with the client's yes. `visible`: what the client agreed the coach may
    see. `audience`: for whom the answer was given. `done`: what has happened.
    """

    own: bool = False
    active: bool = False
    visible: str = "none"
    audience: Audience = Audience.PRIVATE
    done: Collection[Once] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """When a cell of the table says yes; `key` names a condition in words where it is not plain."""

    holds: Callable[[Case], bool]
    key: str = ""


def _consented(case: Case) -> bool:
    return case.active and case.visible in ("described", "status")


def _addressed(case: Case) -> bool:
    return _consented(case) and case.audience is not Audience.PRIVATE


def _described(case: Case) -> bool:
    return _addressed(case) and case.visible == "described"


def _once(what: Once, base: Callable[[Case], bool] = lambda case: True) -> Rule:
    return Rule(lambda case: base(case) and what in case.done, what.value)


def _own(case: Case) -> bool:
    return case.own


def _in_relation(case: Case) -> bool:
    return case.active


OWN = Rule(_own)
CONSENTED = Rule(_consented)
ADDRESSED = Rule(_addressed)
DESCRIBED = Rule(_described)
RELATED = Rule(_in_relation)
AFTER_SHARE = _once(Once.SHARED, _in_relation)
APPROVED = _once(Once.APPROVED)
CONTRACTED = _once(Once.CONTRACTED)
DEBRIEFED = _once(Once.DEBRIEFED, _own)
UNTIL_RELEASE = _once(Once.COLLECTING, _own)
ALWAYS = Rule(lambda case: True)
NOTHING = Rule(lambda case: False)

TABLE: Mapping[Data, Mapping[Role, Rule]] = MappingProxyType(
    {
        Data.STATUS: {Role.CLIENT: OWN, Role.COACH: ADDRESSED, Role.COVER: ADDRESSED},
        Data.WORDS: {Role.CLIENT: OWN, Role.COACH: DESCRIBED, Role.COVER: DESCRIBED},
        Data.RATINGS: {Role.CLIENT: OWN, Role.COACH: DESCRIBED, Role.COVER: DESCRIBED},
        Data.PRIVATE: {Role.CLIENT: OWN},
        Data.COACH_NOTES: {Role.COACH: OWN},
        Data.SIGNALS: {Role.CLIENT: OWN, Role.COACH: CONSENTED, Role.COVER: CONSENTED},
        Data.BRIEF: {Role.CLIENT: OWN, Role.COACH: CONSENTED, Role.COVER: CONSENTED},
        Data.ACTIVITY: {Role.CLIENT: OWN, Role.COACH: CONSENTED, Role.COVER: CONSENTED},
        Data.INSTRUMENTS: {Role.CLIENT: OWN, Role.COACH: AFTER_SHARE, Role.COVER: AFTER_SHARE},
        Data.VALUES: {Role.CLIENT: OWN, Role.COACH: AFTER_SHARE, Role.COVER: AFTER_SHARE},
        Data.RATER_ANSWERS: {Role.RATER: UNTIL_RELEASE},
        Data.RATER_REPORT: {Role.CLIENT: DEBRIEFED, Role.COACH: RELATED},
        Data.GOALS: {Role.CLIENT: OWN, Role.COACH: DESCRIBED, Role.COVER: DESCRIBED, Role.SPONSOR: APPROVED},
        Data.ROSTER: {
            Role.CLIENT: OWN,
            Role.COACH: OWN,
            Role.COVER: RELATED,
            Role.SPONSOR: CONTRACTED,
            Role.RATER: OWN,
        },
        Data.EXPORT: {Role.CLIENT: OWN, Role.COACH: OWN},
        Data.AUDIT: {Role.CLIENT: OWN, Role.COACH: OWN},
        Data.DELIVERY: {Role.OPERATOR: ALWAYS},
    }
)


def rule_for(role: Role, data: Data) -> Rule:
    """When one role may read one kind of data."""
    return TABLE[data].get(role, NOTHING)


def may_read(
    role: Role,
    data: Data,
    *,
    own: bool = False,
    active: bool = False,
    visible: str = "none",
    audience: Audience = Audience.PRIVATE,
    done: Collection[Once] = (),
) -> bool:
    """Say whether somebody in this role may read; what is not said about the case counts against it (see `Case`)."""
    case = Case(own=own, active=active, visible=visible, audience=audience, done=done)
    return rule_for(role, data).holds(case)


# -- what a coach is given -------------------------------------------------------------------------------------------


def is_active(engagement: Engagement) -> bool:
    """The engagement is running: neither waiting for the client, nor declined, nor over."""
    return engagement.state == "active"


def is_related(engagement: Engagement) -> bool:
    """The coach may be shown something of it: it is running, and they have confirmed who joined."""
    return is_active(engagement) and engagement.confirmed


def cover_of(engagement: Engagement, today: date) -> Cover | None:
    """Who covers for the coach on that local day of the client, with the client's yes; None if nobody does."""
    cover = engagement.cover
    if cover is None or not (is_related(engagement) and cover.agreed and cover.first <= today <= cover.last):
        return None
    return cover


def covers(engagement: Engagement, coach: str, today: date) -> bool:
    """The coach with that id covers for the engagement's own on that local day of the client."""
    cover = cover_of(engagement, today)
    return cover is not None and cover.coach == coach


def _as_coach(engagement: Engagement) -> Sees:
    return partial(may_read, Role.COACH, active=is_related(engagement), visible=engagement.visible)


def _as_cover(engagement: Engagement, coach: str, today: date) -> Sees:
    return partial(may_read, Role.COVER, active=covers(engagement, coach, today), visible=engagement.visible)


def shows_activity(engagement: Engagement) -> bool:
    """The client shows the coach at least how things stand."""
    return _as_coach(engagement)(Data.ACTIVITY)


def shows_goals(engagement: Engagement) -> bool:
    """The client shows the coach their goals."""
    return _as_coach(engagement)(Data.GOALS, audience=Audience.COACH)


def own_engagement(facts: Facts) -> Engagement | None:
    """The engagement in which this person is the client: the active one, or else the newest that is not over."""
    over = ("closed", "ended", "refused")
    mine = [e for e in facts.engagements if e.client == facts.person.id and e.state not in over]
    return facts.engagement or (mine[-1] if mine else None)


def as_coach_sees(
    engagement: Engagement,
    commitments: Collection[Commitment],
    ratings: Collection[Rating],
    remarks: Collection[Remark],
    sees: Sees | None = None,
) -> tuple[tuple[Commitment, ...], tuple[Rating, ...], tuple[Remark, ...]]:
    """What of a client's records the coach of this engagement may see, or whoever `sees` in their place.

    Private ones leave no trace: what was said about them goes too, and what remains is numbered anew, from 1, since a
    gap would tell. What was shared stays, whatever words are in it: were it gone, these could be guessed. Commitments
    of other engagements are dropped; those without one, ratings and remarks are taken to be this one's. A text that the
    consent withholds becomes empty.
    """
    sees = sees or _as_coach(engagement)
    own = sorted((c for c in commitments if c.engagement in ("", engagement.id)), key=lambda c: c.number)
    shown = [c for c in own if sees(Data.STATUS, audience=c.audience)]
    known = {c.id for c in shown} | {""}
    return (
        tuple(_as_shown(c, number, sees) for number, c in enumerate(shown, 1)),
        tuple(r for r in ratings if r.about in known and sees(Data.RATINGS, audience=r.audience)),
        tuple(replace(r, run="") for r in remarks if r.about in known and sees(Data.WORDS, audience=r.audience)),
    )


def _as_shown(commitment: Commitment, number: int, sees: Sees) -> Commitment:
    found = replace(commitment, number=number)
    if not sees(Data.WORDS, audience=commitment.audience):
        found = replace(found, text="", cue="", proof="", run="")
    return found if sees(Data.RATINGS, audience=commitment.audience) else replace(found, confidence=None)


def client_view(
    engagement: Engagement,
    *,
    today: date,
    connected: bool = True,
    wishes: Preferences | None = None,
    pauses: Collection[Pause] = (),
    commitments: Collection[Commitment] = (),
    ratings: Collection[Rating] = (),
    remarks: Collection[Remark] = (),
    asked: Collection[Asked] = (),
    habits: Collection[Habit] = (),
    call_wanted: date | None = None,
    plan: Plan = NO_PLAN,
    zone: str = "UTC",
    left: Collection[str] = (),
    cover: str = "",
) -> ClientView:
    """The client as the coach of this engagement may see them, or the coach `cover` (an id) in their place today.

    `today` and all days are the client's local ones; `asked` is what the bot asked. What lies before the engagement is
    not its coach's. A client who said stop counts as paused: quiet by choice. A call that was asked for is shown
    whatever else is visible, since the client asked. All is taken from the client's full records.
    """
    sees = _as_cover(engagement, cover, today) if cover else _as_coach(engagement)
    seen = _cover_aims(plan, sees) if cover else coach_plan(engagement, plan)
    wanted = call_wanted if not cover or sees(Data.ROSTER) else None
    bare = ClientView(
        engagement=engagement,
        connected=connected,
        call_wanted=wanted,
        plan=seen,
        zone=engagement.coach_zone,  # where the client is, is not said
        covered=bool(cover),
        today=today,
    )
    if not (connected and sees(Data.ACTIVITY)):
        return bare
    wishes = wishes or Preferences()
    shown = as_coach_sees(engagement, commitments, ratings, remarks, sees)
    status, words = (sees(data, audience=Audience.COACH) for data in (Data.STATUS, Data.WORDS))
    kept = shown_habits(habits, engagement.id, status=status, words=words)
    began = began_on(engagement, zone)
    told = told_days(engagement, commitments, ratings, remarks) | counted_days(kept)
    replies = {day for day in told if day >= began}
    misses = tuple(day for day in wishes.misses if day >= began)
    resting = [p for p in pauses if p.first <= today and (p.last is None or today <= p.last)]
    return replace(
        bare,
        commitments=shown[0],
        ratings=shown[1],
        remarks=shown[2],
        habits=kept,
        off=days_off(wishes, pauses),
        unanswered=wishes.unanswered if engagement.began is None else min(wishes.unanswered, len(misses)),
        pace=wishes.pace,
        last_reply=max(replies, default=None),
        paused=bool(resting) or wishes.stopped,
        paused_until=None if wishes.stopped else _end_of(resting),
        stopped=wishes.stopped,
        stopped_on=wishes.stopped_on if wishes.stopped else None,
        given_up=wishes.given_up if wishes.slowdown == "stopped" and not wishes.stopped else None,
        asked=tuple(each for each in asked if each.day >= began),
        pauses=tuple(pauses),
        zone=zone,
        misses=misses,
        replies=tuple(sorted(replies)),
        left=frozenset(left),
    )


def coach_plan(engagement: Engagement, plan: Plan) -> Plan:
    """The plan as the coach may see it: nothing before they confirmed, no goals without consent or once it is over."""
    return shown_plan.as_coach(plan, goals=shows_goals(engagement)) if engagement.confirmed else NO_PLAN


def _cover_aims(plan: Plan, sees: Sees) -> Plan:
    """The plan for whoever covers: goals as the coach sees them, and none of the coach's notes."""
    if not sees(Data.ROSTER):
        return NO_PLAN
    return replace(shown_plan.as_coach(plan, goals=sees(Data.GOALS, audience=Audience.COACH)), notes=())


def own_view(facts: Facts, engagement: Engagement) -> ClientView:
    """The same view, made of the client's own facts: what `whatmycoachsees` tells."""
    return client_view(
        engagement,
        today=facts.today,
        wishes=facts.wishes,
        pauses=facts.pauses,
        commitments=facts.commitments,
        ratings=facts.ratings,
        remarks=facts.remarks,
        asked=facts.asked,
        habits=facts.habits,
        call_wanted=facts.calls_wanted.get(engagement.id),
        plan=replace(facts.plan_of(engagement.id), notes=()),
        zone=facts.person.zone,
    )


def _end_of(pauses: Collection[Pause]) -> date | None:
    ends = [pause.last for pause in pauses]
    return None if None in ends else max((end for end in ends if end is not None), default=None)


def began_on(engagement: Engagement, zone: str) -> date:
    """The client's local day on which an engagement began."""
    return local_day(engagement.began, zone) if engagement.began is not None else date.min


def told_days(
    engagement: Engagement,
    commitments: Collection[Commitment],
    ratings: Collection[Rating],
    remarks: Collection[Remark],
) -> set[date]:
    """Days on which something was said that is meant for the coach, promises too.

    Under "status only" their dates are seen, not their content.
    """
    told = as_coach_sees(replace(engagement, visible="described", confirmed=True), commitments, ratings, remarks)
    items = {c.made for c in told[0]} | {c.reported for c in told[0] if c.reported is not None}
    return items | {r.day for r in told[1]} | {r.day for r in told[2]}
