"""A report to the sponsor: the coach asks for it, the client decides about every line, and only that leaves."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.shared.find_client import Found, about_client
from bot.coaching.shared.roles import for_coach
from bot.local_time import local_day
from bot.messages import Reading
from bot.model.facts import ClientView, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Plan
from bot.model.records import Record
from bot.model.records_plan import GoalChanged, ReportMade, Scheduled
from bot.model.replies import Given, Reply

DIALOGUE = "sponsor-report"
_HOURS = range(8, 18)  # local hours at which a client may be asked at once


def report(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Ask one client about a report; nothing is written for anybody else before they have answered."""

    def asked(view: ClientView, found: Found) -> Reply:
        client = view.engagement.client_name
        if not view.plan.contracted:
            return Reply(says=(phrase("report_no_sponsor", client=client),))
        moment = soon(now.astimezone(ZoneInfo(view.zone or facts.person.home)))
        wanted = Scheduled(
            dialogue=DIALOGUE,
            day=moment.date(),
            at=moment.time(),
            engagement=view.engagement.id,
            person=view.engagement.client,
            items=tuple(goal.id for goal in view.plan.goals if goal.sponsor_text),
            errand=True,
        )
        return Reply(says=(phrase("report_asked", client=client),), records=(wanted,))

    return about_client("report", reading.rest, facts, asked)


# -- what the dialogue is made of ------------------------------------------------------------------------------------


def goals_for_sponsor(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The goals whose wording the client has approved for the sponsor, where the report did not name them."""
    plan = facts.plan_of(facts.engagement.id) if facts.engagement else Plan()
    return tuple(goal.id for goal in plan.goals if goal.sponsor_text)


def attendance(given: Given) -> Phrase | str:
    """How many sessions were held, and when the last one was; nothing of what was said in them."""
    engagement = given.engagement_here
    if engagement is None:
        return ""
    held = sorted(s.at for s in given.plan_here.sessions if s.state != "cancelled" and s.at <= given.facts.now)
    names = {"client": engagement.client_name, "coach": engagement.coach_name}
    last: date | str = local_day(held[-1], given.facts.person.home) if held else ""
    return phrase("report_attendance", count=len(held), last=last, **names)


def _line(given: Given) -> Phrase | str:
    goal = given.goal
    return phrase("report_goal", text=goal.sponsor_text) if goal is not None else ""


def lines_of(given: Given) -> tuple[Phrase, ...]:
    """What was approved, in the words approved; a line that was passed over is not."""
    lines = [attendance(given)] if given.get("attendance") == "right" else []
    return tuple(line for line in lines if isinstance(line, Phrase)) + tuple(
        phrase("report_goal", text=text) for _, text in _worded(given)
    )


def _worded(given: Given) -> list[tuple[Goal, str]]:
    found = []
    for item in given.lists.get("goals_for_sponsor", ()):
        goal = given.plan_here.goal(item)
        said = given.inside("lines", item).get("wording")
        if goal is not None and said is not None and said != "leave":
            found.append((goal, goal.sponsor_text if said == "right" else said))
    return found


def any_report_line(given: Given) -> bool:
    """At least one line is approved."""
    return bool(lines_of(given))


def report_leaves(given: Given) -> bool:
    """Something is approved, and somebody hands it on."""
    return any_report_line(given) and given.get("sender") is not None


def sponsor_report(given: Given) -> tuple[Record, ...]:
    """The approved lines as one document for whoever hands it on; words changed here hold from now on."""
    engagement = given.engagement_here
    if engagement is None:
        return ()
    sender = given.get("sender") or ""
    lines = lines_of(given) if sender else ()
    changed = tuple(
        GoalChanged(key=f"report:{goal.id}", goal=goal.id, kind="sponsor", sponsor_text=text)
        for goal, text in _worded(given)
        if text != goal.sponsor_text
    )
    return (ReportMade(engagement=engagement.id, lines=lines, by_client=sender == "me"), *changed)


def soon(now_local: datetime) -> datetime:
    """The first local moment at which somebody may be asked: at once by day, else at nine."""
    if now_local.hour in _HOURS:
        return now_local
    day = now_local if now_local.hour < _HOURS.start else now_local + timedelta(days=1)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


REPORT_COMMANDS: Mapping[str, Callable[[Reading, Facts, datetime], Reply]] = {"report": for_coach(report)}
REPORT_LISTS: Mapping[str, Callable[[Facts, str], tuple[str, ...]]] = {"goals_for_sponsor": goals_for_sponsor}
REPORT_PREDICATES: Mapping[str, Callable[..., bool]] = {
    "any_report_line": any_report_line,
    "report_leaves": report_leaves,
}
REPORT_OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {"sponsor_report": sponsor_report}
REPORT_GAPS: Mapping[str, Callable[[Given], Any]] = {
    "attendance_in_words": attendance,
    "sponsor_line": _line,
    "report_in_words": lambda given: phrase("in_lines", lines=list(lines_of(given))),
}
