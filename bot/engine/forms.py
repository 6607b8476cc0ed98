"""Several questions of one dialogue at once, for a platform that has forms; same parsers, same checks."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.engine.answers import Parsed, choices_of, parse
from bot.engine.state import Answer, Fill, Invalid, Live, Run, Toast
from bot.engine.tree import Ask, Kind, every_ask
from bot.engine.walk import Path, Stop
from bot.messages import Field, Form, Trouble

if TYPE_CHECKING:
    from bot.engine.turn import Turn


def form_of(turn: "Turn", run: Run, path: Path) -> Form | None:
    """The form of a dialogue that has one: its questions in order, with what is known already."""
    dialogue = turn.dialogue(run)
    if not dialogue.form or path.open is None:
        return None
    return Form(
        title=dialogue.title,
        submit=turn.wording.say("form_submit"),
        cancel=turn.wording.say("form_cancel"),
        fields=tuple(_field(turn, run, path, stop) for stop in _stops(turn, run)),
    )


def _stops(turn: "Turn", run: Run) -> list[Stop]:
    asks = {ask.id: ask for ask in every_ask(turn.dialogue(run))}
    return [Stop(node=asks[name], key=name, scope="", item="") for name in turn.dialogue(run).form]


def _field(turn: "Turn", run: Run, path: Path, stop: Stop) -> Field:
    ask = stop.ask
    known = run.answers.get(stop.key)
    return Field(
        name=ask.id,
        kind=ask.kind,
        label=turn.text_of(stop, path, run, ask.text),
        hint=turn.text_of(stop, path, run, ask.hint) if ask.hint else "",
        choices=() if ask.kind is Kind.TEXT else choices_of(ask, turn.wording),
        optional=stop.key != turn.dialogue(run).form[0],
        value="" if known is None or known.value is None else str(known.value),
    )


def fill(turn: "Turn", event: Fill) -> bool:
    """Take every field, or none and say what is wrong with each; the first field must hold something."""
    turn.emit(Live(answered=True))
    run = turn.state.asking(event.token)
    if run is None:
        turn.emit(Toast(text=turn.wording.say("already_answered"), stale=True))
        return False
    path = turn.path(run)
    given: dict[str, Parsed] = {}
    wrong: list[Invalid] = []
    for stop in _stops(turn, run):
        found = _read(turn, event, run, path, stop)
        if isinstance(found, Invalid):
            wrong.append(found)
        elif found is not None:
            given[stop.key] = found
    if wrong:
        turn.emit(*wrong)
        return False
    _take(turn, run, path, given)
    return False


def _read(turn: "Turn", event: Fill, run: Run, path: Path, stop: Stop) -> Parsed | Invalid | None:
    reading = event.readings.get(stop.key)
    if reading is None or reading.trouble is not None:
        needed = stop.key == turn.dialogue(run).form[0]
        if reading is None and not needed:
            return None
        trouble = reading.trouble if reading is not None else Trouble.EMPTY
        return Invalid(question=stop.key, text=turn.wording.say(f"trouble_{trouble}"))
    parsed = parse(stop.ask, reading, turn.wording)
    if not isinstance(parsed, Parsed):
        return Invalid(question=stop.key, text=turn.wording.render(parsed.why))
    check = turn.library.functions.validators.get(stop.ask.check)
    why = check(parsed.value, path.at(stop)) if check is not None else None
    return Invalid(question=stop.key, text=turn.wording.render(why)) if why is not None else parsed


def _take(turn: "Turn", run: Run, path: Path, given: dict[str, Parsed]) -> None:
    asked = run.asked
    for stop in _stops(turn, run):
        ask: Ask = stop.ask
        private = bool(asked and asked.private)
        if stop.key in given:
            answer = turn.answer(given[stop.key], run, private=private)
        else:
            answer = Answer(value=None, label="", day=run.day, at=turn.now, skipped=True)
        run = turn.keep(run, stop.key, answer, ask.audience)
    turn.emit(Toast(text=turn.wording.say("toast_noted")))
    run = replace(turn.close(run, "answered", turn.wording.say("form_mark")), touched=turn.now)
    after = turn.path(run)
    answered = [key for key in after.asked if key in run.answers]
    turn.say_stops(after.after(answered[-1] if answered else ""), after, run)
    turn.go_on(run, after)
