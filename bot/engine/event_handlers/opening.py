"""A dialogue begins, or the open question is put again."""

from dataclasses import replace
from datetime import date
from typing import Literal

from bot.engine import flow
from bot.engine.answers import Parsed
from bot.engine.dialogue.editing import edited
from bot.engine.dialogue.tree import Dialogue, every_ask
from bot.engine.event_handlers.timers import expire
from bot.engine.events import DialogueOpened, QuestionRepeated
from bot.engine.state import Run
from bot.engine.turn import Turn
from bot.model.replies import Opening


def opened(turn: Turn, event: DialogueOpened) -> bool:
    """The runs below it keep their questions, and are asked again when it has ended."""
    hidden = event.private or turn.facts.keeps(event.items)
    asks = any(every_ask(turn.library.newest(event.dialogue, turn.facts.person.language)))
    if event.by == "bot" and asks and not hidden:
        for run in turn.state.runs:
            if run.by == "bot" and run.began.astimezone(turn.zone).date() < turn.facts.today:
                expire(turn, run)  # what was asked earlier today stands beside it
    flow.let_pass(turn)
    turn.forms = event.forms
    for words in event.said:
        turn.pass_on(words)
    waiting = _consenting(turn, event)
    if waiting is not None:
        turn.state = turn.state.on_top(replace(waiting, until=None))
        return True
    open_dialogue(
        turn,
        Opening(dialogue=event.dialogue, items=event.items, known=event.known, private=hidden),
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


def repeated(turn: Turn, event: QuestionRepeated) -> bool:
    """The open question is put again, now that the facts are new."""
    for words in event.said:
        turn.pass_on(words)
    return True


def open_dialogue(
    turn: Turn,
    opening: Opening,
    *,
    run_id: str,
    by: Literal["bot", "client"],
    day: date,
    occurrence: str = "",
    engagement: str = "",
    message: str = "",
) -> None:
    """Begin a dialogue in its newest version; `message` is the one that gave the first of the known answers."""
    own = turn.facts.engagement
    engagement = engagement or (own.id if own else "")
    dialogue = _worded(turn, opening.dialogue, engagement)
    run = Run(
        id=run_id,
        dialogue=dialogue.name,
        version=dialogue.version,
        by=by,
        day=day,
        began=turn.now,
        touched=turn.now,
        occurrence=occurrence,
        engagement=engagement,
        lists=_lists(turn, dialogue, opening, engagement),
        answers={},
        hidden=opening.private,
    )
    turn.library = turn.library.with_versions({dialogue.version: dialogue})
    begun = run
    for name, value in opening.known.items():
        label = value[1] if isinstance(value, tuple) else str(value)
        bare = value[0] if isinstance(value, tuple) else value
        run = turn.keep(
            run, name, turn.answer(Parsed(value=bare, label=label), run, message=message, private=opening.private)
        )
        message = ""
    if opening.known:
        run = turn.count(run, begun)
    flow.begin(turn, run, opening=by == "bot" and not run.hidden)


def _worded(turn: Turn, name: str, engagement: str) -> Dialogue:
    """The newest version of a dialogue, as the coach of that engagement words it."""
    dialogue = turn.library.newest(name, turn.facts.person.language)
    programme = turn.facts.plan_of(engagement).programme
    texts = programme.texts_in(dialogue.language)
    return edited(dialogue, texts, programme.questions) if texts or programme.questions else dialogue


def _lists(turn: Turn, dialogue: Dialogue, opening: Opening, engagement: str) -> dict[str, tuple[str, ...]]:
    listers = turn.library.functions.lists
    facts = turn.facts if opening.private else turn.facts.shown_with(())
    return {name: opening.items or listers[name](facts, engagement) for name in dialogue.loops}
