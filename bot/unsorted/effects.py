"""The effects that no feature has taken yet. Each feature takes its own from here; empty, it goes."""

from bot.coaching.follow_up import effects as afterwards
from bot.coaching.planning import phase_effects as phases
from bot.coaching.sessions import brief_effects as briefs
from bot.coaching.sessions import note_effects as notes
from bot.coaching.sessions.rules import BRIEF
from bot.engine.state import Write
from bot.transaction import planned_dates as ahead
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import Scene
from bot.unsorted import run_hooks
from bot.unsorted.general_effects import RECORDS
from storage import commitments as promises
from storage import goals


def _promises(scene: Scene, write: Write) -> None:
    """Promises are replaced as a whole, the rest takes effect once."""
    promises.write(
        scene.connection,
        write.records,
        person=scene.known.id,
        run=write.run,
        day=write.day or scene.today,
        at=scene.now,
        engagement=write.engagement,
    )


def _promises_back(scene: Scene, run: str) -> None:
    promises.write(scene.connection, (), person=scene.known.id, run=run, day=scene.today, at=scene.now)


def _plan(scene: Scene, write: Write) -> None:
    goals.write(scene.connection, write.records, run=write.run, day=write.day or scene.today, at=scene.now)
    phases.follow(scene, write.records)


def _plan_back(scene: Scene, run: str) -> None:
    goals.forget(scene.connection, run, day=scene.today, at=scene.now)


def _notes(scene: Scene, write: Write) -> None:
    notes.write(scene, write.records, run=write.run)


EFFECTS = (
    Effects(name="unsorted: records", once=RECORDS),
    Effects(name="unsorted: commitments", of_run=_promises, taken_back=_promises_back),
    Effects(name="unsorted: plan", of_run=_plan, taken_back=_plan_back),
    Effects(name="unsorted: notes", of_run=_notes, taken_back=lambda scene, run: notes.forget(scene.connection, run)),
    Effects(
        name="unsorted: runs",
        run_began=dict.fromkeys(run_hooks.BEGUN, run_hooks.began),
        run_ended=dict.fromkeys(run_hooks.ENDED, run_hooks.ended),
        deeds={**dict.fromkeys(ahead.DEEDS, run_hooks.deed), BRIEF: briefs.send},
        held_back=dict.fromkeys(run_hooks.HELD, run_hooks.held_back),
        opened={afterwards.MONTHLY: afterwards.opened},
    ),
)
