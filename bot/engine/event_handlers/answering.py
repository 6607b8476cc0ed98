"""An answer is taken, or asked for once more."""

from dataclasses import replace

from bot.engine import flow
from bot.engine.answers import (
    Misread,
    Parsed,
    date_in_passing,
    ends_list,
    lines_of,
    list_limit,
    longer,
    parse,
    steers,
    words_of_list,
)
from bot.engine.buttons import ALL, choices_of
from bot.engine.dialogue.tree import Ask, Kind
from bot.engine.effects import FieldError, Toast
from bot.engine.event_handlers import controls, edits
from bot.engine.events import Past
from bot.engine.matching import plain
from bot.engine.state import Answer, Run
from bot.engine.turn import Turn
from bot.engine.walk import Stop
from bot.messages.readings import Reading

_PROMISES = (Kind.COMMITMENTS, Kind.HABIT)
TRIES = 2  # unreadable answers before a question is passed over


def take_answer(turn: Turn, run: Run, reading: Reading, message: str, past: Past | None) -> bool:
    """Take a reading as the answer to the open question of a run; returns whether that question is to be put again."""
    stop = turn.path(run).open
    if flow.moved_on(turn, run) or stop is None or _begun_instead(turn, run, stop, reading):
        return False
    if stop.key in run.answers and ends_list(reading, turn.wording):
        controls.close_list(turn, run, stop)
        return False
    parsed = _with_listed(run, stop, parse(stop.ask, _boxes(turn, run, stop.ask, reading), turn.wording))
    parsed = turn.checked(turn.path(run), stop, parsed)
    if isinstance(parsed, Misread):
        return _ask_again(turn, run, stop, turn.wording.render(parsed.why))
    if steers(stop.ask, parsed.value):
        return controls.steer(turn, run, parsed.value)
    if stop.ask.kind is Kind.DATE and reading.dates and parsed.value is not None:
        turn.say("echo_date", day=parsed.label)
    before = run
    run = replace(run, edited=())
    if stop.ask.date_for:
        run, parsed = _date_in_passing(turn, run, stop, parsed, reading)
    run = turn.store(run, stop, parsed, message=message)
    if stop.ask.kind is Kind.COMMITMENTS:
        run = _open_for_more(before, run, stop, reading)
    done = turn.count(run, before)
    turn.emit(Toast(text=turn.wording.say("toast_noted")))
    if run.pending is not None and parsed.value is True and past is not None:
        edits.apply_effects(turn, run.pending, past)
    flow.answered(turn, done, stop, _own_part(turn, done.answers[stop.key]))
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
    answer, before_it = run.answers[stop.key], listed.given_by if listed else ()
    lines = (*before_it, *(answer.message for _ in entries[len(before_it) :]))
    return run.answered(stop.key, replace(answer, more=more, kept=len(before_it), lines=lines))


def _begun_instead(turn: Turn, run: Run, stop: Stop, reading: Reading) -> bool:
    """What comes again and again is no single promise: the question gives way to the dialogue that takes it."""
    if not stop.ask.several or reading.habit is None or len(reading.deeds) > 1 or run.goes_on:
        return False
    reply = turn.library.functions.fallback(reading, turn.facts, turn.now)
    if reply.opens is None:
        return False
    flow.end(turn, flow.close(turn, run, "answered", reading.text), "cancelled")
    flow.apply(turn, reply, key=f"{run.id}+")
    return True


def _boxes(turn: Turn, run: Run, ask: Ask, reading: Reading) -> Reading:
    """ "That's all", tapped or typed, stands for the boxes that are ticked."""
    ready = (ALL, plain(turn.wording.say("choices_ready")))
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
    flow.ask(turn, run)
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
