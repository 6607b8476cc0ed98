"""A coach's edits laid over a dialogue: other wording of single lines, and questions of the coach's own.

The edited dialogue is another one, with a hash of its own, so that whoever is in the middle of the old one keeps it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.engine.dialogue.load import build, canonical
from bot.engine.dialogue.tree import Dialogue
from bot.model.plan import OWN, OwnQuestion

JOINS = "weekly-checkin"  # the dialogue that a coach's own questions join


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence of a dialogue that may be worded otherwise: `key` is dialogue/node."""

    key: str
    text: str


def lines_of(dialogue: Dialogue) -> Iterator[Line]:
    """The sentences of a dialogue in their order, those of called dialogues under the names of these."""
    for name, node in _worded(json.loads(dialogue.source)["nodes"], dialogue.name):
        yield Line(key=f"{name}/{_id(node)}", text=" ".join(node["text"].split()))


def edited(dialogue: Dialogue, texts: Mapping[str, str], questions: tuple[OwnQuestion, ...]) -> Dialogue:
    """The dialogue with those lines worded anew and, where they join, with the questions; itself when nothing changes.

    `texts` maps dialogue/node to the new wording. A locked dialogue is never changed.
    """
    if dialogue.locked:
        return dialogue
    tree = json.loads(dialogue.source)
    changed = False
    for name, node in _worded(tree["nodes"], dialogue.name):
        text = texts.get(f"{name}/{_id(node)}")
        if text is not None:
            node["text"], changed = text, True
            node.pop("remind", None)  # it words the same question, the old way
    if questions and dialogue.name == JOINS:
        tree["nodes"] = _joined(tree["nodes"], questions)
        changed = True
    return build(canonical(tree)) if changed else dialogue


def _joined(nodes: list[Any], questions: tuple[OwnQuestion, ...]) -> list[Any]:
    """The nodes with the questions before the closing words."""
    last = next((n for n in range(len(nodes) - 1, -1, -1) if "say" not in nodes[n]), -1) + 1
    own = [_question(question, number) for number, question in enumerate(questions, 1)]
    return [*nodes[:last], *own, *nodes[last:]]


def _question(question: OwnQuestion, number: int) -> dict[str, Any]:
    asked = {"ask": f"{OWN}{number}", "kind": question.kind, "text": question.text}
    return asked | {"check": "a_line"} if question.kind == "text" else asked


def _worded(nodes: list[Any], name: str) -> Iterator[tuple[str, Any]]:
    for node in nodes:
        if "ask" in node or "say" in node:
            yield name, node
        elif "call" in node:
            yield from _worded(node["nodes"], node["dialogue"])
        for side in ("then", "else"):
            yield from _worded(node.get(side, []), name)


def _id(node: Mapping[str, Any]) -> str:
    return str(node.get("ask") or node.get("say"))
