"""Where ends, reviews and what comes after are carried out: records of dialogues, deeds of the agenda, ended runs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.coaching.closing import effects as closing
from bot.coaching.closing import report_effects as closing_reports
from bot.coaching.follow_up import effects as afterwards
from bot.coaching.planning import ahead_effects
from bot.coaching.planning import phase_effects as phases
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.effects import replan
from bot.engine.state import Run
from bot.model.records_ending import Closing, ClosingUndone, FollowUp, FollowUpOver, Reopened, Reopening, Reviewed
from bot.transaction import planned_dates as ahead
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import agenda, people
from storage.plans import aims

_COMPARED = (closing.LOOKING, closing.LEVELS)


BEGUN = (ahead_effects.REVIEW, afterwards.GOOD_BYE)
ENDED = tuple(dict.fromkeys((ahead_effects.REVIEW, *closing.ON_DAY, closing.LEVELS, *_COMPARED)))
HELD = afterwards.DIALOGUES


def deed(scene: Scene, entry: agenda.Entry) -> None:
    """Do what has come due of itself; `scene.known` is the client."""
    agenda.finish(scene.connection, entry.id, "done")
    _DEEDS[entry.dialogue](scene, entry.engagement)
    for told in scene.afterwards:
        tell(scene, told)
    scene.afterwards.clear()


def held_back(scene: Scene, entry: agenda.Entry) -> bool:
    """Whether an errand is not to be opened now, after a stop or in a pause; it has been dropped or moved then."""
    own = people.pauses(scene.connection, scene.known.id)
    return afterwards.held(scene, entry, tuple(pause.last for pause in own if pause.covers(scene.today)))


def began(scene: Scene, run: Run) -> None:
    """A dialogue has asked its first question."""
    if not run.engagement:
        return
    if run.dialogue == ahead_effects.REVIEW:
        phases.happened(scene, run.engagement, "reviewing")
        client = ahead.client_of(scene.connection, run.engagement)
        ahead_effects.plan_reviews(scene.connection, client or scene.known, scene.now)
    if run.dialogue == afterwards.GOOD_BYE:
        agenda.unschedule(scene.connection, engagement=run.engagement, dialogue=run.dialogue)


def ended(scene: Scene, run: Run, how: str) -> None:
    """A dialogue is over, answered or not."""
    if not run.engagement:
        return
    if run.dialogue == ahead_effects.REVIEW:
        phases.happened(scene, run.engagement, "reviewed")
    if run.dialogue in (*closing.ON_DAY, closing.LEVELS) and how in ("done", "partly"):
        agenda.unschedule(scene.connection, engagement=run.engagement, dialogue=run.dialogue)
    if run.dialogue in _COMPARED and how in ("done", "partly"):
        closing_reports.compare(scene, run.engagement)


def _reviewed(scene: Scene, record: Reviewed) -> None:
    """A review soon: tomorrow, or on the first day after it that has room."""
    client = ahead.client_of(scene.connection, record.engagement)
    found = aims(scene.connection, record.engagement)
    if client is None or found.closed is not None or not wants(found.programme, ahead_effects.REVIEW):
        return
    wanted, connection = record.engagement, scene.connection
    agenda.unschedule(connection, engagement=wanted, dialogue=ahead_effects.REVIEW)
    agenda.schedule(
        connection,
        person=client.id,
        engagement=wanted,
        dialogue=ahead_effects.REVIEW,
        day=scene.today + timedelta(days=1),
    )
    replan(scene.connection, client, scene.now)


_DEEDS: Mapping[str, Callable[[Scene, str], None]] = {
    ahead.BEGIN: closing.begin,
    ahead.END: closing.end,
    ahead.OVER: afterwards.lapsed,
}

RECORDS: Mapping[type, Callable[[Scene, Any], None]] = {
    Closing: closing.close,
    ClosingUndone: closing.undo,
    FollowUp: afterwards.agreed,
    FollowUpOver: afterwards.over,
    Reviewed: _reviewed,
    Reopening: afterwards.ask_to_reopen,
    Reopened: afterwards.reopen,
}
