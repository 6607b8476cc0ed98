"""Which lines of a dialogue no coach may word: those that say or decide who sees something, a consent, a right, danger.

Each bears `locked` in its file; this knows them by their kind, and names those that lack it.
"""

import re
from collections.abc import Iterator

from bot.engine.dialogue.tree import Ask, Branch, Call, Dialogue, Kind, Node, Say

# Questions of these names decide who may read something; stored names never change.
SHARING = frozenset({"share", "shows", "show", "agree", "agreed", "sees", "withdraw"})
_GAP = re.compile(r"\{(\w+)\}")
_AUDIENCE_GAP = re.compile(r"see|visible|shown|^coach_question$")  # or says whose question it is
_SAYS_WHO = re.compile(
    r"\b(shown?|sees|just for you|kept for you|nobody|only you|approved?)\b|\{\} (can|may|will) (read|see)",
    re.IGNORECASE,
)
_RIGHT = re.compile(r'"(stop|private|delete|export|whosees|whatmycoachsees|accesslog|settings|undo|pause)\b')
_TAPPED = frozenset({Kind.YES_NO, Kind.CHOICE, Kind.CHOICES})
_ABOUT_A_QUESTION = frozenset({"answer_is", "answered"})


def unlocked(dialogue: Dialogue) -> Iterator[str]:
    """The lines that a coach could turn against the client, by their names; read in English, and held in every one."""
    return _below(dialogue.nodes, shared=False)


def _below(nodes: tuple[Node, ...], *, shared: bool) -> Iterator[str]:
    for node in nodes:
        match node:
            case Ask() | Say():
                if not node.locked and (_by_kind(node) or (shared and isinstance(node, Say))):
                    yield node.id
            case Call():
                yield from _below(node.nodes, shared=shared)
            case Branch():
                below = shared or _on_sharing(node)
                yield from _below(node.then, shared=below)
                yield from _below(node.other, shared=below)


def _on_sharing(branch: Branch) -> bool:
    return branch.test.name in _ABOUT_A_QUESTION and bool(SHARING.intersection(branch.test.args[:1]))


def _by_kind(node: Ask | Say) -> bool:
    told = any(_AUDIENCE_GAP.search(gap) for gap in _GAP.findall(node.text))
    said = _SAYS_WHO.search(_GAP.sub("{}", node.text))
    return bool(told or said or _RIGHT.search(node.text)) or _decides(node)


def _decides(node: Ask | Say) -> bool:
    """Whether a question is a consent, or asks by a tap what the coach may."""
    if not isinstance(node, Ask):
        return False
    return node.required or node.id in SHARING or (node.kind in _TAPPED and "{coach}" in node.text)
