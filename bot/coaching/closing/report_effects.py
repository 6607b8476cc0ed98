"""The closing report of an engagement, gathered for each side from what that side may see, ready to be told."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.coaching.closing.report import Record, differences, looked_back_on, report_lines, report_sketches
from bot.coaching.closing.rules import level_by
from bot.coaching.visibility.shown_plan import as_client
from bot.coaching.visibility.table import client_view, shows_activity
from bot.model.facts import Engagement
from bot.model.phrases import phrase
from bot.model.plan import Aims
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import commitments as promises
from storage import engagements
from storage.plans import aims


def both(scene: Scene, engagement: Engagement) -> list[Told]:
    """The report for the client and for the coach: words first, then a picture each.

    To be called while the engagement still runs: afterwards the coach may see nothing. `scene.known` is the client.
    """
    mine = _of_client(scene, engagement)
    found = _told(engagement.client, mine, coach=False)
    if shows_activity(engagement):
        return [*found, *_told(engagement.coach, _of_coach(scene, engagement, mine), coach=True)]
    ended = phrase("ended_withheld", client=engagement.client_name, day=mine.ended)
    return [*found, Told(person=engagement.coach, phrase=ended)]


def _told(person: str, record: Record, *, coach: bool) -> list[Told]:
    lines = phrase("in_lines", lines=list(report_lines(record, coach=coach)))
    pictures = [Told(person=person, phrase=phrase("nothing_more"), file=sketch) for sketch in report_sketches(record)]
    return [Told(person=person, phrase=lines), *pictures]


def _of_client(scene: Scene, engagement: Engagement) -> Record:
    connection, client = scene.connection, scene.known
    began = _began(scene, engagement)
    plan: Aims = aims(connection, engagement.id)
    own = promises.all_commitments(connection, client.id)
    return Record(
        engagement=engagement,
        aims=as_client(plan, closed=True),
        began=began,
        ended=scene.today,
        commitments=tuple(c for c in own if c.engagement == engagement.id),
        ratings=promises.ratings(connection, client.id, began, engagement=engagement.id),
        remarks=promises.remarks(connection, client.id, began, engagement=engagement.id),
    )


def _of_coach(scene: Scene, engagement: Engagement, mine: Record) -> Record:
    seen = client_view(
        engagement,
        today=mine.ended,
        wishes=scene.known.wishes,
        commitments=mine.commitments,
        ratings=mine.ratings,
        remarks=mine.remarks,
        aims=aims(scene.connection, engagement.id),
    )
    return Record(
        engagement=engagement,
        aims=seen.aims,
        began=mine.began,
        ended=mine.ended,
        commitments=seen.commitments,
        ratings=seen.ratings,
        remarks=seen.remarks,
    )


def _began(scene: Scene, engagement: Engagement) -> date:
    return engagements.began(scene.connection, engagement.id).astimezone(ZoneInfo(scene.known.home)).date()


def compare(scene: Scene, wanted: str) -> None:
    """Once both have given their final levels, the coach hears where these differ: something to talk about."""
    engagement = next(
        (
            coached.engagement
            for coached in engagements.engagements_as_client(scene.connection, _client(scene, wanted))
            if coached.engagement.id == wanted
        ),
        None,
    )
    if engagement is None:
        return
    seen = client_view(engagement, today=scene.today, aims=aims(scene.connection, wanted)).aims
    levels = {
        by: {g.id: level.value for g in seen.goals if (level := level_by(g, by, final=True)) is not None}
        for by in ("client", "coach")
    }
    if not levels["client"].keys() & levels["coach"].keys():
        return
    found = differences(looked_back_on(seen), levels["client"], levels["coach"])
    said = phrase("views_differ", client=engagement.client_name, lines=found) if found else None
    tell(scene, Told(person=engagement.coach, phrase=said or phrase("views_agree", client=engagement.client_name)))


def _client(scene: Scene, wanted: str) -> str:
    return engagements.parties(scene.connection, wanted)[1]
