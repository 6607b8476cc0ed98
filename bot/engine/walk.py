"""Walking a dialogue: from the answers so far to the question that is open now.

Nothing remembers a position. The walk begins at the first node each time, takes each answer that is there, and stops
at the first question without one, or at a list that may go on. A dialogue has tens of nodes, so a walk costs
microseconds.

What a run wrote itself is not there for it, see `bot.engine.written`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.engine.dialogue.tree import Ask, Branch, Call, Dialogue, Node, Option, Say
from bot.engine.library import Library
from bot.engine.state import Answer, Run
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from bot.model.replies import Given


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A question or statement that the walk came to: its full key, and where it stands."""

    node: Ask | Say
    key: str
    scope: str
    item: str

    @property
    def ask(self) -> Ask:
        """The question that stands here."""
        if not isinstance(self.node, Ask):
            raise TypeError(f"'{self.key}' is a statement, not a question")
        return self.node

    @property
    def key_of_date(self) -> str:
        """The question that a day said in passing answers."""
        return f"{self.scope}{self.ask.date_for}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """The stops in order. `open` is the last one when it is a question without an answer."""

    stops: tuple[Stop, ...]
    open: Stop | None
    given: Given

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys of all questions on the path."""
        return tuple(stop.key for stop in self.stops if isinstance(stop.node, Ask))

    def stop(self, key: str) -> Stop | None:
        """The question of that key, when it is on the path."""
        return next((s for s in self.stops if s.key == key and isinstance(s.node, Ask)), None)

    def after(self, key: str) -> tuple[Stop, ...]:
        """The statements that follow this question up to the next one; with an empty key, those at the beginning.

        A question that was answered in passing, by a day among the words of this answer, is not the next one. Where
        none is open any more, everything up to the end follows.
        """
        stops = iter(self.stops)
        passed = ""
        if key:
            for stop in stops:
                if stop.key == key and isinstance(stop.node, Ask):
                    passed = stop.key_of_date
                    break
        said: list[Stop] = []
        for stop in stops:
            if not isinstance(stop.node, Ask):
                said.append(stop)
            elif stop.key != passed and self.open is not None:
                break
        return tuple(said)

    def at(self, stop: Stop) -> Given:
        """The answers as seen from this stop."""
        return replace(self.given, scope=stop.scope, item=stop.item, asking=stop.key)


def walk(dialogue: Dialogue, run: Run, facts: Facts, library: Library, *, to_end: bool = False) -> Path:
    """The path through a dialogue that a run's answers lead along.

    `to_end` passes over what is not answered, and finds what the dialogue would come to if it were left now.
    """
    answers = dict(run.answers)
    values = {key: answer.value for key, answer in answers.items()}
    given = Given(
        facts=facts,
        dialogue=run.dialogue,
        by=run.by,
        run=run.id,
        engagement=run.engagement,
        values=values,
        audiences=dict.fromkeys((k for k, a in answers.items() if run.hidden or a.private), Audience.PRIVATE),
        lists=run.lists,
        day=run.day,
        hidden=run.hidden,
    )
    stops: list[Stop] = []
    opened: Stop | None = None
    for stop in _stops(dialogue.nodes, given, library):
        stops.append(stop)
        if not isinstance(stop.node, Ask) or run.answers_to(stop.key):
            continue
        if not to_end:
            opened = stop
            break
        answers[stop.key] = run.passed_over(stop.key, run.touched)
        values[stop.key] = answers[stop.key].value  # the branches that are still to come see it
    return Path(stops=tuple(stops), open=opened, given=_on_path(given, answers, stops))


def _on_path(given: Given, answers: Mapping[str, Answer], stops: list[Stop]) -> Given:
    """Only answers on the path count; the others belong to a branch that was left.

    A day said in passing counts with the answer that named it, whether or not a question asks for it.
    """
    asked = [s for s in stops if isinstance(s.node, Ask) and s.key in answers]
    passing = {s.key_of_date for s in asked if s.ask.date_for} & answers.keys()
    values = {key: answers[key].value for key in (*passing, *(s.key for s in asked))}
    audiences = {s.key: Audience.PRIVATE if given.hidden or answers[s.key].private else s.ask.audience for s in asked}
    labels = {key: answers[key].label if value is not None else "" for key, value in values.items()}
    aside = frozenset(key for key in values if answers[key].private)
    return replace(given, values=values, audiences=audiences, labels=labels, aside=aside)


def _stops(nodes: tuple[Node, ...], given: Given, library: Library) -> Iterator[Stop]:
    for node in nodes:
        match node:
            case Ask() | Say():
                node = with_options(node, given, library)
                yield Stop(node=node, key=f"{given.scope}{node.id}", scope=given.scope, item=given.item)
            case Branch():
                yield from _stops(node.then if _holds(node, given, library) else node.other, given, library)
            case Call():
                for inner in _turns(node, given, library):
                    yield from _stops(node.nodes, inner, library)


def with_options(node: Ask | Say, given: Given, library: Library) -> Ask | Say:
    """The question with the options that depend on who is asked."""
    if isinstance(node, Say) or not node.options_from:
        return node
    wording = library.wording(given.facts)
    listed = library.functions.options[node.options_from](given)
    options = tuple(Option(value=value, label=wording.write(label)) for value, label in listed)
    return replace(node, options=options + node.options)


def _holds(node: Branch, given: Given, library: Library) -> bool:
    test: Any = library.functions.predicates[node.test.name]
    return bool(test(given, *node.test.args))


def _turns(node: Call, given: Given, library: Library) -> Iterator[Given]:
    if not node.for_each:
        yield given.inside(node.id)
        return
    turns = (given.inside(node.id, item) for item in given.lists.get(node.for_each, ()))
    yield from (turn for turn in turns if library.functions.stands(node.for_each, turn))
