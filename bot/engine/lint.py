"""Checks on dialogues at load: whatever would go wrong in the middle of a conversation is found before it begins."""

import inspect
from collections.abc import Iterator, Mapping

from bot.engine.buttons import bounds
from bot.engine.dialogue.load import DialogueError
from bot.engine.dialogue.locks import unlocked
from bot.engine.dialogue.tree import Ask, Branch, Call, Dialogue, Kind, Node, Say, Test, every_node
from bot.engine.event_handlers.controls import CONTROLS
from bot.engine.library import Functions, Library
from bot.rendering.wording import LEFT, Wording, gaps

LABEL_LIMIT = 40  # characters; Slack takes 75, a phone shows about 40
OPTION_LIMIT = 24  # Slack takes 25 buttons in a block, and a way out must fit
VALUE_LIMIT = 40  # bytes; Telegram's 64 less the token and its mark
TEXT_LIMIT = 1_500  # characters; Slack takes 3,000 in a block, and escaping may double some
_NEEDS_OPTIONS = {Kind.CHOICE, Kind.CHOICES}
_MAY_HAVE_OPTIONS = {*_NEEDS_OPTIONS, Kind.TEXT, Kind.LEVEL, Kind.HABIT}
_OPENERS = ("bot", "client", "either")
_ABOUT_A_QUESTION = ("answer_is", "answered", "at_most")  # predicates whose first word is a question
_TAPPED = {Kind.SCALE, Kind.CHOICE, Kind.CHOICES, Kind.LEVEL, Kind.YES_NO}


def lint(library: Library) -> None:
    """Raise `DialogueError` that lists every fault of every dialogue; no faults, no effect."""
    faults = [fault for dialogue in library.dialogues.values() for fault in faults_of(dialogue, library.functions)]
    faults += _faults_between(library)
    for wording in library.wordings.values():
        faults += _faults_of_commands(wording, library.functions)
    if faults:
        raise DialogueError("\n".join(faults))


def _faults_between(library: Library) -> Iterator[str]:
    """What only the other dialogues and the catalogue can tell."""
    for language in sorted({language for language, _ in library.dialogues}):
        wording = library.wordings.get(language)
        phrases = wording.phrases if wording else {}
        left = frozenset(wording.words.get(LEFT, ())) if wording else frozenset()
        english = {name for known, name in library.dialogues if known == "en"}
        for name in sorted(english | left):
            where = f"Dialogue '{name}' ({language})"
            dialogue = library.dialogues.get((language, name))
            if name not in english:
                yield f"{where}: {LEFT} names it, and there is no such dialogue"
            elif dialogue is None and name not in left:
                yield f"{where}: it is not translated: add {language}/*/{name}.yaml, or name it in {LEFT} of words.yaml"
            elif dialogue is not None and name in left:
                yield f"{where}: it is translated, and {LEFT} names it too: take it out of words.yaml"
            elif dialogue is not None and dialogue.settled and dialogue.settled not in phrases:
                yield f"{where}: settled '{dialogue.settled}' is not a phrase: add it to phrases.yaml"


def _faults_of_commands(wording: Wording, functions: Functions) -> Iterator[str]:
    """Commands that are understood and not there, or shown in help and not understood or explained."""
    verbs: Mapping[str, object] = wording.words["verbs"]
    for verb in sorted(verbs.keys() - functions.commands.keys() - functions.taken_before):
        yield f"Command '{verb}' ({wording.language}): words.yaml has words for it, and no such command is registered"
    for verb, key in functions.explained:
        where = f"Command '{verb}' ({wording.language}): help shows it, and"
        if verb not in functions.commands:
            yield f"{where} no such command is registered"
        if not verbs.get(verb):
            yield f"{where} nobody can say it: add its words to verbs in words.yaml"
        if key not in wording.phrases:
            yield f"{where} '{key}' is not a phrase: add it to phrases.yaml"


def faults_of(dialogue: Dialogue, functions: Functions) -> Iterator[str]:
    """Every fault of one dialogue, as sentences that name the node and the mend."""
    where = f"Dialogue '{dialogue.name}' ({dialogue.language})"
    if dialogue.outcome and dialogue.outcome not in functions.outcomes:
        yield f"{where}: outcome '{dialogue.outcome}' is not registered"
    if dialogue.settled_once and dialogue.settled_once not in functions.predicates:
        yield f"{where}: settled_once '{dialogue.settled_once}' is not a registered predicate"
    if dialogue.opened_by not in _OPENERS:
        yield f"{where}: opened_by '{dialogue.opened_by}' is none of {', '.join(_OPENERS)}"
    for fault in (*_faults_below(dialogue.nodes, {}, functions), *_doubled_calls(dialogue.nodes, set())):
        yield f"{where}: {fault}"
    named = {*dialogue.form, *filter(None, (dialogue.kept_with,))}
    for name in sorted(named - _question_names(dialogue.nodes)):
        yield f"{where}: form or kept_with names '{name}', which is not one of its questions"
    for fault in _faults_of_texts(dialogue.nodes, set(functions.gaps)):
        yield f"{where}: {fault}"
    if dialogue.language == "en" and not dialogue.locked:
        for name in unlocked(dialogue):
            yield f"{where}: '{name}' says or decides who sees something, a consent or a right: give it 'locked: true'"
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
                inner = {k: v for k, v in seen.items() if k not in _own(node)}
                yield from _faults_below(node.nodes, inner, functions)
                if not node.for_each:
                    seen.update({f"{node.id}.{name}": inner[name] for name in _own(node) if name in inner})
            case Say():
                pass


def _doubled_calls(nodes: tuple[Node, ...], met: set[str]) -> Iterator[str]:
    """Calls of one name on one way: the second would find its questions answered."""
    for node in nodes:
        match node:
            case Call():
                if node.id in met:
                    yield f"call '{node.id}' stands twice on one way: give one of them another name"
                met.add(node.id)
                yield from _doubled_calls(node.nodes, set())
            case Branch():
                then, other = set(met), set(met)
                yield from _doubled_calls(node.then, then)
                yield from _doubled_calls(node.other, other)
                met |= then | other
            case _:
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
        yield f"ask '{ask.id}': choice and choices need options, text and level may have some, other kinds have none"
    if ask.options_from and ask.options_from not in functions.options:
        yield f"ask '{ask.id}': options_from '{ask.options_from}' is not registered"
    if ask.check and ask.check not in functions.validators:
        yield f"ask '{ask.id}': check '{ask.check}' is not registered"
    if ask.required and ask.kind not in _TAPPED and not has_options:
        yield f"ask '{ask.id}': it is required, so it must be answerable by one tap"
    if ask.required + ask.patient + ask.passing > 1:
        yield f"ask '{ask.id}': required, patient and passing each say how it is waited for; keep one"
    yield from _faults_of_bounds(ask)
    yield from _faults_of_options(ask)


def _faults_of_bounds(ask: Ask) -> Iterator[str]:
    low, high = bounds(ask) if ask.kind is Kind.SCALE else (ask.low, ask.high)
    if low is None or high is None:
        return
    if low >= high:
        yield f"ask '{ask.id}': low {low} is not below high {high}"
    elif ask.kind is Kind.SCALE and high - low >= OPTION_LIMIT:
        yield f"ask '{ask.id}': {high - low + 1} steps, at most {OPTION_LIMIT} fit: make it a number"


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
        if option.value.startswith("!") and option.value[1:].partition(" ")[0] not in CONTROLS:
            yield f"ask '{ask.id}': '{option.value}' steers to nothing; after the '!' stands one of {sorted(CONTROLS)}"
        if ask.kind is Kind.CHOICES and set(option.value) & set(",; "):
            yield f"ask '{ask.id}': value '{option.value}' holds a comma or a blank, which part several choices"


def _faults_of_branch(branch: Branch, seen: dict[str, Ask], functions: Functions) -> Iterator[str]:
    yield from _faults_of_test(branch.test, seen, functions)
    if not branch.then and not branch.other:
        yield f"branch '{branch.test.name}' leads nowhere"
    then, other = dict(seen), dict(seen)
    yield from _faults_below(branch.then, then, functions)
    yield from _faults_below(branch.other, other, functions)
    seen.update({**then, **other})


def _faults_of_test(test: Test, seen: Mapping[str, Ask], functions: Functions) -> Iterator[str]:
    predicate = functions.predicates.get(test.name)
    if predicate is None:
        yield f"branch: predicate '{test.name}' is not registered"
        return
    try:
        inspect.signature(predicate).bind(None, *test.args)
    except TypeError:
        yield f"branch: predicate '{test.name}' does not take {list(test.args)}"
        return
    if test.name in _ABOUT_A_QUESTION:
        yield from _faults_of_question(test, seen)


def _faults_of_question(test: Test, seen: Mapping[str, Ask]) -> Iterator[str]:
    question, *values = test.args
    ask = seen.get(question)
    if ask is None:
        yield f"branch on '{question}', which is not asked before: what follows cannot be reached"
        return
    known = {option.value for option in ask.options} if test.name == "answer_is" else set()
    for value in values:
        if known and not ask.options_from and value not in known:
            yield f"branch on '{question}' being '{value}', which is not among its options: it cannot be reached"


def _faults_of_texts(nodes: tuple[Node, ...], sure: set[str]) -> Iterator[str]:
    """Faults of what is said; `sure` are the names that something fills on every way that leads here."""
    for node in nodes:
        match node:
            case Ask():
                yield from _faults_of_text(node, ("text", "hint", "remind", "stands"), sure)
                sure.add(node.id)
            case Say():
                yield from _faults_of_text(node, ("text",), sure)
            case Call():
                yield from _faults_of_texts(node.nodes, set(sure))
            case Branch():
                then, other = set(sure), set(sure)
                yield from _faults_of_texts(node.then, then)
                yield from _faults_of_texts(node.other, other)
                sure |= then & other


def _faults_of_text(node: Ask | Say, fields: tuple[str, ...], sure: set[str]) -> Iterator[str]:
    for field in fields:
        text = str(getattr(node, field))
        if field == "text" and not text:
            yield f"'{node.id}' has no text"
        if len(text) > TEXT_LIMIT:
            yield f"'{node.id}': {len(text)} characters of text, at most {TEXT_LIMIT} fit"
        try:
            missing = gaps(text) - sure
        except ValueError:
            yield f"'{node.id}': a brace is not closed; write '{{{{' for one that is meant"
            continue
        for gap in sorted(missing):
            yield f"'{node.id}': nothing fills '{{{gap}}}'"
