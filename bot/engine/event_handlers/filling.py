"""A form that was sent in: all its answers are taken, or none and each error is told beside its field."""

from dataclasses import replace

from bot.engine import flow
from bot.engine.answers import Parsed
from bot.engine.dialogue.tree import Ask
from bot.engine.effects import FieldError, Toast
from bot.engine.events import FormFilled
from bot.engine.forms import stops_of
from bot.engine.state import Answer, Run
from bot.engine.turn import Turn
from bot.engine.walk import Path, Stop
from bot.messages.readings import Trouble


def filled(turn: Turn, event: FormFilled) -> bool:
    """Take every field, or none and say what is wrong with each; the first field must hold something."""
    run = turn.state.asking(event.token)
    turn.heard(answered=True, of=run)
    if run is None:
        turn.emit(Toast(text=turn.wording.say("already_answered"), stale=True))
        return False
    path = turn.path(run)
    given: dict[str, Parsed] = {}
    wrong: list[FieldError] = []
    stops = stops_of(turn.dialogue(run), path.given, turn.library)
    for stop in stops:
        found = _read(turn, event, run, path, stop)
        if isinstance(found, FieldError):
            wrong.append(found)
        elif found is not None:
            given[stop.key] = found
    if wrong:
        turn.emit(*wrong)
        return False
    aside = frozenset(key for key, reading in event.readings.items() if reading.private_answer)
    _take(turn, run, stops, given, aside)
    return False


def _read(turn: Turn, event: FormFilled, run: Run, path: Path, stop: Stop) -> Parsed | FieldError | None:
    reading = event.readings.get(stop.key)
    if reading is None or reading.trouble is not None:
        needed = stop.key == turn.dialogue(run).form[0]
        if reading is None and not needed:
            return None
        trouble = reading.trouble if reading is not None else Trouble.EMPTY
        return FieldError(question=stop.key, text=turn.wording.say(f"trouble_{trouble}"))
    parsed = turn.read(path, stop, reading)
    if isinstance(parsed, Parsed):
        return parsed
    return FieldError(question=stop.key, text=turn.wording.render(parsed.why))


def _take(turn: Turn, run: Run, stops: list[Stop], given: dict[str, Parsed], aside: frozenset[str]) -> None:
    """Keep the answers; those with "private" in front are not for the coach."""
    asked, before = run.asked, run
    for stop in stops:
        ask: Ask = stop.ask
        private = stop.key in aside or bool(asked and asked.private)
        if stop.key in given:
            answer = turn.answer(given[stop.key], run, private=private)
        else:
            answer = Answer(value=None, label="", day=run.day, at=turn.now, skipped=True)
        run = turn.keep(run, stop.key, answer, ask.audience)
    if aside & given.keys():
        turn.say("private_taken")
    turn.emit(Toast(text=turn.wording.say("toast_noted")))
    run = turn.count(run, before)
    run = replace(flow.close(turn, run, "answered", turn.wording.say("form_mark")), touched=turn.now)
    after = turn.path(run)
    answered = [key for key in after.asked if key in run.answers]
    turn.say_stops(after.after(answered[-1] if answered else ""), after, run)
    flow.go_on(turn, run, after)
