"""Carrying out what a step wants written: every effect of the engine becomes rows, in the transaction of its event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.coaching.rhythm.backoff import heard, missed
from bot.coaching.rhythm.effects import quiet_of, replan, timetable, with_quiet
from bot.coaching.rhythm.next_prompt import expiry_at, reminder_at
from bot.conversation.late_gaps import spoken
from bot.engine.state import (
    Closed,
    Effect,
    Ended,
    Forget,
    Keep,
    Live,
    Post,
    Prompted,
    Retire,
    Run,
    Tell,
    Wake,
    Write,
)
from bot.engine.tree import Dialogue
from bot.features import EFFECTS, ONCE
from bot.local_time import local_time
from bot.messages import Document, Message
from bot.model.facts import Pause
from bot.model.records import Record, Undone
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import addresses, answers, occurrences, people, timers, versions
from storage import conversations as talks
from storage.addresses import Place
from storage.outbox import rows as outbox

IDLE = timedelta(days=7)  # an unfinished dialogue that the person opened rests this long
A_DAY = timedelta(hours=24)
HELD = timedelta(hours=72)  # nobody is asked anything for so long after they wrote of danger, unless they resume
TRIGGER_LIVES = timedelta(seconds=2.5)  # Slack lends a trigger for three seconds
UNSENT = timedelta(hours=24)  # a prompt that could not leave by then is not worth sending


def carry_out(scene: Scene, effects: tuple[Effect, ...]) -> None:
    """Write all effects; the rhythm is planned again when anything that it depends on has changed."""
    for effect in effects:
        handler = _HANDLERS.get(type(effect))
        if handler is not None:
            handler(scene, effect)
    while scene.afterwards:
        tell(scene, scene.afterwards.pop(0))
    if scene.replan:
        replan(scene.connection, scene.known, scene.now)


# -- prompts and answers ---------------------------------------------------------------------------------------------


def _prompted(scene: Scene, effect: Prompted) -> None:
    run = effect.run
    if effect.began is not None:
        _begun(scene, run, effect.began)
    talks.open_prompt(
        scene.connection,
        effect.token,
        person=scene.known.id,
        run=run.id,
        question=effect.question,
        opening=effect.opening,
        at=scene.now,
    )
    if run.by == "client":
        _arm(scene, effect.token, "expire", scene.now + IDLE)
    else:
        _arm_ladder(scene, effect)


def _begun(scene: Scene, run: Run, dialogue: Dialogue) -> None:
    """A dialogue asks its first question: note it, and keep the version that it is bound to."""
    scene.library = scene.library.with_versions({dialogue.version: dialogue})
    talks.note_run(scene.connection, scene.known.id, run)
    versions.keep_version(scene.connection, run.version, dialogue.name, dialogue.source, scene.now)
    for each in EFFECTS:
        if run.dialogue in each.run_began:
            each.run_began[run.dialogue](scene, run)


def _arm_ladder(scene: Scene, effect: Prompted) -> None:
    """The nudge ladder: one reminder of the first question, then the end of waiting."""
    expire, remind = expiry_at(scene.now, None), None
    if effect.opening:  # reading the timetable costs as much as all the rest of an answer
        remind = reminder_at(timetable(scene.connection, scene.known, scene.now), scene.now)
    if remind is not None:
        _arm(scene, effect.token, "remind", remind)
        expire = max(expire, remind + A_DAY)  # a reminder that a weekend has held back still gets its day
    _arm(scene, effect.token, "expire", expire)


def _arm(scene: Scene, token: str, kind: str, at: datetime) -> None:
    timers.arm(scene.connection, token, kind, person=scene.known.id, at=at)


def _wake(scene: Scene, effect: Wake) -> None:
    _arm(scene, effect.token, "again", effect.at)
    _arm(scene, effect.token, "expire", effect.at + timedelta(hours=72))


def _closed(scene: Scene, effect: Closed) -> None:
    if effect.state == "expired":
        scene.unsent = not outbox.was_sent(scene.connection, effect.token)
    opening = talks.close_prompt(scene.connection, effect.token, effect.state, scene.now)
    if effect.state == "answered":
        outbox.prove(scene.connection, effect.token, scene.now)
    if effect.state == "answered" and opening:
        at = local_time(scene.now, scene.known.zone_at(scene.now)).time().replace(second=0, microsecond=0)
        scene.wish(answer_times=(*scene.known.wishes.answer_times, at)[-8:])


def _keep(scene: Scene, effect: Keep) -> None:
    answers.keep_answer(scene.connection, scene.known.id, effect.run, effect.question, effect.answer, effect.audience)
    if effect.answer.message:
        talks.point(scene.connection, scene.key, effect.run.id, effect.question)


def _forget(scene: Scene, effect: Forget) -> None:
    answers.forget_answer(scene.connection, effect.run, effect.question)


def _live(scene: Scene, effect: Live) -> None:
    """A sign of life ends a silence; a word of their own ends the hold after danger, once three days are over."""
    held = scene.known.wishes.held
    if held is not None and effect.answered and scene.now - held >= HELD:
        scene.wish(held=None)
    if scene.known.wishes.unanswered:
        quiet = heard(quiet_of(scene.known.wishes))
        scene.wish(unanswered=quiet.unanswered)


def _ended(scene: Scene, effect: Ended) -> None:
    run = effect.run
    talks.end_run(scene.connection, scene.known.id, run, effect.how, scene.now)
    scene.replan = True
    for each in EFFECTS:
        if run.dialogue in each.run_ended:
            each.run_ended[run.dialogue](scene, run, effect.how)
    if not run.occurrence:
        return
    never_sent = effect.how == "missed" and scene.unsent
    state = {"done": "answered", "cancelled": "answered"}.get(effect.how, effect.how)
    if effect.how == "done" and not run.count:
        state = "sent"  # it asked nothing
    occurrences.settle(scene.connection, run.occurrence, "unsent" if never_sent else state)
    if effect.how == "missed" and not never_sent:
        _count_miss(scene, run.day)


def _count_miss(scene: Scene, day: date) -> None:
    quiet = quiet_of(scene.known.wishes)
    paused = any(p.first <= day and (p.last is None or day <= p.last) for p in _pauses(scene))
    scene.known = replace(scene.known, wishes=with_quiet(scene.known.wishes, missed(quiet, day, paused=paused)))
    people.set_wishes(scene.connection, scene.known.id, scene.known.wishes)


def _pauses(scene: Scene) -> tuple[Pause, ...]:
    return people.pauses(scene.connection, scene.known.id)


# -- saying ----------------------------------------------------------------------------------------------------------


def _post(scene: Scene, effect: Post) -> None:
    message = Message(
        text=spoken(scene, effect.said),
        token=effect.token,
        kind=effect.kind,
        choices=effect.choices,
        columns=effect.columns,
        form=effect.form if scene.trigger else None,
        file=effect.file,
    )
    if scene.reply_to is not None:
        _add(scene, scene.reply_to, message, kind="form" if message.form else "reply")
    else:
        place = addresses.reachable(scene.connection, scene.known.id)
        if place is not None:
            _add(scene, place, message, kind="prompt")
    if effect.reminder:
        scene.replan = True


def _add(scene: Scene, place: Place, message: Message, *, kind: str) -> None:
    of_itself, form = kind == "prompt", kind == "form"
    scene.posted += 1
    outbox.add(
        scene.connection,
        message,
        dedup=f"{scene.key}#{scene.posted}",
        lane=place.lane,
        address=place.id,
        person=scene.known.id,
        kind=kind,
        urgency=outbox.PROMPT if of_itself else outbox.REPLY,
        due_at=scene.clock,
        expires_at=scene.clock + UNSENT if of_itself else scene.clock + TRIGGER_LIVES if form else None,
        trigger=scene.trigger if form else "",
        occurrence=scene.occurrence if of_itself else "",
    )


def _retire(scene: Scene, effect: Retire) -> None:
    tokens = (effect.token,) if effect.token else _answered(scene, effect)
    for row in (row for token in tokens for row in outbox.showing(scene.connection, token)):
        shown = _without_text(outbox.message_of(scene.connection, row))
        if effect.choices:
            message = replace(shown, choices=effect.choices)
        else:
            message = Message(text="\n".join(filter(None, (shown.text, effect.mark))), file=shown.file)
        scene.posted += 1
        outbox.add(
            scene.connection,
            message,
            dedup=f"{scene.key}#{scene.posted}",
            lane=row.lane,
            address=row.address,
            person=scene.known.id,
            kind="update",
            urgency=outbox.REPLY,
            due_at=scene.clock,
            updates=row.id,
        )


def _answered(scene: Scene, effect: Retire) -> list[str]:
    return talks.answered(scene.connection, scene.known.id, effect.run, effect.question)


def _without_text(shown: Message) -> Message:
    """A message whose document is named and no more: a new look uploads nothing, but changes a caption."""
    file = replace(shown.file, text="") if isinstance(shown.file, Document) else shown.file
    return shown if file is shown.file else replace(shown, file=file)


def _tell(scene: Scene, effect: Tell) -> None:
    tell(scene, effect.told)


# -- records ---------------------------------------------------------------------------------------------------------


def _write(scene: Scene, effect: Write) -> None:
    """What a run or command has come to: what the run wrote before is replaced whole, the rest takes effect once."""
    for each in EFFECTS:
        if each.of_run is not None:
            each.of_run(scene, effect)
    for record in effect.records:
        _apply(scene, record)
    scene.replan = True


def _apply(scene: Scene, record: Record) -> None:
    """A record that is written as a whole with its run has no owner here."""
    owner = ONCE.get(type(record))
    if owner is not None:
        owner(scene, record)
    if isinstance(record, Undone):
        _take_back(scene, record.run)
    for each in EFFECTS:
        if type(record) in each.also:
            each.also[type(record)](scene, record)


def _take_back(scene: Scene, run: str) -> None:
    for each in EFFECTS:
        if each.taken_back is not None:
            each.taken_back(scene, run)


_HANDLERS: dict[type, Callable[[Scene, Any], None]] = {
    Prompted: _prompted,
    Wake: _wake,
    Closed: _closed,
    Keep: _keep,
    Forget: _forget,
    Live: _live,
    Ended: _ended,
    Post: _post,
    Retire: _retire,
    Tell: _tell,
    Write: _write,
}
