"""A coach's edits laid over a dialogue: other wording of single lines, and questions of the coach's own.

The edited dialogue is another one, with a hash of its own, so that whoever is in the middle of the old one keeps it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.engine.dialogue.load import build, canonical
from bot.engine.dialogue.tree import Dialogue
from bot.model.people.answers import Audience
from bot.model.plan import OWN, OwnQuestion

JOINS = "weekly-checkin"  # the dialogue that a coach's own questions join
# Gaps of the bot's own, filled by the code that decides who sees an answer.
SEES_ANSWER, SEES_NOTHING, SEES_ALL = "coach_sees_answer", "coach_sees_nothing", "coach_sees_answers"
ASKS = "coach_asks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence of a dialogue that may be worded otherwise: `key` is dialogue/node."""

    key: str
    text: str


def lines_of(dialogue: Dialogue) -> Iterator[Line]:
    """The sentences that a coach may word anew, in their order, those of called dialogues under the names of these."""
    for name, node in _worded(json.loads(dialogue.source)["nodes"], dialogue.name):
        yield Line(key=f"{name}/{_id(node)}", text=" ".join(node["text"].split()))


def edited(dialogue: Dialogue, texts: Mapping[str, str], questions: tuple[OwnQuestion, ...]) -> Dialogue:
    """The dialogue with those lines worded anew and, where they join, with the questions; itself when nothing changes.

    `texts` maps dialogue/node to the new wording. A locked dialogue is never changed, and neither is a locked line.
    Beneath words of a coach's the bot says in its own who sees the answer.
    """
    if dialogue.locked:
        return dialogue
    tree = json.loads(dialogue.source)
    changed = False
    for name, node in _worded(tree["nodes"], dialogue.name):
        text = texts.get(f"{name}/{_id(node)}")
        if text is not None:
            node["text"], changed = f"{text}\n\n{{{_audience(node)}}}", True
            node.pop("remind", None)  # it words the same question, the old way
    if questions and dialogue.name == JOINS:
        tree["nodes"] = _joined(tree["nodes"], questions)
        changed = True
    return build(canonical({**tree, "worded": True})) if changed else dialogue


def _audience(node: Mapping[str, Any]) -> str:
    """The gap that says who sees what is answered there, or in all of it where nothing is asked."""
    if "say" in node:
        return SEES_ALL
    return SEES_ANSWER if Audience(node.get("audience", Audience.COACH)) is not Audience.PRIVATE else SEES_NOTHING


def _joined(nodes: list[Any], questions: tuple[OwnQuestion, ...]) -> list[Any]:
    """The nodes with the questions before the closing words."""
    last = next((n for n in range(len(nodes) - 1, -1, -1) if "say" not in nodes[n]), -1) + 1
    own = [_question(question, number) for number, question in enumerate(questions, 1)]
    return [*nodes[:last], *own, *nodes[last:]]


def _question(question: OwnQuestion, number: int) -> dict[str, Any]:
    """The question as it is asked: whose it is stands before it, who sees the answer beneath."""
    text = f"{{{ASKS}}} {question.text}\n\n{{{SEES_ANSWER}}}"
    asked = {"ask": f"{OWN}{number}", "kind": question.kind, "text": text}
    return asked | {"check": "a_line"} if question.kind == "text" else asked


def _worded(nodes: list[Any], name: str) -> Iterator[tuple[str, Any]]:
    for node in nodes:
        if "ask" in node or "say" in node:
            if not node.get("locked"):
                yield name, node
        elif "call" in node:
            yield from _worded(node["nodes"], node["dialogue"])
        for side in ("then", "else"):
            yield from _worded(node.get(side, []), name)


def _id(node: Mapping[str, Any]) -> str:
    return str(node.get("ask") or node.get("say"))
