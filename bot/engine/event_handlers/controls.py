"""What can be said at any question: back, skip, cancel, later, change, private, help.

Each control returns whether the open question is to be asked again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.engine import flow
from bot.engine.answers import words_of_list
from bot.engine.effects import CloseMessage, ClosePrompt, DropAnswer, Snooze, Toast
from bot.engine.state import Answer, Run, short
from bot.engine.turn import Turn
from bot.engine.walk import Path, Stop
from bot.messages.readings import Reading
from bot.model.phrases import phrase
from bot.model.replies import Reply
from bot.rendering.shortening import shortened

_SHORT = 60  # characters of an answer that is named once more
_LIKE = 70  # of 100, token-wise: "change date" finds "By when is it due?" by its id, not by luck


def _back(turn: Turn, run: Run, reading: Reading) -> bool:
    path, run = turn.path(run), replace(run, edited=())
    given = [key for key in path.asked if key in run.answers]
    if not given:
        turn.say("back_none")
        return True
    listed, stop = run.answers[given[-1]], path.open
    if listed.more and len(listed.value) > 1 and stop is not None:
        _shorten(turn, run, stop, listed)
    else:
        _reopen(turn, run, given[-1])
    return False


def _shorten(turn: Turn, run: Run, stop: Stop, listed: Answer) -> None:
    """Take the last entry off a list that may go on."""
    entries = listed.value[:-1]
    label = turn.wording.write(words_of_list(entries))
    lines = listed.given_by[: len(entries)]
    left = replace(listed, value=entries, label=label, kept=min(listed.kept, len(entries)), lines=lines)
    done = turn.count(turn.take(run, stop, left), run)
    turn.emit(CloseMessage(token="", run=run.id, question=stop.key, last=True))
    flow.ask(turn, flow.close(turn, done, "superseded"))


def _skip(turn: Turn, run: Run, reading: Reading) -> bool:
    stop = turn.path(run).open
    if stop is not None and not flow.moved_on(turn, run):
        skip_question(turn, replace(run, edited=()), stop)
    return False


def skip_question(turn: Turn, run: Run, stop: Stop) -> None:
    """Leave a question unanswered, on record, and go on; one that is required is asked again."""
    if stop.ask.required:
        turn.say("reask_required")
        flow.ask(turn, run)
        return
    if stop.key in run.answers:
        close_list(turn, run, stop)
        return
    answer = run.passed_over(stop.key, turn.now)
    turn.emit(Toast(text=turn.wording.say("toast_skipped")))
    flow.answered(turn, turn.count(turn.take(run, stop, answer), run), stop, answer)


def close_list(turn: Turn, run: Run, stop: Stop) -> None:
    """Nothing more comes: the list is what it is, and counts already."""
    done = turn.take(run, stop, run.passed_over(stop.key, turn.now))
    flow.answered(turn, done, stop, replace(done.answers[stop.key], label=turn.wording.say("choices_ready")))


def _cancel(turn: Turn, run: Run, reading: Reading) -> bool:
    """What was said stays, is named, and can be taken back with one tap; what waits for its yes is dropped."""
    said = _listed_answers(turn, run) if run.wrote else []
    run = flow.close(turn, run, "superseded", turn.wording.say("cancelled_mark"))
    if said:
        flow.end(turn, run, "partly")
        buttons = () if turn.dialogue(run).locked else ((f"/undo {short(run.id)}", phrase("button_take_back")),)
        kept = phrase("cancelled_kept", title=turn.dialogue(run).title, answers="; ".join(said))
        flow.apply(turn, Reply(says=(kept,), buttons=buttons), key=run.id)
        return True
    flow.end(turn, run, "cancelled")
    turn.say("cancelled_waiting" if turn.dialogue(run).waits else "cancelled", title=turn.dialogue(run).title)
    return True


def _listed_answers(turn: Turn, run: Run) -> list[str]:
    """What was answered so far, in the person's own words, shortly."""
    given = (run.answers[key] for key in turn.whole(run).asked if key in run.answers)
    return [shortened(answer.label, _SHORT) for answer in given if answer.label and not answer.skipped]


def _later(turn: Turn, run: Run, reading: Reading) -> bool:
    if run.asked is None:
        return False
    at = turn.library.functions.later(turn.facts, turn.now)
    turn.state = turn.state.in_place(replace(run, until=at))
    turn.emit(Snooze(token=run.asked.token, at=at))
    turn.say("later", at=at.astimezone(turn.zone))
    return turn.state.open is not None


def _change(turn: Turn, run: Run, reading: Reading) -> bool:
    path = turn.path(run)
    given = [path.stop(key) for key in path.asked if key in run.answers]
    stops = [stop for stop in given if stop is not None]
    found = _find(turn, run, path, stops, reading.rest)
    if found is None:
        turn.say("change_which" if stops else "back_none", questions=_listed(turn, run, path, stops))
        return True
    _reopen(turn, run, found.key)
    return False


def _private(turn: Turn, run: Run, reading: Reading) -> bool:
    if flow.moved_on(turn, run) or run.asked is None:
        return False
    asked = replace(run.asked, private=not run.asked.private)
    turn.state = turn.state.on_top(replace(run, asked=asked))
    turn.say("private_next" if asked.private else "private_no_more")
    return True


def _help(turn: Turn, run: Run, reading: Reading) -> bool:
    path = turn.path(run)
    stop = path.open
    if stop is not None and stop.ask.hint:
        turn.pass_on(turn.text_of(stop, path, run, stop.ask.hint))
    turn.say("help_question")
    return True


def _reopen(turn: Turn, run: Run, key: str) -> None:
    """Take one answer out and ask for it again; the answers after it stay and count again where they still fit."""
    if run.asked is not None:
        turn.emit(CloseMessage(token=run.asked.token), ClosePrompt(token=run.asked.token, state="superseded"))
    turn.emit(DropAnswer(run=run.id, question=key))
    left = turn.count(run.without(key), run)
    flow.ask(turn, replace(left, asked=None, touched=turn.now))


def _find(turn: Turn, run: Run, path: Path, stops: list[Stop], wanted: str) -> Stop | None:
    if not wanted or not stops:
        return None
    if wanted.isdecimal():
        return stops[int(wanted) - 1] if 1 <= int(wanted) <= len(stops) else None
    named = next((s for s in stops if s.ask.id == wanted), None)
    if named is not None:
        return named
    names = {i: f"{s.ask.id} {turn.text_of(s, path, run, s.ask.text)}".lower() for i, s in enumerate(stops)}
    best = process.extractOne(wanted.lower(), names, scorer=fuzz.partial_ratio, score_cutoff=_LIKE)
    return stops[best[2]] if best else None


def _listed(turn: Turn, run: Run, path: Path, stops: list[Stop]) -> list[str]:
    return [
        f"{n}. {turn.text_of(s, path, run, s.ask.text)} {run.answers[s.key].label}".strip()
        for n, s in enumerate(stops, 1)
    ]


CONTROLS: Mapping[str, Callable[[Turn, Run, Reading], bool]] = {
    "back": _back,
    "skip": _skip,
    "cancel": _cancel,
    "later": _later,
    "change": _change,
    "private": _private,
    "help": _help,
}


def steer(turn: Turn, run: Run, value: str) -> bool:
    """Do what an option says that steers, such as "!later", or "!change what" with the question that it names."""
    verb, _, rest = value[1:].partition(" ")
    return CONTROLS[verb](turn, run, Reading(text="", rest=rest))
