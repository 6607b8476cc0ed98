"""Carrying out what a step wants written: every effect of the engine becomes rows, in the transaction of its event."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from bot.coaching.kept.effects import plan_kept
from bot.coaching.rhythm.backoff import heard
from bot.coaching.rhythm.effects import count_miss, quiet_of, replan, timetable_of
from bot.coaching.rhythm.next_prompt import REMIND_AFTER, expiry_at, next_window, reminder_at
from bot.conversation import marks
from bot.conversation.late_gaps import announced, spoken
from bot.engine.dialogue.tree import Dialogue
from bot.engine.effects import (
    CloseMessage,
    ClosePrompt,
    DropAnswer,
    Effect,
    EndRun,
    NoteActivity,
    Notify,
    OpenPrompt,
    SendMessage,
    Snooze,
    StoreAnswer,
    WriteRecords,
)
from bot.engine.state import Run
from bot.features import EFFECTS, LADDERS, ONCE
from bot.messages.outgoing import Message
from bot.messages.sending import TRIGGER_LIVES
from bot.model.people.answers import Audience
from bot.model.phrases import Words
from bot.model.records import DataViewed, Rated, Record, Remarked, TakenBack
from bot.model.records_sessions import NoteKept
from bot.time_zones import instant, local_time
from bot.transaction import ledger
from bot.transaction.card import Ladder
from bot.transaction.notify import notify, notify_afterwards, wording_for
from bot.transaction.planned_dates import client_of
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import answers, conversations, timers, versions
from storage.conversation.ledger import Entry
from storage.outbox import rows as outbox
from storage.outbox import sharing
from storage.people import addresses, engagements
from storage.people.addresses import Place
from storage.programme import occurrences

IDLE = timedelta(days=7)  # what a person began, and what counts with its last answer only, rests this long
NIGHT_ENDS, A_WHILE = time(4), timedelta(hours=3)
A_DAY = timedelta(hours=24)
UNSENT = timedelta(hours=24)  # a prompt that could not leave by then is not worth sending
_WORDS = (SendMessage, CloseMessage)  # nothing that a timetable is made of
_NO_PLAN_FOLLOWS = (Rated, Remarked, NoteKept)  # planning anew costs as much as all the rest of an answer


def apply_effects(unit: UnitOfWork, effects: tuple[Effect, ...]) -> None:
    """Write all effects; the rhythm is planned again when anything that it depends on has changed."""
    ledger.begin(unit, effects)
    unit.about = _looked_at(unit, effects)
    for effect in effects:
        if not isinstance(effect, _WORDS):
            unit.timetable = None
        handler = _HANDLERS.get(type(effect))
        if handler is not None:
            handler(unit, effect)
    notify_afterwards(unit)
    if unit.replan:
        replan(unit.connection, unit.known, unit.now, unit.timetable)
        plan_kept(unit)
        unit.replan, unit.planned = False, True


# -- prompts and answers ---------------------------------------------------------------------------------------------


def _prompted(unit: UnitOfWork, effect: OpenPrompt) -> None:
    run = effect.run
    if effect.began is not None:
        _begun(unit, run, effect.began)
    conversations.open_prompt(
        unit.connection,
        effect.token,
        person=unit.known.id,
        run=run.id,
        question=effect.question,
        opening=effect.opening,
        at=unit.now,
    )
    if run.by == "client":
        _arm(unit, effect.token, "expire", _overnight(unit, run))
    else:
        _arm_ladder(unit, effect)


def _begun(unit: UnitOfWork, run: Run, dialogue: Dialogue) -> None:
    """A dialogue asks its first question: note it, and keep the version that it is bound to."""
    unit.library = unit.library.with_versions({dialogue.version: dialogue})
    conversations.note_run(unit.connection, unit.known.id, run)
    pair = engagements.pair(unit.connection, run.engagement) if dialogue.worded else None
    whose = pair[0] if pair is not None else None
    versions.keep_version(unit.connection, run.version, dialogue.name, dialogue.source, unit.now, person=whose)
    for each in EFFECTS:
        if run.dialogue in each.run_began:
            each.run_began[run.dialogue](unit, run)


def _arm_ladder(unit: UnitOfWork, effect: OpenPrompt) -> None:
    """The nudge ladder: one reminder of the first question, or of a consent, then the end of waiting; not of those."""
    own = LADDERS[effect.run.dialogue](unit, effect.run) if effect.opening and effect.run.dialogue in LADDERS else None
    if own is not None:
        _arm_at(unit, effect.token, own)
        return
    expire, remind = expiry_at(unit.now, None), None
    if effect.opening or effect.required:  # reading the timetable costs as much as all the rest of an answer
        table = timetable_of(unit)
        begun = unit.known.wishes.begun
        remind = reminder_at(table, unit.now) if begun else next_window(table, unit.now + REMIND_AFTER)
    if remind is not None:
        _arm(unit, effect.token, "remind", remind)
        expire = max(expire, remind + A_DAY)  # a reminder that a weekend has held back still gets its day
    if not effect.required:
        _arm(unit, effect.token, "expire", expire)


def _arm_at(unit: UnitOfWork, token: str, ladder: Ladder) -> None:
    if ladder.remind is not None:
        _arm(unit, token, "remind", ladder.remind)
    _arm(unit, token, "expire", ladder.expire)


def _overnight(unit: UnitOfWork, run: Run) -> datetime:
    """When what somebody opened themselves is no longer asked: before the morning, unless nothing of it counts yet."""
    if unit.library.pinned(run.version).waits:
        return unit.now + IDLE
    night = instant(unit.today + timedelta(days=1), NIGHT_ENDS, unit.known.zone_at(unit.now))
    return max(night, unit.now + A_WHILE) if night is not None else unit.now + A_DAY


def _arm(unit: UnitOfWork, token: str, kind: str, at: datetime) -> None:
    timers.arm(unit.connection, token, kind, person=unit.known.id, at=at)


def _wake(unit: UnitOfWork, effect: Snooze) -> None:
    _arm(unit, effect.token, "again", effect.at)
    _arm(unit, effect.token, "expire", effect.at + timedelta(hours=72))


def _closed(unit: UnitOfWork, effect: ClosePrompt) -> None:
    if effect.state == "expired":
        unit.unsent = not outbox.was_sent(unit.connection, effect.token)
    opening = conversations.close_prompt(unit.connection, effect.token, effect.state, unit.now)
    if effect.state == "answered":
        outbox.prove(unit.connection, effect.token, unit.now)
    if effect.state == "answered" and opening:
        at = local_time(unit.now, unit.known.zone_at(unit.now)).time().replace(second=0, microsecond=0)
        unit.wish(answer_times=(*unit.known.wishes.answer_times, at)[-8:])


def _keep(unit: UnitOfWork, effect: StoreAnswer) -> None:
    before = answers.keep_answer(
        unit.connection, unit.known.id, effect.run, effect.question, effect.answer, effect.audience
    )
    _shown_otherwise(unit, before)
    if effect.answer.message:
        conversations.point(unit.connection, unit.key, effect.run.id, effect.question)
    shown = not effect.answer.skipped and effect.audience != Audience.PRIVATE
    if effect.run.occurrence and shown:
        occurrences.note_begun(unit.connection, effect.run.occurrence)


def _shown_otherwise(unit: UnitOfWork, before: str) -> None:
    """Where an answer stood that others could read, what they see has changed."""
    if before not in ("", Audience.PRIVATE):
        engagements.reshared(unit.connection, unit.known.id)


def _forget(unit: UnitOfWork, effect: DropAnswer) -> None:
    _shown_otherwise(unit, answers.audience_of(unit.connection, effect.run, effect.question))
    answers.forget_answer(unit.connection, effect.run, effect.question)
    marks.taken_back(unit, effect.run, effect.question)


def _live(unit: UnitOfWork, effect: NoteActivity) -> None:
    """A sign of life ends a silence; the hold after danger ends as it was promised, with "resume" alone."""
    if unit.known.wishes.unanswered:
        quiet = heard(quiet_of(unit.known.wishes))
        unit.wish(unanswered=quiet.unanswered)


def _ended(unit: UnitOfWork, effect: EndRun) -> None:
    run = effect.run
    ledger.ended(unit, run)
    conversations.end_run(unit.connection, unit.known.id, run, effect.how, unit.now)
    unit.replan = True
    for each in EFFECTS:
        if run.dialogue in each.run_ended:
            each.run_ended[run.dialogue](unit, run, effect.how)
    if not run.occurrence:
        return
    how = effect.how
    if how == "partly" and run.told and not effect.shown:  # what only they can see leaves no trace
        if not occurrences.waits(unit.connection, run.occurrence):
            return
        how = "missed"
    never_sent = how == "missed" and unit.unsent
    state = {"done": "answered", "cancelled": "answered"}.get(how, how)
    if how == "done" and not run.count:
        state = "sent"  # it asked nothing
    occurrences.apply_record(unit.connection, run.occurrence, "unsent" if never_sent else state)
    if how == "missed" and not never_sent:
        count_miss(unit, run.day)


# -- saying ----------------------------------------------------------------------------------------------------------


def _post(unit: UnitOfWork, effect: SendMessage) -> None:
    message = Message(
        text=spoken(unit, _with_days(unit, effect)),
        token=effect.token,
        kind=effect.kind,
        choices=effect.choices,
        columns=effect.columns,
        form=effect.form if unit.trigger else None,
        file=effect.file,
    )
    if unit.reply_to is not None:
        _add(unit, unit.reply_to, message, kind="form" if message.form else "reply")
    else:
        place = addresses.reachable(unit.connection, unit.known.id)
        if place is not None:
            _add(unit, place, message, kind="prompt")
    if effect.token and message.form is None:
        marks.only_the_last_asks(unit, effect.token)
    if effect.reminder:
        unit.replan = True


def _with_days(unit: UnitOfWork, effect: SendMessage) -> tuple[Words, ...]:
    """What is said, and when what got a day just now is asked about, behind it; a question stands last."""
    if unit.reply_to is None or not unit.dated:
        return effect.said
    wording = wording_for(unit, unit.known)
    days = " ".join(wording.render(each) for each in announced(unit))
    last = len(effect.said) - bool(effect.token)
    before = effect.said[last - 1 : last]
    if days and before and isinstance(before[0], str):
        return (*effect.said[: last - 1], f"{before[0].rstrip()} {days}".lstrip(), *effect.said[last:])
    return (*effect.said[:last], *filter(None, (days,)), *effect.said[last:])


def _looked_at(unit: UnitOfWork, effects: tuple[Effect, ...]) -> tuple[str, ...]:
    """The engagements that a coach reads of here."""
    written = (record for effect in effects if isinstance(effect, WriteRecords) for record in effect.new)
    looked = [record for record in written if isinstance(record, DataViewed)]
    if not looked:
        return ()
    clients = {record.client for record in looked}
    own = engagements.engagements_as_coach(unit.connection, unit.known.id)
    mine = [c.engagement.id for c in own if c.engagement.client in clients]
    return (*mine, *(record.covering for record in looked if record.covering))


def _add(unit: UnitOfWork, place: Place, message: Message, *, kind: str) -> None:
    of_itself, form = kind == "prompt", kind == "form"
    unit.posted += 1
    dedup = f"{unit.key}#{unit.posted}"
    if unit.about:
        unit.telling[dedup] = unit.about
    outbox.add(
        unit.connection,
        message,
        dedup=dedup,
        lane=place.lane,
        address=place.id,
        person=unit.known.id,
        kind=kind,
        urgency=outbox.PROMPT if of_itself else outbox.REPLY,
        due_at=unit.clock,
        expires_at=unit.clock + UNSENT if of_itself else unit.clock + TRIGGER_LIVES if form else None,
        trigger=unit.trigger if form else "",
        occurrence=unit.occurrence if of_itself else "",
        about=sharing.about(unit.connection, unit.about),
    )


def _tell(unit: UnitOfWork, effect: Notify) -> None:
    notify(unit, effect.told)


# -- records ---------------------------------------------------------------------------------------------------------


def _write(unit: UnitOfWork, effect: WriteRecords) -> None:
    """What a run or command has come to: what the run wrote before is replaced whole, the rest takes effect once."""
    changed = effect.changed
    ledger.writing(unit, effect)
    for each in EFFECTS:
        if each.of_run is not None and any(isinstance(record, each.of_run_kinds) for record in changed):
            each.of_run(unit, effect)
    for record in effect.new:
        _apply(unit, record)
    if not all(isinstance(record, _NO_PLAN_FOLLOWS) for record in changed):
        unit.replan = True


def _apply(unit: UnitOfWork, record: Record) -> None:
    """A record that is written as a whole with its run has no owner here."""
    owner = ONCE.get(type(record))
    if owner is not None:
        owner(unit, record)
    if isinstance(record, TakenBack):
        if not record.private:
            engagements.reshared(unit.connection, unit.known.id)
        taken = ledger.take_back(unit, record.run, _forget_run)
        marks.undone(unit, record.run, taken)
        _replan_client(unit, taken)
    for each in EFFECTS:
        if type(record) in each.also:
            each.also[type(record)](unit, record)


def _replan_client(unit: UnitOfWork, taken: Entry | None) -> None:
    """What a coach has taken back moves the days of the client that it was about."""
    client = client_of(unit.connection, taken.engagement) if taken is not None and taken.engagement else None
    if client is not None and client.id != unit.known.id:
        replan(unit.connection, client, unit.now)


def _forget_run(unit: UnitOfWork, run: str) -> None:
    for each in EFFECTS:
        if each.taken_back is not None:
            each.taken_back(unit, run)


_HANDLERS: dict[type, Callable[[UnitOfWork, Any], None]] = {
    OpenPrompt: _prompted,
    Snooze: _wake,
    ClosePrompt: _closed,
    StoreAnswer: _keep,
    DropAnswer: _forget,
    NoteActivity: _live,
    EndRun: _ended,
    SendMessage: _post,
    CloseMessage: marks.close,
    Notify: _tell,
    WriteRecords: _write,
}
