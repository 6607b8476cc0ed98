"""One ledger of changes: every event that changed something of a client's is one entry, whatever way it came.

What a run wrote is keyed by the run, and goes with it: of that nothing is copied, so a plain answer costs nothing here.
Rows that are changed in place (wishes, rests, an ended dialogue that an edit rewrites) are looked at before and after.
A dialogue is one entry, made when it is over; until then a step back in it takes back what was said last. Decisions
that have a way back of their own are entries too, so that `undo` never passes over them to something older.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.engine.effects import ClosePrompt, Effect, EndRun, WriteRecords
from bot.engine.state import Run
from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.habits.records import HabitChanged, HabitMade, HabitTold
from bot.model.records import (
    CallWanted,
    ChatBound,
    ChatPreferred,
    CoachWished,
    CodeAsked,
    Consented,
    DataAsked,
    DataViewed,
    HandoverAsked,
    HandoverSettled,
    Invited,
    JoinConfirmed,
    Paused,
    PausedForSafety,
    PreferencesChanged,
    Rated,
    Record,
    Remarked,
    Restored,
    Resumed,
    RetentionChosen,
    Revoked,
    SignalsLeft,
    Stopped,
    TakenBack,
    Travelled,
)
from bot.model.records_ending import Closing, ClosingUndone, FollowUp, FollowUpOver, Reopened, Reopening, Reviewed
from bot.model.records_plan import (
    AgreementConfirmed,
    AgreementMade,
    GoalChanged,
    GoalMade,
    LadderConfirmed,
    LadderMade,
    LevelGiven,
    MilestoneMade,
    MilestoneTold,
    PhaseMoved,
    ProgrammeSet,
    ReportMade,
    Scheduled,
    Unscheduled,
    WishAsked,
)
from bot.model.records_sessions import (
    AwaySet,
    CoverSettled,
    NoteKept,
    NoteSettled,
    SessionCancelled,
    SessionMoved,
    SessionSet,
    SessionsTurned,
)
from bot.transaction.drafts import Draft
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import answers, conversations, ledger, ledger_rows
from storage.conversation.ledger import Entry
from storage.conversation.ledger_rows import Watched
from storage.people import people
from storage.programme import commitments, goals, occurrences, taken_back

# What has its own way back, by what `undo` says of it instead.
REFUSED: Mapping[type[Record], str] = MappingProxyType(
    {
        **dict.fromkeys((Consented, CoverSettled, HandoverSettled, RetentionChosen), "consent"),
        **dict.fromkeys((AgreementMade, AgreementConfirmed), "agreement"),
        **dict.fromkeys((LadderMade, LadderConfirmed), "ladder"),
        **dict.fromkeys((ReportMade, WishAsked), "sponsor"),
        **dict.fromkeys((SessionSet, SessionMoved, SessionCancelled, SessionsTurned), "session"),
        **dict.fromkeys((CodeAsked, ChatPreferred, ChatBound), "chat"),
        **dict.fromkeys((FollowUp, FollowUpOver, Reopening, Reopened), "ending"),
    }
)
# Nothing that a client could want back: having looked, what goes with its own event, and what coaches do.
PASSING = frozenset({DataViewed, TakenBack, PausedForSafety, DataAsked})
COACHS = frozenset(
    {
        *(Invited, Revoked, CoachWished, JoinConfirmed, SignalsLeft, HandoverAsked, ProgrammeSet, NoteKept, AwaySet),
        *(Closing, ClosingUndone, Reviewed),
    }
)
# What goes with the run that wrote it.
OF_RUN = frozenset(
    {
        *(CommitmentMade, Reported, Rated, Remarked, HabitMade, HabitTold, HabitChanged),
        *(GoalMade, GoalChanged, LevelGiven, MilestoneMade, MilestoneTold),
    }
)
_SPONSORS = "sponsor"  # the kind of a change of a goal that gives words to a sponsor

DropRun = Callable[[UnitOfWork, str], None]


# -- which rows are changed in place ---------------------------------------------------------------------------------


def _person(unit: UnitOfWork, record: Record) -> tuple[Watched, ...]:
    return (Watched(table="person", column="id", value=unit.known.id),)


def _rest(unit: UnitOfWork, record: Record) -> tuple[Watched, ...]:
    return (*_person(unit, record), Watched(table="pause", column="person", value=unit.known.id))


def _stop(unit: UnitOfWork, record: Record) -> tuple[Watched, ...]:
    """A stop after the end takes consents back as well."""
    return (*_person(unit, record), Watched(table="consent", column="person", value=unit.known.id))


def _call(unit: UnitOfWork, record: CallWanted) -> tuple[Watched, ...]:
    return (Watched(table="engagement", column="id", value=record.engagement),)


def _note(unit: UnitOfWork, record: NoteSettled) -> tuple[Watched, ...]:
    return (Watched(table="note", column="id", value=record.note),)


def _agenda(unit: UnitOfWork, record: Scheduled | Unscheduled) -> tuple[Watched, ...]:
    return (Watched(table="agenda", column="engagement", value=record.engagement),)


def _phase(unit: UnitOfWork, engagement: str) -> tuple[Watched, ...]:
    """A plan that comes about moves its engagement on."""
    return (
        Watched(table="engagement", column="id", value=engagement),
        *(Watched(table=name, column="engagement", value=engagement) for name in ("phase", "agenda")),
    )


IN_PLACE: Mapping[type[Record], Callable[..., tuple[Watched, ...]]] = MappingProxyType(
    {
        **dict.fromkeys((PreferencesChanged, Travelled, Restored), _person),
        **dict.fromkeys((Paused, Resumed), _rest),
        Stopped: _stop,
        CallWanted: _call,
        NoteSettled: _note,
        **dict.fromkeys((Scheduled, Unscheduled), _agenda),
        PhaseMoved: lambda unit, record: _phase(unit, record.engagement),
    }
)
_MOVES_ON = (GoalMade, GoalChanged, MilestoneMade)


# -- while an event is written ---------------------------------------------------------------------------------------


def begin(unit: UnitOfWork, effects: Sequence[Effect]) -> None:
    """Look at what an ended dialogue has written that this step writes anew: an edit, a late answer, `private`."""
    for effect in effects:
        if type(effect) is EndRun and conversations.has_ended(unit.connection, effect.run.id):
            run = effect.run
            draft = _draft(unit, unit.key, run.dialogue, run)
            draft.revises = run.id
            _watch(unit, draft, (*ledger_rows.of_run(run.id, run.occurrence), *_late(unit, run, effects)))


def _late(unit: UnitOfWork, run: Run, effects: Sequence[Effect]) -> Iterator[Watched]:
    """The prompt of an ended dialogue that is answered late: it waits again once that is taken back."""
    for each in effects:
        if type(each) is ClosePrompt and conversations.puts_of(unit.connection, each.token, run.id):
            yield Watched(table="prompt", column="token", value=each.token)


def writing(unit: UnitOfWork, effect: WriteRecords) -> None:
    """Look at what records change in place, before they do; a command's are an entry at once."""
    for record in effect.new:
        _writing(unit, effect, record)


def _writing(unit: UnitOfWork, effect: WriteRecords, record: Record) -> None:
    kind = type(record)
    if kind in PASSING:
        return
    if kind in COACHS or getattr(record, "by", "client") == "coach":
        _group(unit, effect).others = True
    elif kind in REFUSED or getattr(record, "kind", "") == _SPONSORS:
        _group(unit, effect).refused = REFUSED.get(kind, _SPONSORS)
    elif kind in IN_PLACE:
        _watch(unit, _group(unit, effect), IN_PLACE[kind](unit, record))
    elif effect.run == unit.key:
        _group(unit, effect).wrote = True
    if isinstance(record, _MOVES_ON) and effect.engagement:
        _watch(unit, _group(unit, effect), _phase(unit, effect.engagement))


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
    """Keep what the event has changed; a coach's own deeds are not a client's to take back."""
    if unit.known.coach and not unit.known.wishes.begun:
        return
    for run, draft in unit.drafts.items():
        if not draft.others:
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
    ledger_rows.restore(connection, entry.changes)
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
