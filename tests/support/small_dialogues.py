"""Small dialogues of the tests' own, held in memory with nothing but `step`: no database, no platform, no clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.coaching.shared.predicates import answer_is, answered, at_most
from bot.coaching.shared.validators import a_line, not_past
from bot.engine.dialogue.load import build, canonical
from bot.engine.dialogue.tree import Dialogue
from bot.engine.effects import AskAgain, Effect, EndRun, SendMessage, StoreAnswer, WriteRecords
from bot.engine.events import AnswerEdited, ButtonTapped, DialogueOpened, Past, QuestionRepeated, StepEvent, TextHeard
from bot.engine.library import Functions, Library
from bot.engine.state import Run, State
from bot.engine.step import step, waiting
from bot.features import SPOKEN
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.records import Record, Remarked
from bot.model.replies import Given, Reply
from bot.rendering.wording import load_wording
from bot.understanding.dates.read import read_date
from bot.understanding.reading import Waiting, read_text, wants_dates
from tests.support.facts import NOW, TODAY, WORDING, facts

WORDINGS = load_wording()
THINGS = ("first", "second")


def ask(wanted: str, kind: str, **more: Any) -> dict[str, Any]:
    """A question; `options` are values, each with its label."""
    options = {"options": [list(pair) for pair in more.pop("options").items()]} if "options" in more else {}
    return {"ask": wanted, "kind": kind, "text": f"What about {wanted}?", **options, **more}


def say(wanted: str, text: str) -> dict[str, Any]:
    """A statement."""
    return {"say": wanted, "text": text}


def branch(test: Mapping[str, list[Any]], then: list[Any], other: list[Any] | None = None) -> dict[str, Any]:
    """One way or the other."""
    return {"branch": dict(test), "then": then, "else": other or []}


def call(wanted: str, nodes: list[Any], for_each: str = "") -> dict[str, Any]:
    """Another dialogue in this place, or once for every item of a list."""
    loop = {"for_each": for_each} if for_each else {}
    return {"call": wanted, "dialogue": "other", "nodes": nodes, **loop}


def dialogue(*nodes: dict[str, Any], name: str = "talk", **head: Any) -> Dialogue:
    """A dialogue of these nodes; its outcome notes every answer on its path."""
    tree = {"name": name, "title": name.capitalize(), "language": "en", "outcome": "told", "nodes": list(nodes), **head}
    return build(canonical(tree))


REVISION = dialogue(ask("sure", "yes_no"), name="revision", outcome="")


def told(given: Given) -> tuple[Record, ...]:
    """Every answer on the path, as a remark under its question."""
    return tuple(
        Remarked(key=key, kind="told", text=json.dumps(value), audience=given.audiences[key])
        for key, value in given.values.items()
    )


def library_of(*dialogues: Dialogue) -> Library:
    """A library of these dialogues and the few functions that they name."""
    made = Functions(
        predicates={
            "answer_is": answer_is,
            "answered": answered,
            "at_most": at_most,
            "any_open": lambda given: bool(given.facts.open_commitments),
        },
        validators={"a_line": a_line, "not_past": not_past},
        lists={"things": lambda *_: THINGS},
        options={"animals": lambda _: (("cat", "Cat"), ("dog", "Dog"))},
        outcomes={"told": told},
        commands={"progress": lambda reading, known, now: Reply(says=(phrase("toast_noted"),))},
        names=lambda given: {"who": given.facts.person.name, "thing": given.item},
        gaps=frozenset({"who", "thing"}),
        later=lambda known, now: now + timedelta(hours=4),
        fallback=lambda reading, known, now: Reply(says=(phrase("nothing_open"),)),
        follow_ups=lambda name, given: None,
    )
    every = (*dialogues, REVISION)
    return Library(
        dialogues={("en", d.name): d for d in every},
        wordings=WORDINGS,
        functions=made,
        versions={d.version: d for d in every},
    )


@dataclass(slots=True, kw_only=True)
class Talk:
    """One person's talk: the state as it is, and every effect so far."""

    library: Library
    state: State = field(default_factory=lambda: State(facts=facts()))
    now: datetime = NOW
    effects: list[Effect] = field(default_factory=list)
    fresh: tuple[Effect, ...] = ()
    count: int = 0

    def does(self, event: StepEvent) -> tuple[Effect, ...]:
        """One step; time goes on by a second, so that answers have an order."""
        self.state, self.fresh = step(self.state, event, self.now, self.library)
        for again in [effect for effect in self.fresh if isinstance(effect, AskAgain)]:
            self.state, more = step(self.state, QuestionRepeated(said=again.said), self.now, self.library)
            self.fresh += more
        self.effects.extend(self.fresh)
        self.now += timedelta(seconds=1)
        return self.fresh

    def opens(self, name: str = "talk", *, run: str = "run", by: Any = "client", **more: Any) -> "Talk":
        """A dialogue begins."""
        self.does(DialogueOpened(run=run, dialogue=name, by=by, day=TODAY, known=more.pop("known", {}), **more))
        return self

    def says(self, text: str, *, message: str = "", past: Past | None = None) -> "Talk":
        """Something is typed; it is understood as it is in the real thing."""
        self.does(TextHeard(key=self.key(), reading=self.understood(text), message=message, past=past))
        return self

    def taps(self, value: str, *, token: str = "", past: Past | None = None) -> "Talk":
        """A button is pressed, on the open question if no other is named."""
        self.does(ButtonTapped(key=self.key(), token=token or self.token, value=value, past=past))
        return self

    def edits(self, text: str, past: Past) -> "Talk":
        """The message that gave an answer is changed."""
        reading = self.understood(text, Waiting(kind="text", takes_date=True))
        self.does(AnswerEdited(key=self.key(), reading=reading, past=past))
        return self

    def key(self) -> str:
        """The unique key of the next event."""
        self.count += 1
        return f"key{self.count}"

    def understood(self, text: str, awaited: Waiting | None = None) -> Reading:
        """A text as the conversation would read it."""
        found = awaited or self._awaited()
        known = self.state.facts
        reading = read_text(text, waiting=found, facts=known, wording=self.library.wording(known), spoken=SPOKEN)
        wanted = wants_dates(reading, found, SPOKEN)
        dates = (read_date(part, now=self.now, zone=known.person.zone, locale="en-GB") for part in wanted)
        return replace(reading, dates=tuple(dates))

    def _awaited(self) -> Waiting | None:
        stop = waiting(self.state, self.library)
        if stop is None:
            return None
        labels = tuple(word for option in stop.ask.options for word in (option.label, *option.also))
        return Waiting(kind=stop.ask.kind, takes_date=bool(stop.ask.date_for), labels=labels)

    @property
    def run(self) -> Run:
        """The run whose question is open."""
        assert self.state.open is not None
        return self.state.open

    @property
    def question(self) -> str:
        """The question that is open, or nothing."""
        run = self.state.open
        return run.asked.question if run and run.asked else ""

    @property
    def token(self) -> str:
        """The token of the open prompt."""
        assert self.run.asked is not None
        return self.run.asked.token

    @property
    def heard(self) -> str:
        """What was said in the last step."""
        return "\n".join(_read(effect) for effect in self.fresh if isinstance(effect, SendMessage))

    @property
    def kept(self) -> dict[str, Any]:
        """The answers handed to the store so far, by run and question; the newest of each."""
        return {f"{e.run.id}:{e.question}": e.answer.value for e in self.effects if isinstance(e, StoreAnswer)}

    @property
    def written(self) -> dict[str, Any]:
        """What the last outcome came to."""
        last = next(e for e in reversed(self.effects) if isinstance(e, WriteRecords))
        return {r.key: json.loads(r.text) for r in last.records if isinstance(r, Remarked)}

    def ended(self, question: str) -> Past:
        """An answer of the run that ended last, as an edit of its message finds it."""
        run = next(e.run for e in reversed(self.effects) if isinstance(e, EndRun))
        return Past(run=run, question=question, token="", state="answered", closed=self.now)

    def given(self, question: str) -> Past:
        """An answer of the open run, as an edit of its message finds it."""
        return Past(run=self.run, question=question, token="", state="answered")


def _read(effect: SendMessage) -> str:
    return "\n\n".join(words if isinstance(words, str) else WORDING.render(words) for words in effect.said)


def talk(*dialogues: Dialogue, known: Facts | None = None) -> Talk:
    """A talk about to begin, in which these dialogues can be opened."""
    return Talk(library=library_of(*dialogues), state=State(facts=known or facts()))
