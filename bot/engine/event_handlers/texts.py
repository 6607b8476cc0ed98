"""Something was said: a control word, a command, an answer, or none of these."""

from dataclasses import replace

from bot.engine import flow
from bot.engine.answers import Parsed, parse, steers
from bot.engine.dialogue.tree import Ask, Kind
from bot.engine.effects import CloseMessage
from bot.engine.event_handlers import controls, edits
from bot.engine.event_handlers.answering import take_answer
from bot.engine.event_handlers.late import take_late
from bot.engine.events import Past, TextHeard
from bot.engine.state import ASIDE, Run
from bot.engine.turn import Turn
from bot.messages.readings import Reading
from bot.model.replies import Reply
from bot.rendering.shortening import shortened

_NUMBERED = (Kind.SCALE, Kind.LEVEL, Kind.NUMBER)
_CONTROLS = {**controls.CONTROLS, "unedit": edits.unedited}  # nobody types it: `undo` stands for it behind an edit


def heard(turn: Turn, event: TextHeard) -> bool:
    """Control word, command, the prompt it replies to, the open question, an expired one: the first that takes it."""
    reading = event.reading
    turn.heard(answered=True, of=None if reading.verb else _meant(turn, event))
    if reading.trouble is not None:
        turn.say(f"trouble_{reading.trouble}")
        return False
    if reading.control and turn.state.open is not None:
        return _CONTROLS[reading.control](turn, turn.state.open, reading)
    run = turn.state.asking(event.hangs_on) if event.hangs_on else turn.state.open
    if reading.private_answer and run is not None and _fits(turn, run, reading):
        return _in_private(turn, run, reading, event)
    if reading.verb:
        return _command(turn, reading, event)
    if reading.control and turn.facts.wishes.held is None:
        turn.say("nothing_open")
        return False
    reply = _beside(turn, event)
    if reply is not None:
        flow.apply(turn, reply, key=event.key)
        return reply.opens is None
    if event.hangs_on:
        return _to_prompt(turn, event.hangs_on, reading, event.past, event.message)
    return _to_open_question(turn, reading, event)


def _meant(turn: Turn, event: TextHeard) -> Run | None:
    """The dialogue that a text is said to."""
    return turn.state.asking(event.hangs_on) if event.hangs_on else turn.state.open


def _fits(turn: Turn, run: Run, reading: Reading) -> bool:
    path = turn.path(run)
    stop = path.open
    if stop is None or run.asked is None or run.asked.question != stop.key:
        return False
    parsed = turn.read(path, stop, reading)
    return isinstance(parsed, Parsed) and not steers(stop.ask, parsed.value)


def _in_private(turn: Turn, run: Run, reading: Reading, event: TextHeard) -> bool:
    if run.asked is not None:
        run = replace(run, asked=replace(run.asked, private=True), until=None)
    turn.state = turn.state.on_top(run)
    turn.say("private_taken")
    return take_answer(turn, run, reading, event.message, event.past)


def _beside(turn: Turn, event: TextHeard) -> Reply | None:
    """What is made of a sentence where a number is asked for, and of a habit in the midst of a dialogue.

    Neither is lost: the dialogue stays where it is, and is asked on when the other one has ended.
    """
    run = _meant(turn, event)
    stop = turn.path(run).open if run is not None and run.asked is not None else None
    if run is None or stop is None:
        return None
    if run.goes_on and _is_habit_alone(stop.ask, event.reading):
        reply = turn.library.functions.fallback(event.reading, turn.facts, turn.now)
        return reply if reply.opens is not None else None
    if stop.ask.kind not in _NUMBERED:
        return None
    if not _comes_again(event.reading) and isinstance(parse(stop.ask, event.reading, turn.wording), Parsed):
        return None
    return turn.library.functions.beside(event.reading, turn.facts, turn.now)


def _comes_again(reading: Reading) -> bool:
    """Whether a number in a text is that of a habit: "gym 3 times a week" is no 3."""
    return reading.habit is not None and any(sign.isalpha() for sign in reading.habit.text)


def _is_habit_alone(ask: Ask, reading: Reading) -> bool:
    """Whether a habit and nothing else was said where promises are asked for; a list holds habits itself."""
    return ask.several and ask.kind is Kind.TEXT and reading.habit is not None and len(reading.deeds) < 2


def _to_open_question(turn: Turn, reading: Reading, event: TextHeard) -> bool:
    run = turn.state.open
    if run is not None and run.asked is not None and not _passes(turn, run, reading):
        return take_answer(turn, run, reading, event.message, event.past)
    if event.past is not None and event.past.state == "expired":
        return take_late(turn, event.past, reading, event.message) or _unplaced(turn, reading, event)
    return _unplaced(turn, reading, event)


def _passes(turn: Turn, run: Run, reading: Reading) -> bool:
    """Whether the open question stands without an answer, and this is none."""
    stop = turn.path(run).open
    if stop is None or not stop.ask.passing or isinstance(parse(stop.ask, reading, turn.wording), Parsed):
        return False
    flow.let_pass(turn)
    return True


def _unplaced(turn: Turn, reading: Reading, event: TextHeard) -> bool:
    flow.apply(turn, turn.library.functions.fallback(reading, turn.facts, turn.now), key=event.key)
    return False


def _command(turn: Turn, reading: Reading, event: TextHeard) -> bool:
    command = turn.library.functions.commands.get(reading.verb)
    if command is None:
        turn.say("unknown_command", verb=shortened(reading.verb, 40))
        return True
    reply = command(reading, turn.facts, turn.now)
    if reply.ends:
        _put_away(turn)
    if reply.lays_aside:
        _lay_aside(turn)
    if reply.wakes:
        turn.state = replace(
            turn.state, runs=tuple(replace(r, until=None if r.aside else r.until) for r in turn.state.runs)
        )
    if reply.withdraws:
        _withdraw(turn, (f"{reply.withdraws}>", f"{reply.withdraws}+>"))
    flow.apply(turn, reply, key=event.key)
    return reply.opens is None and not reply.rests


def _withdraw(turn: Turn, begun: tuple[str, ...]) -> None:
    """Put away the dialogues that something has led to which is no more."""
    for run in turn.state.runs:
        if run.id.startswith(begun):
            flow.drop(turn, run)


def _put_away(turn: Turn) -> None:
    """End whatever is under way: what was answered counts, nothing is missed, and nothing is asked again."""
    for run in turn.state.runs:
        closed = flow.close(turn, run, "superseded", turn.wording.say("cancelled_mark"))
        flow.end(turn, closed, "partly" if run.told else "cancelled")


def _lay_aside(turn: Turn) -> None:
    """Let whatever is under way rest: it shows no buttons, and is neither answered nor ended by it."""
    for run in turn.state.runs:
        turn.state = turn.state.in_place(replace(run, until=ASIDE))
        if run.asked is not None:
            turn.emit(CloseMessage(token=run.asked.token))


def _to_prompt(turn: Turn, token: str, reading: Reading, past: Past | None, message: str) -> bool:
    run = turn.state.asking(token)
    if run is not None:
        turn.state = turn.state.on_top(replace(run, until=None))
        return take_answer(turn, replace(run, until=None), reading, message, past)
    if past is not None and past.state == "expired" and take_late(turn, past, reading, message):
        return True
    turn.say("already_answered")
    return True
