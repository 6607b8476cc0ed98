"""Of every kind of record: whether `undo` takes it back, how, or what it says instead."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.habits.records import HabitChanged, HabitMade, HabitTold
from bot.model.records import (
    CallWanted,
    ChatPreferred,
    ChatRefused,
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
    LinksTakenBack,
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
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation.ledger_rows import Watched

# What has its own way back, by what `undo` says of it instead.
REFUSED: Mapping[type[Record], str] = MappingProxyType(
    {
        **dict.fromkeys((Consented, CoverSettled, HandoverSettled, RetentionChosen), "consent"),
        **dict.fromkeys((AgreementMade, AgreementConfirmed), "agreement"),
        **dict.fromkeys((LadderMade, LadderConfirmed), "ladder"),
        **dict.fromkeys((ReportMade, WishAsked, LinksTakenBack), "sponsor"),
        **dict.fromkeys((SessionSet, SessionMoved, SessionCancelled, SessionsTurned), "session"),
        **dict.fromkeys((CodeAsked, ChatPreferred, ChatRefused), "chat"),
        **dict.fromkeys((FollowUp, FollowUpOver, Reopening, Reopened), "ending"),
    }
)
# Nothing that anybody could want back: having looked, and what goes with its own event.
PASSING = frozenset({DataViewed, TakenBack, PausedForSafety, DataAsked})
# What only coaches do; see below for how it is taken back.
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
SPONSORS = "sponsor"  # the kind of a change of a goal that gives words to a sponsor
MOVES_ON = (GoalMade, GoalChanged, MilestoneMade)


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


def moved_on(unit: UnitOfWork, engagement: str) -> tuple[Watched, ...]:
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
        PhaseMoved: lambda unit, record: moved_on(unit, record.engagement),
    }
)


# -- what coaches do -------------------------------------------------------------------------------------------------


def _sessions(unit: UnitOfWork, record: SessionSet | SessionMoved | SessionCancelled) -> tuple[Watched, ...]:
    return (Watched(table="session", column="engagement", value=engagement_of(record)),)


def _coach(unit: UnitOfWork, record: Record) -> tuple[Watched, ...]:
    return (Watched(table="coach", column="person", value=unit.known.id),)


def _away(unit: UnitOfWork, record: AwaySet) -> tuple[Watched, ...]:
    return (Watched(table="away", column="person", value=unit.known.id),)


def _left(unit: UnitOfWork, record: SignalsLeft) -> tuple[Watched, ...]:
    return (Watched(table="left_signal", column="engagement", value=record.engagement),)


def _programme(unit: UnitOfWork, record: ProgrammeSet) -> tuple[Watched, ...]:
    if record.engagement:
        return (Watched(table="engagement", column="id", value=record.engagement),)
    return (Watched(table="programme", column="coach", value=unit.known.id),)


def _engagement(unit: UnitOfWork, record: SessionsTurned) -> tuple[Watched, ...]:
    return (Watched(table="engagement", column="id", value=record.engagement),)


COACHS_REFUSED: Mapping[type[Record], str] = MappingProxyType(
    {
        **{kind: why for kind, why in REFUSED.items() if why != "session"},
        Invited: "invite",
        Revoked: "revoked",
        JoinConfirmed: "confirmed",
        **dict.fromkeys((HandoverAsked, HandoverSettled), "handover"),
    }
)
COACHS_IN_PLACE: Mapping[type[Record], Callable[..., tuple[Watched, ...]]] = MappingProxyType(
    {
        **IN_PLACE,
        **dict.fromkeys((SessionSet, SessionMoved, SessionCancelled), _sessions),
        SessionsTurned: _engagement,
        AwaySet: _away,
        CoachWished: _coach,
        SignalsLeft: _left,
        ProgrammeSet: _programme,
        **dict.fromkeys((Closing, ClosingUndone), lambda unit, record: moved_on(unit, record.engagement)),
        Reviewed: _agenda,
    }
)
# What is put back by other records, which tell of it: the rows that the ledger does not put back itself then.
BY_RECORDS: Mapping[type[Record], frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys((SessionSet, SessionMoved, SessionCancelled), frozenset({"session"})),
        SessionsTurned: frozenset({"engagement"}),
    }
)


def engagement_of(record: Record) -> str:
    """The engagement that a record names, or nothing."""
    if isinstance(record, SessionSet):
        return record.sessions[0].engagement if record.sessions else ""
    return str(getattr(record, "engagement", ""))
