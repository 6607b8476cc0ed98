"""One turn of a conversation: gathers effects while a step runs, and asks, closes and ends.

What is said in one turn is joined into one message, so that an answer is followed by one message and not by three.
"""

import hashlib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.engine.answers import Parsed, choices_of, columns_of, days_to_tap
from bot.engine.editing import edited
from bot.engine.files import file_of
from bot.engine.forms import form_of, stops_of
from bot.engine.library import Library
from bot.engine.state import (
    Answer,
    AskAgain,
    Asked,
    BeginDialogue,
    CloseMessage,
    ClosePrompt,
    DropAnswer,
    Effect,
    EndRun,
    Notify,
    OpenPrompt,
    Run,
    SendMessage,
    State,
    StoreAnswer,
    WriteRecords,
)
from bot.engine.tree import Dialogue, Kind, Say
from bot.engine.walk import Path, Stop, before_run, having_written, walk
from bot.messages.outgoing import Choice, Form
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, Words
from bot.model.replies import HideAnswer, Opening, Reply

_WORDS = (SendMessage, BeginDialogue, AskAgain)  # effects from which something will be read
_IN_A_ROW = 3  # buttons that are commands, where they fit
How = Literal["done", "cancelled", "missed", "partly"]


class Turn:
    """The state as it becomes, and the effects so far."""

    def __init__(self, state: State, now: datetime, library: Library) -> None:
        self.state = state
        self.facts = state.facts
        self.now = now
        self.library = library
        self.wording = library.wording(state.facts)
        self.effects: list[Effect] = []
        self._said: list[Words] = []
        self._put: set[str] = set()
        self._buttons: tuple[Choice, ...] = ()
        self.forms = False

    # -- saying ------------------------------------------------------------------------------------------------------

    def emit(self, *effects: Effect) -> None:
        """Add effects."""
        self.effects.extend(effects)

    def say(self, key: str, /, **params: Any) -> None:
        """Say a phrase of the catalogue, in the message that this turn ends with."""
        self._said.append(self.wording.say(key, **params))

    def voice(self, phrase: Phrase) -> None:
        """Say a phrase that a function of the library gave; with a late value it is put into words where it leaves."""
        self._said.append(phrase if phrase.late else self.wording.render(phrase))

    def pass_on(self, words: Words) -> None:
        """Say a sentence of the dialogue itself, or what was said in the step before."""
        self._said.append(words)

    @property
    def zone(self) -> ZoneInfo:
        """Where the person is."""
        return ZoneInfo(self.facts.person.zone)

    def flush(self) -> None:
        """Post what has been said so far, when no question follows."""
        if self._said:
            self.emit(SendMessage(said=tuple(self._said), choices=self._buttons, columns=_IN_A_ROW))
            self._said, self._buttons = [], ()

    def finish(self, *, reask: bool, typed: bool) -> tuple[State, tuple[Effect, ...]]:
        """End the turn: with `reask`, the open question is put again below what was said.

        An answer that was `typed` never meets silence: a tap shows on its message that it arrived, a text does not.
        """
        if reask:
            self.reask()
        if typed and not self._said and not any(isinstance(effect, _WORDS) for effect in self.effects):
            self.say("all_right")
        self.flush()
        return self.state, tuple(self.effects)

    # -- walking -----------------------------------------------------------------------------------------------------

    def dialogue(self, run: Run) -> Dialogue:
        """The dialogue of a run in the version that it began with."""
        return self.library.pinned(run.version)

    def path(self, run: Run) -> Path:
        """Where the answers of a run lead."""
        return walk(self.dialogue(run), run, before_run(self.facts, run), self.library)

    def whole(self, run: Run) -> Path:
        """The path of a run that has been put away: what it left open, or what facts have put in since, is passed over.

        Else an answer would not count because one before it is missing.
        """
        path = self.path(run)
        while path.open is not None:
            run = run.answered(path.open.key, run.passed_over(path.open.key, self.now))
            path = self.path(run)
        return path

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

    # -- asking ------------------------------------------------------------------------------------------------------

    def reask(self) -> None:
        """Put the open question again, below what was said; in a step of its own when facts have just been written."""
        self.let_pass()
        run = self.state.open
        if run is None or run.asked is None or run.asked.token in self._put:
            return
        if any(map(_changes_facts, self.effects)):
            self.emit(AskAgain(said=tuple(self._said)))
            self._said = []
        else:
            self.ask(run, again=True)

    def let_pass(self) -> None:
        """Put away what stands without an answer, now that something else was said."""
        run = self.state.open
        stop = self.path(run).open if run is not None and run.asked is not None else None
        if run is None or run.asked is None or stop is None or run.asked.token in self._put:
            return
        if stop.ask.passing and not run.asked.private:  # one that is to be private is awaited
            self.end(self.close(run, "superseded"), "partly")
            self.let_pass()

    def ask(self, run: Run, *, again: bool = False, reminder: bool = False, opening: bool = False) -> None:
        """Put the question that is open in a run; the same question keeps its token.

        Facts may have moved since it was put: another question may come first now, or none at all.
        """
        path = self.path(run)
        stop = path.open
        moved = run.asked is not None and (stop is None or run.asked.question != stop.key)
        if moved and run.asked is not None:
            self.emit(CloseMessage(token=run.asked.token), ClosePrompt(token=run.asked.token, state="superseded"))
            run = replace(run, asked=None)
        if stop is None:
            self.go_on(run, path)
            return
        fresh = run.asked is None
        if fresh:
            token = short(f"{run.id}/{run.count + 1}")
            run = replace(run, asked=Asked(token=token, question=stop.key), count=run.count + 1)
            began = self.dialogue(run) if run.count == 1 else None
            required = stop.ask.required
            self.emit(
                OpenPrompt(run=run, question=stop.key, token=token, opening=opening, required=required, began=began)
            )
        self.state = self.state.on_top(replace(run, until=None))
        self._post(run, stop, path, again=again and (moved or not fresh), reminder=reminder)

    def _post(self, run: Run, stop: Stop, path: Path, *, again: bool, reminder: bool) -> None:
        ask, asked = stop.ask, run.asked
        if asked is None:
            return
        if self._buttons:
            self.flush()
        self._put.add(asked.token)
        text = self.text_of(stop, path, run, ask.remind if reminder and ask.remind else ask.text)
        listed = stop.key in run.answers  # and it may go on
        if listed:
            text = self.wording.say("list_more")
        if again:
            title = self.dialogue(run).title
            text = self.wording.say("resumed", title=title, question=text)
        choices = choices_of(ask, self.wording, asked.picked, listed=listed)
        if asked.tries and ask.kind is Kind.DATE:
            choices = days_to_tap(self.facts, self.wording)
        self.emit(
            SendMessage(
                said=(*self._said, text),
                token=asked.token,
                kind=ask.kind,
                choices=choices,
                columns=columns_of(ask),
                reminder=reminder,
                form=self._form(run, path) if self.forms and run.count == 1 else None,
            )
        )
        self._said = []

    def moved_on(self, run: Run) -> bool:
        """Whether another question than the one that was put is open now; then that one is put."""
        stop = self.path(run).open
        if stop is not None and run.asked is not None and run.asked.question == stop.key:
            return False
        self.ask(run)
        return True

    def _form(self, run: Run, path: Path) -> Form | None:
        def words(stop: Stop, text: str) -> str:
            return self.text_of(stop, path, run, text)

        dialogue = self.dialogue(run)
        return form_of(dialogue, run, self.wording, stops_of(dialogue, path.given, self.library), words)

    def say_stops(self, stops: tuple[Stop, ...], path: Path, run: Run) -> None:
        """Say the statements that stand between two questions."""
        for stop in stops:
            if isinstance(stop.node, Say):
                self._said.append(self.text_of(stop, path, run, stop.node.text))

    # -- moving on ---------------------------------------------------------------------------------------------------

    def begin(self, run: Run, *, opening: bool) -> None:
        """Start a run: say what stands first, ask its first question; one without questions ends at once."""
        path = self.path(run)
        self.state = self.state.on_top(run)
        known = [key for key in path.asked if key in run.answers]
        for key in ("", *known[-1:]) if path.open is not None else ("",):
            self.say_stops(path.after(key), path, run)
        self.go_on(run, path, opening=opening)

    def store(self, run: Run, stop: Stop, parsed: Parsed, *, message: str) -> Run:
        """Keep an answer: in the run, in the store, and on the message that asked for it."""
        asked, listed = run.asked, run.answers.get(stop.key)
        private = bool(asked and asked.question == stop.key and asked.private) or bool(listed and listed.private)
        answer = self.answer(parsed, run, message=message, private=private)
        return self.put(run, stop, answer)

    def answer(self, parsed: Parsed, run: Run, *, message: str = "", private: bool = False) -> Answer:
        """An answer as it is kept."""
        label = self.wording.write(parsed.label)
        return Answer(value=parsed.value, label=label, day=run.day, at=self.now, message=message, private=private)

    def put(self, run: Run, stop: Stop, answer: Answer) -> Run:
        """The run with that answer, which is also handed to the store."""
        return self.keep(run, stop.key, answer, stop.ask.audience)

    def keep(self, run: Run, key: str, answer: Answer, audience: Audience = Audience.COACH) -> Run:
        """The run with the answer under that key; hands it to the store for whom it is meant."""
        done = replace(run.answered(key, answer), touched=self.now)
        self.emit(
            StoreAnswer(
                run=done, question=key, answer=answer, audience=Audience.PRIVATE if answer.private else audience
            )
        )
        return done

    def answered(self, run: Run, stop: Stop, answer: Answer) -> None:
        """Close the prompt of a question that was just answered and go on to the next."""
        run = self.close(run, "answered", answer.label if not answer.skipped else self.wording.say("skipped_mark"))
        path = self.path(run)
        self.say_stops(path.after(stop.key), path, run)
        self.go_on(run, path)

    def go_on(self, run: Run, path: Path, *, opening: bool = False) -> None:
        """Ask what is open in a run, or end it."""
        if path.open is not None:
            self.ask(run, opening=opening)
            return
        self.end(run, "done")
        self.follow(run, path)

    def follow(self, run: Run, path: Path) -> None:
        """What comes after a dialogue: another one that follows from it, or the one it interrupted."""
        reply = self.library.functions.follow_ups(run.dialogue, path.given)
        if reply is not None:
            self.apply(reply, key=run.id if not reply.records else f"{run.id}+")
        if reply is None or reply.opens is None:
            self.reask()

    def close(self, run: Run, how: Literal["answered", "expired", "superseded"], mark: str = "") -> Run:
        """Close the open prompt of a run; its messages are marked, unless it has expired and still takes an answer."""
        if run.asked is None:
            return run
        if how != "expired":
            self.emit(CloseMessage(token=run.asked.token, mark=self.wording.say("retired", mark=mark)))
        self.emit(ClosePrompt(token=run.asked.token, state=how))
        return replace(run, asked=None)

    def end(self, run: Run, how: How) -> None:
        """Put a run away; what it has come to is written unless it was cancelled or missed."""
        self.state = self.state.without(run)
        if self._counts_at_its_end(run, how):
            run = self.write_outcome(run, None)
        if how == "cancelled":
            self.emit(*(DropAnswer(run=run.id, question=key) for key in run.answers))
        if how == "partly" and run.wrote:
            self._tell_others(run)
        self.emit(EndRun(run=replace(run, asked=None, until=None), how=how))

    def _tell_others(self, run: Run) -> None:
        """Whoever hears of a dialogue when it ends hears of one that was left as well."""
        reply = self.library.functions.follow_ups(run.dialogue, self.whole(run).given)
        self.emit(*(Notify(told=told) for told in (reply.tells if reply is not None else ())))

    def _counts_at_its_end(self, run: Run, how: How) -> bool:
        waits = self.dialogue(run).waits
        return (how == "done" and (waits is not False or not run.answers)) or (how == "partly" and waits is None)

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

    def apply(self, reply: Reply, key: str) -> None:
        """Carry out what a command or a follow-up wants."""
        for said in reply.says:
            self.voice(said)
        if reply.records:
            own = self.facts.engagement
            self.emit(WriteRecords(records=reply.records, run=key, engagement=own.id if own else ""))
        self._buttons += tuple(Choice(value=command, label=self.wording.render(p)) for command, p in reply.buttons)
        if reply.files:
            self.flush()
            files = (file_of(file, self.wording) for file in reply.files)
            self.emit(*(SendMessage(said=(text,), file=file) for text, file in files))
        self.emit(*(Notify(told=told) for told in reply.tells))
        if reply.then is not None:
            self.emit(reply.then)
        if reply.opens is not None:
            self.emit(BeginDialogue(opening=reply.opens, run=f"{key}>", said=tuple(self._said)))
            self._said = []

    def open(
        self,
        opening: Opening,
        *,
        run_id: str,
        by: Literal["bot", "client"],
        day: Any,
        occurrence: str = "",
        engagement: str = "",
        message: str = "",
    ) -> None:
        """Begin a dialogue in its newest version; `message` is the one that gave the first of the known answers."""
        own = self.facts.engagement
        dialogue = self._worded(opening.dialogue, engagement or (own.id if own else ""))
        run = Run(
            id=run_id,
            dialogue=dialogue.name,
            version=dialogue.version,
            by=by,
            day=day,
            began=self.now,
            touched=self.now,
            occurrence=occurrence,
            engagement=engagement or (own.id if own else ""),
            lists=self._lists(dialogue, opening.items, engagement or (own.id if own else "")),
            answers={},
        )
        self.library = self.library.with_versions({dialogue.version: dialogue})
        begun = run
        for name, value in opening.known.items():
            label = value[1] if isinstance(value, tuple) else str(value)
            bare = value[0] if isinstance(value, tuple) else value
            run = self.keep(
                run, name, self.answer(Parsed(value=bare, label=label), run, message=message, private=opening.hidden)
            )
            message = ""
        if opening.known:
            run = self.count(run, begun)
        self.begin(run, opening=by == "bot")

    def _worded(self, name: str, engagement: str) -> Dialogue:
        """The newest version of a dialogue, as the coach of that engagement words it."""
        dialogue = self.library.newest(name, self.facts.person.language)
        programme = self.facts.plan_of(engagement).programme
        texts = programme.texts_in(dialogue.language)
        return edited(dialogue, texts, programme.questions) if texts or programme.questions else dialogue

    def _lists(self, dialogue: Dialogue, items: tuple[str, ...], engagement: str) -> dict[str, tuple[str, ...]]:
        listers = self.library.functions.lists
        return {name: items or listers[name](self.facts, engagement) for name in dialogue.loops}


def _changes_facts(effect: Effect) -> bool:
    return isinstance(effect, HideAnswer) or (isinstance(effect, WriteRecords) and bool(effect.records))


def short(text: str) -> str:
    """A token of 18 characters, fit for any platform's buttons; the same text gives the same, so steps repeat."""
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
