"""Events of the clock: a prompt, a timer or a digest has come due. They take the same door as everything else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.digest import effects as digest_effects
from bot.coaching.digest.digest_time_effects import plan_digest
from bot.coaching.kept.effects import is_of_kept
from bot.coaching.reviews.plan_reviews_effects import plan_reviews
from bot.coaching.rhythm.commands import PROGRAMME
from bot.coaching.rhythm.effects import planned, replan, timetable
from bot.coaching.rhythm.items import ABOUT_ITEMS
from bot.coaching.rhythm.next_prompt import Drop, Later, catch_up
from bot.coaching.rhythm.slots import OWN, SILENT, WEEKLY
from bot.conversation.turn import advance
from bot.engine.events import DialogueOpened, StepEvent, TimerFired
from bot.engine.library import Library
from bot.engine.state import Run
from bot.features import DEEDS, EFFECTS, LADDERS
from bot.messages.incoming import DigestDue, ErrandDue, Outcome, PromptDue, Receipt, TimerDue
from bot.model.occurrences import Occurrence
from bot.time_zones import local_day
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations, timers
from storage.ids import new_id
from storage.people import addresses, engagements, people
from storage.people.people import Known
from storage.programme import agenda, commitments, occurrences

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED)
DUPLICATE = Receipt(outcome=Outcome.DUPLICATE)
BUSY = timedelta(minutes=30)  # someone in the middle of a dialogue of their own is not interrupted

A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
ERRAND = "errand:"  # what the ids of runs begin with that were opened outside the rhythm
TOO_LATE = timedelta(days=3)  # an errand that could not be run by then is let go

Due = PromptDue | TimerDue | DigestDue | ErrandDue
LibraryFor = Callable[[Connection, tuple[Run, ...]], Library]


def take(connection: Connection, event: Due, now: datetime, library: LibraryFor) -> Receipt:
    """Handle one due event in its transaction; a second tick for the same one changes nothing."""
    known = people.person(connection, event.person, lock=True)
    if known is None:
        return DUPLICATE
    if not conversations.take(connection, event.key, person=event.person, at=now, lane="", message=""):
        if isinstance(event, PromptDue) and known.next_at is not None and known.next_at <= now:
            replan(connection, known, now + A_SECOND)  # planned for an instant that another prompt has used up
        return DUPLICATE
    match event:
        case PromptDue():
            _prompt(connection, known, event, now, library)
        case TimerDue():
            _timer(connection, known, event, now, library)
        case DigestDue():
            digest_effects.send(_scene(connection, known, event.key, (), now, library))
        case ErrandDue():
            _errand(connection, known, event, now, library)
    if not isinstance(event, PromptDue):
        conversations.went_through(connection, thing_of(event))
    return ACCEPTED


# -- prompts ---------------------------------------------------------------------------------------------------------


def _prompt(connection: Connection, known: Known, event: PromptDue, now: datetime, library: LibraryFor) -> None:
    occurrence = planned(known)
    if known.next_at is None:
        replan(connection, known, now)  # a replay of what was given up
        return
    if occurrence is None or known.next_at > now:
        return
    if addresses.reachable(connection, known.id) is None:
        people.set_plan(connection, known.id, None, None)  # held: planned again when a chat opens
        return
    _, runs = conversations.state(connection, known.id)
    if _busy(runs, now):
        people.set_plan(connection, known.id, now + BUSY, known.plan)
        return
    table = timetable(connection, known, now)
    verdict = catch_up(occurrence, table, now)
    match verdict:
        case Later():
            replan(connection, known, now, table)
        case Drop(reason=reason):
            _drop(connection, known, occurrence, reason, now)
        case _:
            _send(connection, known, verdict.occurrence, event, runs, now, library)


def _drop(
    connection: Connection,
    known: Known,
    occurrence: Occurrence,
    reason: str,
    now: datetime,
    *,
    tried_on: date | None = None,
) -> None:
    """Leave an occurrence out, saying why, and plan the next one; one that was tried has used its day up."""
    occurrences.add(connection, new_id(), known.id, occurrence, state="dropped", reason=reason, opened_on=tried_on)
    agenda.drop(connection, known.id, occurrence.dialogue, occurrence.local_date)
    plan_reviews(connection, known, now)
    replan(connection, known, now)


def _asked_today(runs: tuple[Run, ...], now: datetime) -> bool:
    """Something that the bot asked within a day is still open: another thread would push it aside."""
    return any(run.by == "bot" and not run.hidden and run.until is None and now - run.began < A_DAY for run in runs)


def _busy(runs: tuple[Run, ...], now: datetime) -> bool:
    """A dialogue of their own is under way, or an errand was put to them just now; nothing waits for what is kept."""
    awake = [run for run in runs if run.until is None and not run.hidden]
    if not awake or now - awake[-1].touched >= BUSY:
        return False
    return awake[-1].by == "client" or awake[-1].id.startswith(ERRAND)


def _send(
    connection: Connection,
    known: Known,
    occurrence: Occurrence,
    event: PromptDue,
    runs: tuple[Run, ...],
    now: datetime,
    library: LibraryFor,
) -> None:
    wanted = new_id()
    today = local_day(now, known.zone_at(now))
    if not occurrences.add(connection, wanted, known.id, occurrence, state="sent", opened_on=today):
        replan(connection, known, now)
        return
    entry = agenda.take(connection, known.id, occurrence.dialogue, occurrence.local_date)
    opened = DialogueOpened(
        run=f"occurrence:{wanted}",
        dialogue=occurrence.dialogue,
        by="bot",
        day=occurrence.local_date,
        occurrence=wanted,
        engagement=entry.engagement if entry else "",
        items=entry.items if entry else occurrence.items if occurrence.dialogue in ABOUT_ITEMS else (),
        known={},
    )
    if occurrence.slot not in SILENT:
        commitments.mark_asked(connection, occurrence.items, today)
    if occurrence.dialogue == WEEKLY:
        plan_reviews(connection, known, now)  # one that found no place is put on the agenda again
    unit = _run_step(connection, known, opened, event.key, runs, now, library)
    conversations.went_through(connection, thing_of(event))
    if not unit.planned:  # else it was, after everything that the step has brought about
        replan(connection, unit.known, now, unit.timetable)


def _run_step(
    connection: Connection,
    known: Known,
    event: StepEvent,
    key: str,
    runs: tuple[Run, ...],
    now: datetime,
    library: LibraryFor,
) -> UnitOfWork:
    unit = _scene(connection, known, key, runs, now, library)
    unit.occurrence = event.occurrence if isinstance(event, DialogueOpened) else ""
    advance(unit, event, runs)
    return unit


def _scene(
    connection: Connection, known: Known, key: str, runs: tuple[Run, ...], now: datetime, library: LibraryFor
) -> UnitOfWork:
    return UnitOfWork(
        connection=connection,
        library=library(connection, runs),
        known=known,
        reply_to=None,
        key=key,
        now=now,
        today=local_day(now, known.zone_at(now)),
        shift=_ahead(connection, known),
    )


def _ahead(connection: Connection, known: Known) -> timedelta:
    """How far ahead of the clock somebody lives who tries things out."""
    place = addresses.reachable(connection, known.id) if known.practice else None
    return place.shift if place is not None else timedelta(0)


# -- timers ----------------------------------------------------------------------------------------------------------


def _timer(connection: Connection, known: Known, event: TimerDue, now: datetime, library: LibraryFor) -> None:
    timers.disarm(connection, event.token, event.kind)
    _, runs = conversations.state(connection, known.id)
    run = next((r for r in runs if r.asked and r.asked.token == event.token), None)
    if run is None:
        return
    if event.kind != "expire" and timers.rings(connection, event.token, "expire", now):
        return  # after an outage: what is over is not reminded of first
    if event.kind == "remind" and _gives_way(connection, known, run, now):
        return  # it gives way to what is asked today
    if event.kind in ("remind", "again") and _busy(runs, now):
        timers.arm(connection, event.token, event.kind, person=known.id, at=now + BUSY)
        return
    if event.kind == "remind" and run.occurrence:
        occurrences.note_reminder(connection, run.occurrence, local_day(now, known.zone_at(now)))
    ring = TimerFired(kind=event.kind, token=event.token)
    _run_step(connection, known, ring, event.key, runs, now, library)


def _gives_way(connection: Connection, known: Known, run: Run, now: datetime) -> bool:
    """Whether a reminder is left out for what is asked that day; a session's only for what is the client's own."""
    if run.dialogue in OWN:
        return False
    today = local_day(now, known.zone_at(now))
    following = planned(known) if known.next_at and local_day(known.next_at, known.zone_at(now)) <= today else None
    slot = following.slot if following is not None else ""
    if slot in OWN or (slot and slot not in SILENT and run.dialogue not in LADDERS):
        return True
    return any(slot in OWN for slot, day in occurrences.memory(connection, known.id, today).asked if day == today)


# -- errands ---------------------------------------------------------------------------------------------------------


def _errand(connection: Connection, known: Known, event: ErrandDue, now: datetime, library: LibraryFor) -> None:
    """Open what is on the agenda outside the rhythm; it waits while no chat is open or a dialogue is under way."""
    entry = agenda.errand(connection, event.errand)
    if entry is None or entry.person != known.id or entry.due_at is None or entry.due_at > now:
        return
    today = local_day(now, known.zone_at(now))
    unit = _scene(connection, known, event.key, (), now, library)
    if entry.dialogue in DEEDS:
        DEEDS[entry.dialogue](unit, entry)
        return
    if any(each.held_back[entry.dialogue](unit, entry) for each in EFFECTS if entry.dialogue in each.held_back):
        return
    before_the_yes = _before_the_yes(connection, known, entry.engagement)
    if today - entry.day > TOO_LATE and not before_the_yes:
        agenda.finish(connection, entry.id, "dropped")
        return
    _, runs = conversations.state(connection, known.id)
    waits = before_the_yes or known.wishes.held or addresses.reachable(connection, known.id) is None
    if waits or _busy(runs, now) or _asked_today(runs, now):
        agenda.put_off(connection, entry.id, now + BUSY)
        return
    agenda.finish(connection, entry.id, "done")
    opened = DialogueOpened(
        run=f"{ERRAND}{entry.id}",
        dialogue=entry.dialogue,
        by="bot",
        day=entry.day,
        engagement=entry.engagement,
        items=entry.items,
        known={},
        private=is_of_kept(connection, known, entry),
    )
    _run_step(connection, known, opened, event.key, runs, now, library)
    for each in EFFECTS:
        if entry.dialogue in each.opened:
            each.opened[entry.dialogue](unit, entry)


def _before_the_yes(connection: Connection, known: Known, engagement: str) -> bool:
    """A client who has not agreed to be asked for this coach is asked nothing but that."""
    pair = engagements.pair(connection, engagement)
    if pair is None or pair[1] != known.id:
        return False
    return PROGRAMME not in engagements.consents(connection, known.id).get(engagement, frozenset())


# -- what raised -----------------------------------------------------------------------------------------------------


def thing_of(event: Due) -> str:
    """What it is that has come due, the same at every try."""
    match event:
        case PromptDue():
            return f"prompt:{event.person}"
        case TimerDue():
            return f"timer:{event.token}:{event.kind}"
        case DigestDue():
            return f"digest:{event.person}"
        case ErrandDue():
            return f"errand:{event.errand}"


def put_off(connection: Connection, event: Due, until: datetime | None) -> None:
    """Let what raised wait until an instant, or, with None, until it is replayed; reads nothing that may be broken."""
    match event:
        case PromptDue():
            people.change_person(connection, event.person, next_at=until)
        case DigestDue():
            people.change_person(connection, event.person, digest_at=until)
        case TimerDue() if until is not None:
            timers.arm(connection, event.token, event.kind, person=event.person, at=until)
        case TimerDue():
            timers.disarm(connection, event.token, event.kind)
        case ErrandDue() if until is not None:
            agenda.put_off(connection, event.errand, until)
        case ErrandDue():
            agenda.finish(connection, event.errand, "failed")


def let_go(connection: Connection, event: Due, now: datetime, reason: str) -> None:
    """Go on without what raised often enough: to the next prompt or digest; a timer or an errand waits for a replay."""
    known = people.person(connection, event.person) if isinstance(event, PromptDue | DigestDue) else None
    occurrence = planned(known) if known is not None else None
    if isinstance(event, PromptDue) and known is not None and occurrence is not None:
        _drop(connection, known, occurrence, reason, now, tried_on=local_day(now, known.zone_at(now)))
    elif isinstance(event, DigestDue) and known is not None:
        plan_digest(connection, known, now)
    else:
        put_off(connection, event, None)


def revive(connection: Connection, event: Due, now: datetime, *, waiting: bool) -> None:
    """Make what raised due again, for a replay.

    A prompt only if it was `waiting` for its next try: one that was let go had its hour, and the next one is planned.
    """
    match event:
        case PromptDue() if waiting:
            people.change_person(connection, event.person, next_at=now)
        case DigestDue():
            people.change_person(connection, event.person, digest_at=now)
        case ErrandDue():
            agenda.revive(connection, event.errand, now)
        case _:
            pass
