"""One turn of a conversation: the state as it becomes, what is said, and the effects, gathered while a step runs.

What is said in one turn is joined into one message, so that an answer is followed by one message and not by three. How
a dialogue goes on is `bot.engine.flow`.
"""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.engine.answers import Misread, Parsed, parse
from bot.engine.dialogue.tree import Dialogue, Say
from bot.engine.effects import (
    AskAgain,
    BeginDialogue,
    Effect,
    NoteActivity,
    SendMessage,
    StoreAnswer,
    WriteRecords,
)
from bot.engine.library import Library
from bot.engine.state import Answer, Run, State
from bot.engine.walk import Path, Stop, walk
from bot.engine.written import having_written, known_to
from bot.messages.outgoing import Choice
from bot.messages.readings import Reading
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, Words, phrase

_WORDS = (SendMessage, BeginDialogue, AskAgain)  # effects from which something will be read
_IN_A_ROW = 3  # buttons that are commands, where they fit


class Turn:
    """The state as it becomes, and the effects so far.

    `said` is what the next message begins with, `buttons` the commands below it. `put` are the tokens of the questions
    that were asked already. With `forms` a first question may be put as a form. `alone`: what came in was the
    client's own, and is no sign of life to anybody else.
    """

    def __init__(self, state: State, now: datetime, library: Library) -> None:
        self.state = state
        self.facts = state.facts
        self.now = now
        self.library = library
        self.wording = library.wording(state.facts)
        self.effects: list[Effect] = []
        self.said: list[Words] = []
        self.buttons: tuple[Choice, ...] = ()
        self.put: set[str] = set()
        self.forms = False
        self.alone = False
        self._heard: bool | None = None
        self._paths: dict[tuple[Any, ...], tuple[Run, Path]] = {}

    # -- saying ------------------------------------------------------------------------------------------------------

    def emit(self, *effects: Effect) -> None:
        """Add effects."""
        self.effects.extend(effects)

    def say(self, key: str, /, **params: Any) -> None:
        """Say a phrase of the catalogue, in the message that this turn ends with."""
        self.said.append(self.wording.say(key, **params))

    def voice(self, said: Phrase) -> None:
        """Say a phrase that a function of the library gave; with a late value it is put into words where it leaves."""
        self.said.append(said if said.late else self.wording.render(said))

    def pass_on(self, words: Words) -> None:
        """Say a sentence of the dialogue itself, or what was said in the step before."""
        self.said.append(words)

    @property
    def zone(self) -> ZoneInfo:
        """Where the person is."""
        return ZoneInfo(self.facts.person.zone)

    def flush(self) -> None:
        """Post what has been said so far, when no question follows."""
        if self.said:
            self.emit(SendMessage(said=tuple(self.said), choices=self.buttons, columns=_IN_A_ROW))
            self.said, self.buttons = [], ()

    def say_stops(self, stops: tuple[Stop, ...], path: Path, run: Run) -> None:
        """Say the statements that stand between two questions."""
        for stop in stops:
            if isinstance(stop.node, Say):
                self.said.append(self.text_of(stop, path, run, stop.node.text))

    def finish(self, *, typed: bool) -> tuple[State, tuple[Effect, ...]]:
        """End the turn; what was `typed` never meets silence, as only a tap shows on its message that it arrived."""
        if self._heard is not None and not self._is_own():
            self.effects.insert(0, NoteActivity(answered=self._heard))
        if typed and not self.said and not any(isinstance(effect, _WORDS) for effect in self.effects):
            self.say("all_right")
        self.flush()
        return self.state, tuple(self.effects)

    def heard(self, *, answered: bool, of: Run | None = None) -> None:
        """Take note of a sign of life, in words or not; there is none in what is for nobody else, as a hidden run."""
        self._heard = answered
        self.alone = self.alone or (of is not None and of.hidden)

    def _is_own(self) -> bool:
        given = [effect.audience is Audience.PRIVATE for effect in self.effects if isinstance(effect, StoreAnswer)]
        return all(given) if given else self.alone

    # -- walking -----------------------------------------------------------------------------------------------------

    def dialogue(self, run: Run) -> Dialogue:
        """The dialogue of a run in the version that it began with."""
        return self.library.pinned(run.version)

    def path(self, run: Run) -> Path:
        """Where the answers of a run lead."""
        return self._walked(run, to_end=False)

    def whole(self, run: Run) -> Path:
        """The path of a run that has been put away: what it left open, or what facts have put in since, is passed over.

        Else an answer would not count because one before it is missing.
        """
        path = self.path(run)
        return path if path.open is None else self._walked(run, to_end=True)

    def _walked(self, run: Run, *, to_end: bool) -> Path:
        # One event asks for the same path many times, and nothing that it depends on is ever changed in place.
        key = (run.id, id(run.answers), run.wrote, id(run.found), id(run.goals), to_end)
        known = self._paths.get(key)
        if known is None:
            found = walk(self.dialogue(run), run, known_to(run, self.facts), self.library, to_end=to_end)
            known = self._paths[key] = (run, found)  # holding the run, so that no other object gets its ids
        return known[1]

    def shows(self, run: Run) -> bool:
        """Whether something was answered in a run that is not kept from the coach."""
        meant = self.whole(run).given.audiences if run.told else {}
        told = (key for key, answer in run.answers.items() if not answer.skipped)
        return any(meant.get(key, Audience.PRIVATE) is not Audience.PRIVATE for key in told)

    def text_of(self, stop: Stop, path: Path, run: Run, text: str) -> str:
        """A text of the dialogue, its gaps filled with facts and with answers in sight of it."""
        return self.wording.fill(text, self._names(stop, path, run)).strip()  # a gap at its end may be empty

    def _names(self, stop: Stop, path: Path, run: Run) -> Mapping[str, Any]:
        given = path.at(stop)
        told: dict[str, Any] = {}
        for key in path.given.values:
            name = key.rpartition(".")[2]
            if given.key(name) == key:
                told[name] = path.given.labels[key]
        return ChainMap(told, self.library.functions.names(given))

    # -- answers -----------------------------------------------------------------------------------------------------

    def read(self, path: Path, stop: Stop, reading: Reading) -> Parsed | Misread:
        """The answer that a reading gives to a question, or why it gives none; "private" in front may be part of it."""
        found = self.checked(path, stop, parse(stop.ask, reading, self.wording))
        if isinstance(found, Parsed) or not (reading.private_answer and reading.rest):
            return found
        return self.checked(path, stop, parse(stop.ask, replace(reading, text=reading.rest), self.wording))

    def checked(self, path: Path, stop: Stop, parsed: Parsed | Misread) -> Parsed | Misread:
        """The same answer, unless its question does not take it."""
        if not isinstance(parsed, Parsed):
            return parsed
        if parsed.value is None:
            return Misread(why=phrase("reask_required")) if stop.ask.required else parsed
        check = self.library.functions.validators.get(stop.ask.check)
        why = check(parsed.value, path.at(stop)) if check is not None else None
        return parsed if why is None else Misread(why=why)

    def store(self, run: Run, stop: Stop, parsed: Parsed, *, message: str) -> Run:
        """Keep an answer: in the run, in the store, and on the message that asked for it."""
        asked, listed = run.asked, run.answers.get(stop.key)
        private = bool(asked and asked.question == stop.key and asked.private) or bool(listed and listed.private)
        answer = self.answer(parsed, run, message=message, private=private)
        return self.take(run, stop, answer)

    def answer(self, parsed: Parsed, run: Run, *, message: str = "", private: bool = False) -> Answer:
        """An answer as it is kept."""
        label = self.wording.write(parsed.label)
        return Answer(value=parsed.value, label=label, day=run.day, at=self.now, message=message, private=private)

    def take(self, run: Run, stop: Stop, answer: Answer) -> Run:
        """The run with that answer, which is also handed to the store."""
        return self.keep(run, stop.key, answer, stop.ask.audience)

    def keep(self, run: Run, key: str, answer: Answer, audience: Audience = Audience.COACH) -> Run:
        """The run with the answer under that key; hands it to the store for whom it is meant."""
        about = answer.private and self.dialogue(run).kept_with == key.rpartition(".")[2]
        done = replace(run.answered(key, answer), touched=self.now, hidden=run.hidden or about)
        meant = Audience.PRIVATE if answer.private or done.hidden else audience
        self.emit(StoreAnswer(run=done, question=key, answer=answer, audience=meant))
        return done

    def count(self, run: Run, before: Run) -> Run:
        """Write what a run has come to with an answer more, or less, than before; unless it waits for its end."""
        return run if self.dialogue(run).waits is not False else self.write_outcome(run, before)

    def write_outcome(self, run: Run, before: Run | None) -> Run:
        """Run the outcome of a dialogue over the answers on its path; nothing is written where nothing has changed."""
        name = self.dialogue(run).outcome
        if not name:
            return run
        outcome = self.library.functions.outcomes[name]
        records = outcome(self.whole(run).given)
        old = outcome(self.whole(before).given) if before is not None and before.wrote else ()
        if before is not None and records == old:
            return run
        self.emit(WriteRecords(records=records, run=run.id, before=old, engagement=run.engagement, day=run.day))
        return having_written(run, records, self.facts)
