"""`sponsor` and `report`: what a client approves for the sponsor, and what a coach asks of either."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.shared.cards import Command
from bot.coaching.sponsor.rules import REPORT_HOURS
from bot.coaching.visibility.table import own_engagement
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.plan import Plan
from bot.model.records_plan import LinksTakenBack, Scheduled, WishAsked
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, few, few_or_client

LINK, BACK = "link", "withdraw"  # after "sponsor NAME"


def _own_sponsor(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The words that the sponsor may read, to approve or take back."""
    engagement = own_engagement(facts)
    plan = facts.plan_of(engagement.id) if engagement else Plan()
    if engagement is not None and reading.means(reading.rest) == BACK:
        return _taken_back(engagement.id)
    if not plan.contracted:
        return Reply(says=(phrase("sponsor_none"),))
    if not plan.active_goals:
        return Reply(says=(phrase("sponsor_no_goals"),))
    return Reply(opens=Opening(dialogue="sponsor-wording"))


def _taken_back(engagement: str) -> Reply:
    """Whoever holds a link for the sponsor can open nothing with it from now on."""
    return Reply(says=(phrase("sponsor_links_gone"),), records=(LinksTakenBack(engagement=engagement),))


def _their_sponsor(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """The sponsor's wish: typed in by the coach, or answered on a page behind a one-time link."""
    if reading.means(reading.rest) == BACK:
        return _taken_back(view.engagement.id)
    if not view.plan.contracted:
        return Reply(says=(phrase("sponsor_not_contracted", client=view.engagement.client_name),))
    if reading.means(reading.rest) == LINK:
        return Reply(records=(WishAsked(engagement=view.engagement.id),))
    if reading.rest:
        return Reply(says=(phrase("help_coach_sponsor"),))
    return Reply(opens=Opening(dialogue="sponsors-wish", engagement=view.engagement.id))


def _report(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """Ask one client about a report; nothing is written for anybody else before they have answered."""
    client = view.engagement.client_name
    if not view.plan.contracted:
        return Reply(says=(phrase("report_no_sponsor", client=client),))
    moment = _soon(now.astimezone(ZoneInfo(view.zone or facts.person.home)))
    wanted = Scheduled(
        dialogue="sponsor-report",
        day=moment.date(),
        at=moment.time(),
        engagement=view.engagement.id,
        person=view.engagement.client,
        items=tuple(goal.id for goal in view.plan.goals if goal.sponsor_text),
        errand=True,
    )
    return Reply(says=(phrase("report_asked", client=client),), records=(wanted,))


def _soon(now_local: datetime) -> datetime:
    """The first local moment at which somebody may be asked: at once by day, else at nine."""
    if now_local.hour in REPORT_HOURS:
        return now_local
    day = now_local if now_local.hour < REPORT_HOURS.start else now_local + timedelta(days=1)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


COMMANDS = (
    Command(verb="sponsor", who=Who.CLIENT, run=_own_sponsor, shape=few),
    Command(verb="sponsor", who=Who.COACH, about=_their_sponsor, more=True, shape=few_or_client, in_free_text=a_client),
    Command(verb="report", who=Who.COACH, about=_report, in_free_text=a_client),
)
