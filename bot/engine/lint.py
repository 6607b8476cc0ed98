"""Checks on dialogues at load: whatever would go wrong in the middle of a conversation is found before it begins."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.engine.library import Functions, Library
from bot.engine.load import DialogueError
from bot.engine.tree import Ask, Branch, Call, Dialogue, Kind, Node, Say, every_node
from bot.wording import gaps

LABEL_LIMIT = 40  # characters; Slack takes 75, a phone shows about 40
OPTION_LIMIT = 24  # Slack takes 25 buttons in a block, and a way out must fit
VALUE_LIMIT = 40  # bytes; Telegram's 64 less the token and its mark
TEXT_LIMIT = 1_500  # characters; Slack takes 3,000 in a block, and escaping may double some
_NEEDS_OPTIONS = {Kind.CHOICE, Kind.CHOICES}
_MAY_HAVE_OPTIONS = {*_NEEDS_OPTIONS, Kind.TEXT}
_TAPPED = {Kind.SCALE, Kind.CHOICE, Kind.CHOICES, Kind.LEVEL, Kind.YES_NO}


def lint(library: Library) -> None:
    """Raise `DialogueError` that lists every fault of every dialogue; no faults, no effect."""
    faults = [fault for dialogue in library.dialogues.values() for fault in faults_of(dialogue, library.functions)]
    if faults:
        raise DialogueError("\n".join(faults))


def faults_of(dialogue: Dialogue, functions: Functions) -> Iterator[str]:
    """Every fault of one dialogue, as sentences that name the node and the mend."""
    where = f"Dialogue '{dialogue.name}' ({dialogue.language})"
    if dialogue.outcome and dialogue.outcome not in functions.outcomes:
        yield f"{where}: outcome '{dialogue.outcome}' is not registered"
    for fault in _faults_below(dialogue.nodes, {}, functions):
        yield f"{where}: {fault}"
    for name in sorted(set(dialogue.form) - _question_names(dialogue.nodes)):
        yield f"{where}: form names '{name}', which is not one of its questions"
    names = _question_names(dialogue.nodes) | functions.gaps
    for node in every_node(dialogue.nodes):
        for fault in _faults_of_text(node, names):
            yield f"{where}: {fault}"
    first = next((n for n in every_node(dialogue.nodes) if isinstance(n, Ask)), None)
    if dialogue.opened_by == "bot" and first is not None and first.kind not in _TAPPED and not first.options:
        yield f"{where}: the bot opens it, so its first question '{first.id}' must be answerable by one tap"


def _question_names(nodes: tuple[Node, ...]) -> frozenset[str]:
    return frozenset(n.id for n in every_node(nodes) if isinstance(n, Ask))


def _faults_below(nodes: tuple[Node, ...], seen: dict[str, Ask], functions: Functions) -> Iterator[str]:
    """Faults of one level; `seen` holds the questions that can have been asked before."""
    for node in nodes:
        match node:
            case Ask():
                yield from _faults_of_ask(node, seen, functions)
                seen[node.id] = node
            case Branch():
                yield from _faults_of_branch(node, seen, functions)
            case Call():
                if node.for_each and node.for_each not in functions.lists:
                    yield f"call '{node.id}': list '{node.for_each}' is not registered"
                inner = dict(seen) if node.for_each else {k: v for k, v in seen.items() if k not in _own(node)}
                yield from _faults_below(node.nodes, {k: v for k, v in inner.items() if k not in _own(node)}, functions)
            case Say():
                pass


def _own(node: Call) -> frozenset[str]:
    return _question_names(node.nodes)


def _faults_of_ask(ask: Ask, seen: Mapping[str, Ask], functions: Functions) -> Iterator[str]:
    if ask.id in seen:
        yield f"ask '{ask.id}' stands twice on one way: give one of them another name"
    if not ask.id.replace("_", "").isalnum():
        yield f"ask '{ask.id}': a name is letters, digits and underscores"
    has_options = bool(ask.options or ask.options_from)
    if (ask.kind in _NEEDS_OPTIONS and not has_options) or (has_options and ask.kind not in _MAY_HAVE_OPTIONS):
        yield f"ask '{ask.id}': choice and choices need options, text may suggest some, other kinds have none"
    if ask.options_from and ask.options_from not in functions.options:
        yield f"ask '{ask.id}': options_from '{ask.options_from}' is not registered"
    if ask.check and ask.check not in functions.validators:
        yield f"ask '{ask.id}': check '{ask.check}' is not registered"
    if ask.low is not None and ask.high is not None and ask.low >= ask.high:
        yield f"ask '{ask.id}': low {ask.low} is not below high {ask.high}"
    yield from _faults_of_options(ask)


def _faults_of_options(ask: Ask) -> Iterator[str]:
    if len(ask.options) > OPTION_LIMIT:
        yield f"ask '{ask.id}': {len(ask.options)} options, at most {OPTION_LIMIT} fit"
    words = [word.lower() for option in ask.options for word in (option.label, *option.also)]
    for word in sorted({word for word in words if words.count(word) > 1}):
        yield f"ask '{ask.id}': '{word}' stands for two options"
    for option in ask.options:
        if len(option.label) > LABEL_LIMIT:
            yield f"ask '{ask.id}': label '{option.label}' is longer than {LABEL_LIMIT} characters"
        if len(option.value.encode()) > VALUE_LIMIT or option.value == "=":
            yield f"ask '{ask.id}': value '{option.value}' is longer than {VALUE_LIMIT} bytes, or is '='"


def _faults_of_branch(branch: Branch, seen: dict[str, Ask], functions: Functions) -> Iterator[str]:
    if branch.test.name not in functions.predicates:
        yield f"branch: predicate '{branch.test.name}' is not registered"
    elif branch.test.name == "answer_is":
        yield from _faults_of_answer_is(branch.test.args, seen)
    if not branch.then and not branch.other:
        yield f"branch '{branch.test.name}' leads nowhere"
    then, other = dict(seen), dict(seen)
    yield from _faults_below(branch.then, then, functions)
    yield from _faults_below(branch.other, other, functions)
    seen.update({**then, **other})


def _faults_of_answer_is(args: tuple[Any, ...], seen: Mapping[str, Ask]) -> Iterator[str]:
    question, *values = args
    ask = seen.get(question)
    if ask is None:
        yield f"branch on '{question}', which is not asked before: what follows cannot be reached"
        return
    known = {option.value for option in ask.options}
    for value in values:
        if known and not ask.options_from and value not in known:
            yield f"branch on '{question}' being '{value}', which is not among its options: it cannot be reached"


def _faults_of_text(node: Node, names: frozenset[str]) -> Iterator[str]:
    texts = {Ask: ("text", "hint", "remind"), Say: ("text",)}.get(type(node), ())
    for field in texts:
        text = str(getattr(node, field))
        if field == "text" and not text:
            yield f"'{getattr(node, 'id', '?')}' has no text"
        if len(text) > TEXT_LIMIT:
            yield f"'{getattr(node, 'id', '?')}': {len(text)} characters of text, at most {TEXT_LIMIT} fit"
        for gap in sorted(gaps(text) - names):
            yield f"'{getattr(node, 'id', '?')}': nothing fills '{{{gap}}}'"
