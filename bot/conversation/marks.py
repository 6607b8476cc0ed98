"""What messages with buttons look like once they are answered, and once the answer was taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.engine.effects import CloseMessage
from bot.engine.state import Answer
from bot.messages.outgoing import Document, Message
from bot.transaction.notify import wording_for
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations
from storage.conversation.ledger import Change, Entry
from storage.outbox import looks
from storage.outbox import rows as outbox
from storage.serialise import load

LATE = timedelta(minutes=2)  # a new look that could not be shown by then is not worth showing


def close(unit: UnitOfWork, effect: CloseMessage) -> None:
    """Take the buttons off the messages of a prompt, and put a mark below; with choices, show what is picked."""
    if effect.last:
        _retract(unit, _answered(unit, effect.run, effect.question)[-1:])
        return
    for token in [effect.token] if effect.token else _answered(unit, effect.run, effect.question):
        _show(unit, token, effect.mark, effect.choices)


def only_the_last_asks(unit: UnitOfWork, token: str) -> None:
    """A question that was just said once more keeps its buttons there, and not on the copy before."""
    for row in outbox.showing(unit.connection, token)[-2:-1]:
        shown = _without_text(outbox.message_of(unit.connection, row))
        if shown.choices:
            _look(unit, row, Message(text=shown.text, file=shown.file))


def taken_back(unit: UnitOfWork, run: str, question: str = "") -> None:
    """An answer of a run, or all of them, does not hold any more: its messages say so."""
    _retract(unit, _answered(unit, run, question))


def undone(unit: UnitOfWork, run: str, entry: Entry | None) -> None:
    """What an entry of the ledger had marked no longer stands: not at all, or as it did before."""
    if entry is None:
        return
    if not entry.revises:
        taken_back(unit, run)
        taken_back(unit, f"{run}+")
    for change in entry.changes if entry.revises else ():
        if change.table == "prompt":
            _reopened(unit, str(change.key[0]))
        elif change.table == "answer" and change.after is not None:
            _as_before(unit, entry.revises, change)


def _as_before(unit: UnitOfWork, run: str, change: Change) -> None:
    """An answer reads as it did before; one that was not there before is marked by the prompt that waits again."""
    question, before, now = str(change.key[1]), _answer(change.before), _answer(change.after)
    if before is None or (now is not None and before.label == now.label):
        return
    wording = wording_for(unit, unit.known)
    mark = wording.say("retired", mark=wording.say("skipped_mark") if before.skipped else before.label)
    close(unit, CloseMessage(token="", mark=mark, run=run, question=question))


def _answer(row: Any) -> Answer | None:
    return load(Answer, row["body"]) if row and "body" in row else None


def _answered(unit: UnitOfWork, run: str, question: str) -> list[str]:
    return conversations.answered(unit.connection, unit.known.id, run, question)


def _retract(unit: UnitOfWork, tokens: list[str]) -> None:
    mark = wording_for(unit, unit.known).say("taken_back_mark")
    for token in tokens:
        _show(unit, token, mark)
        conversations.close_prompt(unit.connection, token, "superseded", unit.now)


def _reopened(unit: UnitOfWork, token: str) -> None:
    """A question that waits for a late answer again has its buttons again."""
    for row in outbox.showing(unit.connection, token)[-1:]:
        _look(unit, row, _without_text(outbox.message_of(unit.connection, row)))


def _show(unit: UnitOfWork, token: str, mark: str, choices: Any = ()) -> None:
    for row in outbox.showing(unit.connection, token)[-1:]:
        shown = _without_text(outbox.message_of(unit.connection, row))
        if choices:
            _look(unit, row, replace(shown, choices=choices))
        else:
            _look(unit, row, Message(text="\n".join(filter(None, (shown.text, mark))), file=shown.file))


def _look(unit: UnitOfWork, row: Any, message: Message) -> None:
    """A new look for a message that was shown before."""
    unit.posted += 1
    looks.add_look(
        unit.connection,
        message,
        dedup=f"{unit.key}#{unit.posted}",
        shown=row,
        person=unit.known.id,
        due_at=unit.clock,
        expires_at=unit.clock + LATE,
    )


def _without_text(shown: Message) -> Message:
    """A message whose document is named and no more: a new look uploads nothing, but changes a caption."""
    file = replace(shown.file, text="") if isinstance(shown.file, Document) else shown.file
    return shown if file is shown.file else replace(shown, file=file)
