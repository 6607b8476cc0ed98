"""When the bot next writes to somebody of itself, for the sentences that say so: read where it is sent from."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.coaching.rhythm_commands import NEXT
from bot.coaching.sessions import BRIEF
from storage import agenda, talks, timers
from storage.ahead import DEEDS
from storage.people import Known
from storage.scene import Scene
from storage.telling import wording_for
from storage.timetables import replan, zone_now

_ASKS_NOTHING = DEEDS | {BRIEF}


def with_next(scene: Scene, text: str) -> str:
    """A text with the moment of the next prompt in its gap; without that line where a question waits, or none comes.

    The moment is worked out after everything else that the event brings about, so it can only be the one that is kept.
    """
    if NEXT not in text:
        return text
    planned = replan(scene.connection, scene.known, scene.now)
    at = None if _asked(scene) else next_at(scene.connection, scene.known, planned.due_at if planned else None)
    if at is None:
        return "\n".join(line for line in text.splitlines() if NEXT not in line)
    local = at.astimezone(ZoneInfo(zone_now(scene.known, at)))  # where they will be then
    return text.replace(NEXT, wording_for(scene, scene.known).write(local))


def next_at(connection: Connection, known: Known, planned: datetime | None) -> datetime | None:
    """The instant (UTC) of what comes first: the prompt that is planned, an errand, a question put off or repeated."""
    errands = (e.due_at for e in agenda.errands_of(connection, known.id) if e.dialogue not in _ASKS_NOTHING)
    rings = (row.due_at for row in timers.of_person(connection, known.id) if row.kind in ("again", "remind"))
    return min((at for at in (planned, *errands, *rings) if at is not None), default=None)


def _asked(scene: Scene) -> bool:
    """Whether something is under way, which is asked again at once."""
    _, runs = talks.state(scene.connection, scene.known.id)
    return any(run.until is None for run in runs)
