"""The dialogue engine: `step(state, event, now, library) -> (state, effects)`.

Theory of operation. A person has a stack of runs; the last one that is awake is open, and its question is the one open
prompt. Every event is one row of `HANDLERS`:

    Open      a dialogue begins        the runs below it keep their questions, and are asked again when it has ended
    Again     after a write            the open question is put again, now that the facts are new
    Heard     a text                   control word > command > the prompt it replies to > the open question > an
                                       expired prompt that still waits > nothing waits for it
    Fill      a form                   all its answers, or none and what is wrong with each
    Tap       a button                 the prompt of that token, wherever it stands; a closed one is stale
    Revised   an edited message        changes the answer it gave, never gives another one
    Stir      voice, picture, reaction a sign of life, never an answer
    Ring      a timer                  remind, expire, again
    Hide      private, after the fact  the answer changes its audience, and so does what came of it

Whatever comes, the answers decide where a dialogue stands (`walk`), and at most one question is open. Nothing here
reads a clock, a table or a platform, and the same call gives the same result.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.engine import controls, edits, filling
from bot.engine.answers import (
    Misread,
    Parsed,
    choices_of,
    date_in_passing,
    ends_list,
    lines_of,
    list_limit,
    longer,
    parse,
    plain,
    steers,
    words_of_list,
)
from bot.engine.library import Library
from bot.engine.state import (
    Answer,
    AnswerEdited,
    ButtonTapped,
    CloseMessage,
    ClosePrompt,
    DialogueOpened,
    Effect,
    EndRun,
    FieldError,
    FormFilled,
    MadePrivate,
    NonTextHeard,
    NoteActivity,
    Past,
    QuestionRepeated,
    Run,
    State,
    StepEvent,
    TextHeard,
    TimerFired,
    Toast,
)
from bot.engine.tree import Ask, Kind, every_ask
from bot.engine.turn import Turn
from bot.engine.walk import Stop, walk
from bot.messages.readings import Reading
from bot.model.replies import Opening, Reply
from bot.rendering.shortening import shortened

LATE = timedelta(days=7)  # how long an expired prompt still takes its one answer
_PROMISES = (Kind.COMMITMENTS, Kind.HABIT)
_NUMBERED = (Kind.SCALE, Kind.LEVEL, Kind.NUMBER)
TRIES = 2  # unreadable answers before a question is passed over


def step(state: State, event: StepEvent, now: datetime, library: Library) -> tuple[State, tuple[Effect, ...]]:
    """What becomes of a conversation, and what is to be done, when an event comes in at an instant (UTC).

    `library` must hold the version of every dialogue that the state or the event's `past` refers to.
    """
    turn = Turn(state, now, library)
    reask = HANDLERS[type(event)](turn, event)
    return turn.finish(reask=reask, typed=_answers(event))


def _answers(event: StepEvent) -> bool:
    """Whether words of somebody's are waiting for a word back: a command has its own."""
    return isinstance(event, QuestionRepeated) or (isinstance(event, TextHeard) and not event.reading.verb)


# -- a dialogue begins -----------------------------------------------------------------------------------------------


def _open(turn: Turn, event: DialogueOpened) -> bool:
    if event.by == "bot" and any(every_ask(turn.library.newest(event.dialogue, turn.facts.person.language))):
        for run in turn.state.runs:
            if run.by == "bot" and run.began.astimezone(turn.zone).date() < turn.facts.today:
                expire(turn, run)  # what was asked earlier today stands beside it
    turn.let_pass()
    turn.forms = event.forms
    for words in event.said:
        turn.pass_on(words)
    waiting = _consenting(turn, event)
    if waiting is not None:
        turn.state = turn.state.on_top(replace(waiting, until=None))
        return True
    turn.open(
        Opening(dialogue=event.dialogue, items=event.items, known=event.known, hidden=event.hidden),
        run_id=event.run,
        by=event.by,
        day=event.day,
        occurrence=event.occurrence,
        engagement=event.engagement,
        message=event.message,
    )
    return False


def _consenting(turn: Turn, event: DialogueOpened) -> Run | None:
    """The run of a dialogue of consents that is under way for that engagement: it is taken up, not begun anew."""
    if not turn.library.newest(event.dialogue, turn.facts.person.language).consents:
        return None
    same = (run for run in turn.state.runs if run.dialogue == event.dialogue)
    return next((run for run in same if event.engagement in ("", run.engagement)), None)


def _again(turn: Turn, event: QuestionRepeated) -> bool:
    for words in event.said:
        turn.pass_on(words)
    return True


# -- something was said ----------------------------------------------------------------------------------------------


def _heard(turn: Turn, event: TextHeard) -> bool:
    reading = event.reading
    turn.emit(NoteActivity(answered=True))
    if reading.trouble is not None:
        turn.say(f"trouble_{reading.trouble}")
        return False
    if reading.control and turn.state.open is not None:
        return controls.CONTROLS[reading.control](turn, turn.state.open, reading)
    if reading.aside and (run := turn.state.open) is not None and _fits(turn, run, reading):
        return _in_private(turn, run, reading, event)
    if reading.verb:
        return _command(turn, reading, event)
    if reading.control and turn.facts.wishes.held is None:
        turn.say("nothing_open")
        return False
    reply = _beside(turn, event)
    if reply is not None:
        turn.apply(reply, key=event.key)
        return reply.opens is None
    if event.hangs_on:
        return _to_prompt(turn, event.hangs_on, reading, event.past, event.message)
    return _to_open_question(turn, reading, event)


def _fits(turn: Turn, run: Run, reading: Reading) -> bool:
    stop = turn.path(run).open
    if stop is None or run.asked is None or run.asked.question != stop.key:
        return False
    parsed = parse(stop.ask, reading, turn.wording)
    return isinstance(parsed, Parsed) and not steers(stop.ask, parsed.value) and _wrong(turn, run, stop, parsed) is None


def _in_private(turn: Turn, run: Run, reading: Reading, event: TextHeard) -> bool:
    if run.asked is not None:
        run = replace(run, asked=replace(run.asked, private=True))
    turn.say("private_taken")
    return _answer(turn, run, reading, event.message, event.past)


def _beside(turn: Turn, event: TextHeard) -> Reply | None:
    """What is made of a sentence where a number is asked for: it is not refused, and not lost."""
    run = turn.state.asking(event.hangs_on) if event.hangs_on else turn.state.open
    stop = turn.path(run).open if run is not None and run.asked is not None else None
    if stop is None or stop.ask.kind not in _NUMBERED:
        return None
    if not _comes_again(event.reading) and isinstance(parse(stop.ask, event.reading, turn.wording), Parsed):
        return None
    return turn.library.functions.beside(event.reading, turn.facts, turn.now)


def _comes_again(reading: Reading) -> bool:
    """Whether a number in a text is that of a habit: "gym 3 times a week" is no 3."""
    return reading.habit is not None and any(sign.isalpha() for sign in reading.habit.text)


def _to_open_question(turn: Turn, reading: Reading, event: TextHeard) -> bool:
    run = turn.state.open
    if run is not None and run.asked is not None and not _passes(turn, run, reading):
        return _answer(turn, run, reading, event.message, event.past)
    if event.past is not None and event.past.state == "expired":
        return _late(turn, event.past, reading, event.message) or _unplaced(turn, reading, event)
    return _unplaced(turn, reading, event)


def _passes(turn: Turn, run: Run, reading: Reading) -> bool:
    """Whether the open question stands without an answer, and this is none."""
    stop = turn.path(run).open
    if stop is None or not stop.ask.passing or isinstance(parse(stop.ask, reading, turn.wording), Parsed):
        return False
    turn.let_pass()
    return True


def _unplaced(turn: Turn, reading: Reading, event: TextHeard) -> bool:
    turn.apply(turn.library.functions.fallback(reading, turn.facts, turn.now), key=event.key)
    return False


def _command(turn: Turn, reading: Reading, event: TextHeard) -> bool:
    command = turn.library.functions.commands.get(reading.verb)
    if command is None:
        turn.say("unknown_command", verb=shortened(reading.verb, 40))
        return True
    reply = command(reading, turn.facts, turn.now)
    if reply.ends:
        _put_away(turn)
    if reply.withdraws:
        _withdraw(turn, (f"{reply.withdraws}>", f"{reply.withdraws}+>"))
    turn.apply(reply, key=event.key)
    return reply.opens is None and not reply.rests


def _withdraw(turn: Turn, begun: tuple[str, ...]) -> None:
    """Put away the dialogues that something has led to which is no more."""
    for run in turn.state.runs:
        if run.id.startswith(begun):
            turn.end(turn.close(run, "superseded", turn.wording.say("cancelled_mark")), "cancelled")


def _put_away(turn: Turn) -> None:
    """End whatever is under way: what was answered counts, nothing is missed, and nothing is asked again."""
    for run in turn.state.runs:
        told = any(not answer.skipped for answer in run.answers.values())
        closed = turn.close(run, "superseded", turn.wording.say("cancelled_mark"))
        turn.end(closed, "partly" if told else "cancelled")


def _to_prompt(turn: Turn, token: str, reading: Reading, past: Past | None, message: str) -> bool:
    run = turn.state.asking(token)
    if run is not None:
        turn.state = turn.state.on_top(replace(run, until=None))
        return _answer(turn, replace(run, until=None), reading, message, past)
    if past is not None and past.state == "expired" and _late(turn, past, reading, message):
        return True
    turn.say("already_answered")
    return True


# -- an answer -------------------------------------------------------------------------------------------------------


def _answer(turn: Turn, run: Run, reading: Reading, message: str, past: Past | None) -> bool:
    stop = turn.path(run).open
    if turn.moved_on(run) or stop is None or _begun_instead(turn, run, stop, reading):
        return False
    if stop.key in run.answers and ends_list(reading, turn.wording):
        controls.close_list(turn, run, stop)
        return False
    parsed = _with_listed(run, stop, parse(stop.ask, _boxes(turn, run, stop.ask, reading), turn.wording))
    wrong = _wrong(turn, run, stop, parsed)
    if wrong is not None:
        return _ask_again(turn, run, stop, wrong)
    if isinstance(parsed, Parsed) and steers(stop.ask, parsed.value):
        return controls.steer(turn, run, parsed.value)
    if isinstance(parsed, Parsed):
        if stop.ask.kind is Kind.DATE and reading.dates and parsed.value is not None:
            turn.say("echo_date", day=parsed.label)
        before = run
        if stop.ask.date_for:
            run, parsed = _date_in_passing(turn, run, stop, parsed, reading)
        run = turn.store(run, stop, parsed, message=message)
        if stop.ask.kind is Kind.COMMITMENTS:
            run = _open_for_more(before, run, stop, reading)
        done = turn.count(run, before)
        turn.emit(Toast(text=turn.wording.say("toast_noted")))
        if run.pending is not None and parsed.value is True and past is not None:
            edits.apply_effects(turn, run.pending, past)
        turn.answered(done, stop, _own_part(turn, done.answers[stop.key]))
    return False


def _own_part(turn: Turn, answer: Answer) -> Answer:
    """An answer as it marks its message: of a list only what that message added."""
    if not answer.kept:
        return answer
    return replace(answer, label=turn.wording.write(words_of_list(answer.value[answer.kept :])))


def _with_listed(run: Run, stop: Stop, parsed: Parsed | Misread) -> Parsed | Misread:
    """What was listed before stands in front of a further entry."""
    listed = run.answers.get(stop.key)
    if listed is None or not isinstance(parsed, Parsed):
        return parsed
    return longer(stop.ask, listed.value, parsed)


def _open_for_more(before: Run, run: Run, stop: Stop, reading: Reading) -> Run:
    """One line at a time is asked on; several in one message are the whole list."""
    listed, entries = before.answers.get(stop.key), run.answers[stop.key].value or ()
    more = len(lines_of(reading.text)) == 1 and 0 < len(entries) < list_limit(stop.ask)
    answer = replace(run.answers[stop.key], more=more, kept=len(listed.value) if listed else 0)
    return run.answered(stop.key, answer)


def _begun_instead(turn: Turn, run: Run, stop: Stop, reading: Reading) -> bool:
    """What comes again and again is no single promise: the question gives way to the dialogue that takes it."""
    if not stop.ask.several or reading.habit is None or len(reading.deeds) > 1 or run.answers:
        return False
    reply = turn.library.functions.fallback(reading, turn.facts, turn.now)
    if reply.opens is None:
        return False
    turn.end(turn.close(run, "answered", reading.text), "cancelled")
    turn.apply(reply, key=f"{run.id}+")
    return True


def _boxes(turn: Turn, run: Run, ask: Ask, reading: Reading) -> Reading:
    """ "That's all", tapped or typed, stands for the boxes that are ticked."""
    ready = ("=", plain(turn.wording.say("choices_ready")))
    if ask.kind is not Kind.CHOICES or run.asked is None or not {reading.text, plain(reading.text)} & {*ready}:
        return reading
    return Reading(text=";".join(run.asked.picked), literal=True)


def _date_in_passing(turn: Turn, run: Run, stop: Stop, parsed: Parsed, reading: Reading) -> tuple[Run, Parsed]:
    """A day named in the words of one answer is the answer to the question that would ask for it."""
    words, day = date_in_passing(stop.ask, parsed, reading)
    if day is None:
        return run, parsed
    private = bool(run.asked and run.asked.private)
    return turn.keep(run, stop.key_of_date, turn.answer(day, run, private=private)), words


def _wrong(turn: Turn, run: Run, stop: Stop, parsed: Any) -> str | None:
    if not isinstance(parsed, Parsed):
        return turn.wording.render(parsed.why)
    if parsed.value is None and stop.ask.required:
        return turn.wording.say("reask_required")
    if not stop.ask.check or parsed.value is None:
        return None
    found = turn.library.functions.validators[stop.ask.check](parsed.value, turn.path(run).at(stop))
    return turn.wording.render(found) if found is not None else None


def _ask_again(turn: Turn, run: Run, stop: Stop, wrong: str) -> bool:
    """Say what was wrong, then offer something simpler, then pass the question over, unless it is to be answered."""
    asked = run.asked
    if asked is None:
        return False
    turn.emit(FieldError(question=stop.key, text=wrong))
    if asked.tries >= TRIES and not _insists(turn, run, stop.ask):
        turn.say("passed_over")
        controls.skip_question(turn, run, stop)
        return False
    turn.say("reask" if not asked.tries else _simpler(turn, stop.ask), why=wrong)
    run = replace(run, asked=replace(asked, tries=asked.tries + 1))
    turn.state = turn.state.on_top(run)
    turn.ask(run)
    return False


def _insists(turn: Turn, run: Run, ask: Ask) -> bool:
    """Whether a question waits for an answer, or a skip in so many words: nothing that matters is lost to a misreading.

    So do all of a dialogue whose answers no edit changes, which are consents, and what asks for promises.
    """
    return ask.required or ask.patient or ask.kind in _PROMISES or bool(turn.dialogue(run).settled)


def _simpler(turn: Turn, ask: Ask) -> str:
    """What is offered to somebody whose answer could not be read twice."""
    if ask.required:
        return "reask_tap"
    taps = ask.kind is Kind.DATE or bool(choices_of(ask, turn.wording))
    return "reask_simpler" if taps else "reask_or_skip"


# -- a button --------------------------------------------------------------------------------------------------------


def _tap(turn: Turn, event: ButtonTapped) -> bool:
    turn.emit(NoteActivity(answered=True))
    reading = Reading(text=event.value, literal=True)
    run = turn.state.asking(event.token)
    if run is not None:
        run = replace(run, until=None)
        turn.state = turn.state.on_top(run)
        return _pressed(turn, run, reading, event)
    if event.past is not None and event.past.state == "expired" and _late(turn, event.past, reading, ""):
        return True
    turn.emit(Toast(text=turn.wording.say("already_answered"), stale=True))
    return False


def _pressed(turn: Turn, run: Run, reading: Reading, event: ButtonTapped) -> bool:
    path = turn.path(run)
    stop, asked = path.open, run.asked
    if stop is None or asked is None or asked.question != stop.key or stop.ask.kind is not Kind.CHOICES:
        return _answer(turn, run, reading, "", event.past)
    known = [o.value for o in stop.ask.options]
    if event.value not in known:
        return _answer(turn, run, reading, "", event.past)
    picked = tuple(v for v in known if (v in asked.picked) != (v == event.value))
    turn.state = turn.state.on_top(replace(run, asked=replace(asked, picked=picked)))
    choices = choices_of(stop.ask, turn.wording, picked)
    turn.emit(CloseMessage(token=asked.token, choices=choices))
    return False


# -- an answer that comes late ---------------------------------------------------------------------------------------


def _late(turn: Turn, past: Past, reading: Reading, message: str) -> bool:
    """Take the one answer of an expired prompt under its own day; the dialogue does not reopen. False: not readable."""
    if past.closed is None or turn.now - past.closed > LATE:
        return False
    stop = turn.whole(past.run).stop(past.question)
    if stop is None or past.question in past.run.answers:
        return False
    parsed = parse(stop.ask, reading, turn.wording)
    if not isinstance(parsed, Parsed) or _wrong(turn, past.run, stop, parsed) is not None:
        return False
    if steers(stop.ask, parsed.value):
        return False
    run = turn.put(past.run, stop, turn.answer(parsed, past.run, message=message))
    run = turn.write_outcome(run, past.run)
    turn.emit(ClosePrompt(token=past.token, state="answered"), EndRun(run=run, how="partly"))
    mark = turn.wording.say("retired", mark=parsed.label)
    turn.emit(CloseMessage(token=past.token, mark=mark), Toast(text=turn.wording.say("toast_noted")))
    turn.say("noted_late", answer=parsed.label, day=past.run.day)
    return True


# -- signs of life and timers ----------------------------------------------------------------------------------------


def _stir(turn: Turn, event: NonTextHeard) -> bool:
    turn.emit(NoteActivity(answered=False))
    turn.say("cannot_keep")
    return turn.state.open is not None


def _ring(turn: Turn, event: TimerFired) -> bool:
    run = turn.state.asking(event.token)
    if run is None:
        return False
    if event.kind == "expire" and not _does_not_lapse(turn, run):
        expire(turn, run)
    elif event.kind == "remind" and run.until is None:
        turn.state = turn.state.on_top(run)
        turn.ask(run, reminder=True)
    elif event.kind == "again" and run.until is not None:
        turn.state = turn.state.on_top(replace(run, until=None))
        return True
    return False


def _does_not_lapse(turn: Turn, run: Run) -> bool:
    """Whether a run waits for a consent that the bot asked for: no silence stands for an answer there."""
    stop = turn.path(run).open
    return run.by == "bot" and stop is not None and stop.ask.required


def expire(turn: Turn, run: Run) -> None:
    """Put away a run that nobody answered; what was answered counts, the rest is missed and not nothing.

    What stands without an answer is settled by then.
    """
    stop = turn.path(run).open
    if stop is not None and stop.ask.passing:
        turn.end(turn.close(run, "superseded"), "partly")
        return
    told = any(not answer.skipped for answer in run.answers.values())
    run = turn.close(run, "expired")
    turn.end(run, "partly" if told else "missed")


HANDLERS: Mapping[type, Callable[[Turn, Any], bool]] = {
    DialogueOpened: _open,
    QuestionRepeated: _again,
    TextHeard: _heard,
    ButtonTapped: _tap,
    FormFilled: filling.fill,
    AnswerEdited: edits.revised,
    NonTextHeard: _stir,
    TimerFired: _ring,
    MadePrivate: edits.hide,
}


def waiting(state: State, library: Library, run: Run | None = None) -> Stop | None:
    """The question that is open, or that another run waits on, as whoever reads a text needs to know it."""
    run = run or state.open
    if run is None:
        return None
    return walk(library.pinned(run.version), run, state.facts, library).open
