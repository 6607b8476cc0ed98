"""One ledger of changes: every event that changed something is one entry of whoever made it, whatever way it came.

What a run wrote is keyed by the run, and goes with it: of that nothing is copied, so a plain answer costs nothing here.
Rows that are changed in place (wishes, rests, an ended dialogue that an edit rewrites) are looked at before and after.
A dialogue is one entry, made when it is over; until then a step back in it takes back what was said last. Decisions
that have a way back of their own are entries too, so that `undo` never passes over them to something older.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.engine.effects import ClosePrompt, Effect, EndRun, WriteRecords
from bot.engine.state import Run
from bot.model.records import Record, TakenBack
from bot.transaction import undoable
from bot.transaction.drafts import Draft
from bot.transaction.ledger_kinds import (
    BY_RECORDS,
    COACHS,
    COACHS_IN_PLACE,
    COACHS_REFUSED,
    IN_PLACE,
    MOVES_ON,
    PASSING,
    REFUSED,
    SPONSORS,
    engagement_of,
    moved_on,
)
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import answers, conversations, ledger, ledger_rows
from storage.conversation.ledger import Entry
from storage.conversation.ledger_rows import Watched
from storage.people import engagements, people
from storage.programme import commitments, goals, occurrences, taken_back

DropRun = Callable[[UnitOfWork, str], None]


# -- while an event is written ---------------------------------------------------------------------------------------


def begin(unit: UnitOfWork, effects: Sequence[Effect]) -> None:
    """Look at what an ended dialogue has written that this step writes anew: an edit, a late answer, `private`."""
    for effect in effects:
        if type(effect) is EndRun and conversations.has_ended(unit.connection, effect.run.id):
            run = effect.run
            if undoable.shown(unit.connection, (run.id,)):
                engagements.reshared(unit.connection, unit.known.id)
            draft = _draft(unit, unit.key, run.dialogue, run)
            draft.revises = run.id
            _watch(unit, draft, (*ledger_rows.of_run(run.id, run.occurrence), *_late(unit, run, effects)))


def _late(unit: UnitOfWork, run: Run, effects: Sequence[Effect]) -> Iterator[Watched]:
    """The prompt of an ended dialogue that is answered late: it waits again once that is taken back."""
    for each in effects:
        if type(each) is ClosePrompt and conversations.puts_of(unit.connection, each.token, run.id):
            yield Watched(table="prompt", column="token", value=each.token)


def writing(unit: UnitOfWork, effect: WriteRecords) -> None:
    """Look at what records change in place, before they do; a command's are an entry at once.

    What takes something back is no change of its own.
    """
    if any(isinstance(record, TakenBack) for record in effect.new):
        return
    for record in effect.new:
        if type(record) not in PASSING:
            _writing(unit, effect, record)


def _writing(unit: UnitOfWork, effect: WriteRecords, record: Record) -> None:
    kind, draft, engagement = type(record), _group(unit, effect), engagement_of(record) or effect.engagement
    if _is_coachs(unit, record, engagement):
        draft.coachs = True
        draft.engagement = draft.engagement or engagement
        draft.by_records |= BY_RECORDS.get(kind, frozenset())
    refused = COACHS_REFUSED if draft.coachs else REFUSED
    in_place = COACHS_IN_PLACE if draft.coachs else IN_PLACE
    if kind in refused or getattr(record, "kind", "") == SPONSORS:
        draft.refused = refused.get(kind, SPONSORS)
    elif kind in in_place:
        _watch(unit, draft, in_place[kind](unit, record))
    elif effect.run == unit.key:
        draft.wrote = True
    if isinstance(record, MOVES_ON) and engagement:
        _watch(unit, draft, moved_on(unit, engagement))


def _is_coachs(unit: UnitOfWork, record: Record, engagement: str) -> bool:
    """Whether somebody does it as a coach."""
    if type(record) in COACHS or getattr(record, "by", "client") == "coach":
        return True
    ids = engagements.pair(unit.connection, engagement) if unit.known.coach and engagement else None
    return ids is not None and ids[0] == unit.known.id


def ended(unit: UnitOfWork, run: Run) -> None:
    """A dialogue is over: what it came to is one entry; not one that only said yes to a change of another."""
    if not any(draft.revises for draft in unit.drafts.values()):
        _draft(unit, run.id, run.dialogue, run).ended = True


def _group(unit: UnitOfWork, effect: WriteRecords) -> Draft:
    """The draft that records belong to: of the run, also for what follows at its end, or of the change of one."""
    revising = next((draft for draft in unit.drafts.values() if draft.revises == effect.run), None)
    return revising or _draft(unit, effect.run.removesuffix("+"), "", effect)


def _draft(unit: UnitOfWork, run: str, deed: str, of: Run | WriteRecords) -> Draft:
    found = unit.drafts.setdefault(run, Draft(deed=deed, day=of.day or unit.today))
    found.deed = found.deed or deed
    return found


def _watch(unit: UnitOfWork, draft: Draft, watched: Iterable[Watched]) -> None:
    new = [each for each in watched if each not in draft.watched]
    draft.before |= ledger_rows.look(unit.connection, new)
    draft.watched |= set(new)


# -- when it is written ----------------------------------------------------------------------------------------------


def keep(unit: UnitOfWork) -> None:
    """Keep what the event has changed; a coach's deed is not a client's to take back."""
    for run, draft in unit.drafts.items():
        if unit.known.coach or not draft.coachs:
            _keep(unit, run, draft)


def _keep(unit: UnitOfWork, run: str, draft: Draft) -> None:
    changes = ledger_rows.compared(draft.before, ledger_rows.look(unit.connection, draft.watched))
    refused = draft.refused or ("consent" if any(c.table == "consent" for c in changes) else "")
    said = answers.last_given(unit.connection, run) if draft.ended else None
    if not (changes or refused or draft.wrote or said):
        return
    entry = Entry(
        deed=draft.deed,
        day=draft.day,
        refused=refused,
        revises=draft.revises,
        changes=changes if not refused else (),
        told=bool(unit.told) and not refused,
        coachs=draft.coachs,
        engagement=draft.engagement,
        others=tuple(sorted(unit.told)) if draft.coachs and not refused else (),
        by_records=tuple(sorted(draft.by_records)),
    )
    ledger.keep(unit.connection, unit.known.id, run, said or unit.now, entry)


# -- taking back -----------------------------------------------------------------------------------------------------


def take_back(unit: UnitOfWork, run: str, forget: DropRun) -> Entry | None:
    """Put back what an entry changed: the rows that it changed in place, and whatever its run wrote is gone.

    `forget` takes out what the features keep by the run. Whether it can be taken back was asked before. Returns the
    entry, or None where there is none.
    """
    found = ledger.of_run(unit.connection, unit.known.id, run)
    if found is None:
        return None
    connection, entry = unit.connection, found.entry
    runs = (entry.revises,) if entry.revises else (run, f"{run}+")
    promises = taken_back.concerned(connection, runs)
    plans = set(taken_back.goals_concerned(connection, runs))
    if not entry.revises:
        _forget(unit, runs, forget)
    ledger_rows.restore(connection, tuple(c for c in entry.changes if c.table not in entry.by_records))
    if entry.revises:
        for promise in sorted(promises | taken_back.concerned(connection, runs)):
            commitments.refold(connection, promise, unit.now)
        for goal in sorted(plans | set(taken_back.goals_concerned(connection, runs))):
            goals.refold(connection, goal)
    ledger.mark_undone(connection, found)
    unit.known = people.person(connection, unit.known.id) or unit.known
    unit.replan = True
    return entry


def _forget(unit: UnitOfWork, runs: tuple[str, ...], forget: DropRun) -> None:
    for run in runs:
        forget(unit, run)
        answers.forget_answers(unit.connection, run)
        occurrence = conversations.mark_undone(unit.connection, run)
        if occurrence:
            occurrences.apply_record(unit.connection, occurrence, "sent")
