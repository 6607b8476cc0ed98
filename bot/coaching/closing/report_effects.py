"""The closing report of an engagement, gathered for each side from what that side may see, ready to be told."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.coaching.closing.report import Record, differences, looked_back_on, report_lines, report_sketches
from bot.coaching.planning.goals import level_by
from bot.coaching.visibility.shown_plan import as_client
from bot.coaching.visibility.table import client_view, shows_activity
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.plan import Plan
from bot.model.replies import Notification
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements
from storage.programme import commitments as commitments_rows
from storage.programme.plans import plan_of


def both(unit: UnitOfWork, engagement: Engagement) -> list[Notification]:
    """The report for the client and for the coach: words first, then a picture each.

    To be called while the engagement still runs: afterwards the coach may see nothing. `unit.known` is the client.
    """
    mine = _of_client(unit, engagement)
    found = _told(engagement.client, mine, coach=False)
    if shows_activity(engagement):
        return [*found, *_told(engagement.coach, _of_coach(unit, engagement, mine), coach=True)]
    ended = phrase("ended_withheld", client=engagement.client_name, day=mine.ended)
    return [*found, Notification(person=engagement.coach, phrase=ended)]


def _told(person: str, record: Record, *, coach: bool) -> list[Notification]:
    lines = phrase("in_lines", lines=list(report_lines(record, coach=coach)))
    pictures = [
        Notification(person=person, phrase=phrase("nothing_more"), file=sketch) for sketch in report_sketches(record)
    ]
    return [Notification(person=person, phrase=lines), *pictures]


def _of_client(unit: UnitOfWork, engagement: Engagement) -> Record:
    connection, client = unit.connection, unit.known
    began = _began(unit, engagement)
    plan: Plan = plan_of(connection, engagement.id)
    own = commitments_rows.all_commitments(connection, client.id)
    return Record(
        engagement=engagement,
        plan=as_client(plan, closed=True),
        began=began,
        ended=unit.today,
        commitments=tuple(c for c in own if c.engagement == engagement.id),
        ratings=commitments_rows.ratings(connection, client.id, began, engagement=engagement.id),
        remarks=commitments_rows.remarks(connection, client.id, began, engagement=engagement.id),
    )


def _of_coach(unit: UnitOfWork, engagement: Engagement, mine: Record) -> Record:
    seen = client_view(
        engagement,
        today=mine.ended,
        wishes=unit.known.wishes,
        commitments=mine.commitments,
        ratings=mine.ratings,
        remarks=mine.remarks,
        plan=plan_of(unit.connection, engagement.id),
    )
    return Record(
        engagement=engagement,
        plan=seen.plan,
        began=mine.began,
        ended=mine.ended,
        commitments=seen.commitments,
        ratings=seen.ratings,
        remarks=seen.remarks,
    )


def _began(unit: UnitOfWork, engagement: Engagement) -> date:
    return engagements.began(unit.connection, engagement.id).astimezone(ZoneInfo(unit.known.home)).date()


def compare(unit: UnitOfWork, wanted: str) -> None:
    """Once both have given their final levels, the coach hears where these differ: something to talk about."""
    engagement = next(
        (
            coached.engagement
            for coached in engagements.engagements_as_client(unit.connection, _client(unit, wanted))
            if coached.engagement.id == wanted
        ),
        None,
    )
    if engagement is None:
        return
    seen = client_view(engagement, today=unit.today, plan=plan_of(unit.connection, wanted)).plan
    levels = {
        by: {g.id: level.value for g in seen.goals if (level := level_by(g, by, final=True)) is not None}
        for by in ("client", "coach")
    }
    if not levels["client"].keys() & levels["coach"].keys():
        return
    found = differences(looked_back_on(seen), levels["client"], levels["coach"])
    said = phrase("views_differ", client=engagement.client_name, lines=found) if found else None
    notify(
        unit, Notification(person=engagement.coach, phrase=said or phrase("views_agree", client=engagement.client_name))
    )


def _client(unit: UnitOfWork, wanted: str) -> str:
    return engagements.parties(unit.connection, wanted)[1]
