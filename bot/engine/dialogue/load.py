"""Reading dialogues from YAML: resolve calls, lay a language's wording over the English tree, hash, build.

The hash is taken over the resolved source as canonical JSON, so a stored version can be built again from that JSON.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.engine.dialogue.tree import Ask, Branch, Call, Dialogue, Kind, Node, Option, Say, Test
from bot.model.people.answers import Audience
from bot.rendering.wording import DIALOGUES, PHRASES, WORDS, read_yaml

_ASK_KEYS = (
    "ask kind text options options_from low high audience hint remind check date_for columns stands required patient "
    "several passing undated locked"
)
NODE_KEYS = {
    "ask": frozenset(_ASK_KEYS.split()),
    "say": frozenset({"say", "text", "locked"}),
    "branch": frozenset({"branch", "then", "else"}),
    "call": frozenset({"call", "dialogue", "for_each", "nodes"}),
}
_NEEDED = {"ask": ("kind", "text"), "say": ("text",), "branch": (), "call": ("dialogue",)}
_HEAD = "name title outcome opened_by settled settled_once nodes language form locked waits kept_with"
HEAD_KEYS = frozenset(_HEAD.split())
_COACHING = "coaching"  # a header beside the dialogue: no part of it, nor of its version
_WORDED = ("text", "hint", "remind")
_DEPTH = 5  # dialogues that call dialogues; deeper is a loop


class DialogueError(Exception):
    """A dialogue cannot be used; the message names the file, the node and the mend."""


def load_dialogues(folder: Path = DIALOGUES) -> dict[tuple[str, str], Dialogue]:
    """Every dialogue below `folder` (language/feature/name.yaml), by language and name.

    English files hold the tree and its wording; those of other languages hold wording only, by node: a list where
    nodes of one name stand in several places, in their order.
    """
    sources = {name: (path, _source(path)) for name, path in _files(folder, "en").items()}
    trees = {name: _resolved(name, {n: s for n, (_, s) in sources.items()}, ()) for name in sources}
    found = {("en", name): _built_from(tree, "en", sources[name][0]) for name, tree in trees.items()}
    for language in sorted({path.parent.parent.name for path in folder.glob("*/*/*.yaml")} - {"en"}):
        files = _files(folder, language)
        words = {name: _translation(path) for name, path in files.items()}
        for name, path in files.items():
            found[language, name] = _translated(path, language, words, trees)
    return found


def _files(folder: Path, language: str) -> dict[str, Path]:
    """The dialogues of one language by name."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob(f"{language}/*/*.yaml")):
        if path.name in (PHRASES, WORDS):
            continue
        if path.stem in found:
            raise DialogueError(f"{path}: there is another dialogue '{path.stem}': {found[path.stem]}; rename one")
        found[path.stem] = path
    return found


def canonical(tree: Mapping[str, Any]) -> str:
    """The resolved source as JSON that does not depend on order or spacing; what is hashed and stored."""
    return json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def build(source: str) -> Dialogue:
    """The dialogue of a stored source; its version is the source's hash."""
    tree = json.loads(source)
    version = hashlib.sha256(source.encode()).hexdigest()[:24]
    return Dialogue(
        name=tree["name"],
        language=tree["language"],
        title=tree["title"],
        nodes=tuple(_node(node) for node in tree["nodes"]),
        outcome=tree.get("outcome", ""),
        opened_by=tree.get("opened_by", "client"),
        settled=tree.get("settled", ""),
        settled_once=tree.get("settled_once", ""),
        form=tuple(tree.get("form", ())),
        locked=tree.get("locked", False),
        waits=tree.get("waits"),
        worded=tree.get("worded", False),
        kept_with=tree.get("kept_with", ""),
        version=version,
        source=source,
    )


def _source(path: Path) -> dict[str, Any]:
    tree = read_yaml(path)
    if not isinstance(tree, dict):
        raise DialogueError(f"{path}: a dialogue is a mapping with 'name', 'title' and 'nodes'")
    if tree.get("name") != path.stem:
        raise DialogueError(f"{path}: 'name' is '{tree.get('name')}': call it '{path.stem}' like its file")
    tree.pop(_COACHING, None)
    tree.setdefault("waits", False)
    unknown = tree.keys() - HEAD_KEYS
    if unknown or not tree.get("nodes") or not tree.get("title"):
        raise DialogueError(f"{path}: needs 'title' and 'nodes', and does not know {sorted(unknown)}")
    return tree


def _resolved(name: str, sources: Mapping[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
    if name not in sources:
        raise DialogueError(f"Dialogue '{above[-1]}' calls '{name}', which does not exist")
    if name in above or len(above) > _DEPTH:
        raise DialogueError(f"Dialogue '{name}' calls itself: {' > '.join((*above, name))}")
    tree = dict(sources[name])
    tree["nodes"] = [_resolved_node(node, name, sources, (*above, name)) for node in _list_in(tree, "nodes", name)]
    return tree


def _list_in(node: Mapping[str, Any], field: str, name: str) -> list[Any]:
    found = node[field]
    if not isinstance(found, list):
        raise DialogueError(f"Dialogue '{name}': '{field}' is a list of nodes, found {found!r:.80}")
    return found


def _resolved_node(node: Any, name: str, sources: Mapping[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
    kind = _kind_of(node, name)
    resolved = dict(node)
    _check_shape(node, kind, name)
    if "options" in resolved:  # pairs, since canonical JSON sorts mappings and buttons have an order
        resolved["options"] = [[str(value), label] for value, label in node["options"].items()]
    if kind == "call":
        resolved["nodes"] = _resolved(node["dialogue"], sources, above)["nodes"]
    for side in ("then", "else"):
        if side in resolved:
            resolved[side] = [_resolved_node(inner, name, sources, above) for inner in _list_in(node, side, name)]
    return resolved


def _kind_of(node: Any, name: str) -> str:
    kinds = [kind for kind in NODE_KEYS if isinstance(node, dict) and kind in node]
    if len(kinds) != 1:
        raise DialogueError(f"Dialogue '{name}': a node is one of ask, say, branch, call; found {node!r:.80}")
    unknown = node.keys() - NODE_KEYS[kinds[0]]
    if unknown:
        raise DialogueError(f"Dialogue '{name}', {kinds[0]} '{node[kinds[0]]}': does not know {sorted(unknown)}")
    return kinds[0]


def _check_shape(node: Mapping[str, Any], kind: str, name: str) -> None:
    """Raise for a node that lacks what its kind needs, or holds it in another shape."""
    where = f"Dialogue '{name}', {kind} '{node[kind]}'"
    for field in _NEEDED[kind]:
        if field not in node:
            raise DialogueError(f"{where}: needs '{field}'")
    if not isinstance(node.get("options", {}), dict):
        raise DialogueError(f"{where}: 'options' maps values to labels")
    if kind == "branch":
        tests = node["branch"] if isinstance(node["branch"], dict) else {}
        if len(tests) != 1:
            raise DialogueError(f"Dialogue '{name}': a branch has one test, found {node['branch']!r:.80}")
        for test, words in tests.items():
            if not isinstance(words, list | None):
                raise DialogueError(f"Dialogue '{name}': the words behind '{test}' are a list, such as [{words}]")


def _built_from(tree: Mapping[str, Any], language: str, path: Path) -> Dialogue:
    try:
        return build(canonical({**tree, "language": language}))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DialogueError(f"{path}: cannot be built: {type(error).__name__}: {error}") from error


def _translation(path: Path) -> dict[str, Any]:
    """The words of one dialogue in another language: a title, and by node what is said there."""
    tree = read_yaml(path)
    if not isinstance(tree, dict):
        raise DialogueError(f"{path}: a translation is a mapping with 'name', 'title' and 'nodes'")
    nodes = tree.get("nodes", {})
    entries = list(nodes.values()) if isinstance(nodes, dict) else [None]
    whole = all(isinstance(one, dict) for entry in entries for one in (entry if isinstance(entry, list) else [entry]))
    if not tree.get("title") or not whole or tree.keys() - {"name", "title", "nodes"}:
        raise DialogueError(f"{path}: needs 'title' and 'nodes', a mapping from each node to its words, and no more")
    return tree


def _translated(path: Path, language: str, words: Mapping[str, Any], trees: Mapping[str, Any]) -> Dialogue:
    name = path.stem
    if name not in trees:
        raise DialogueError(f"{path}: there is no English dialogue '{name}'")
    strange = words[name].get("nodes", {}).keys() - _names_below(trees[name]["nodes"])
    if strange:
        raise DialogueError(f"Dialogue '{name}' ({language}): there is no '{min(strange)}' in the English one")
    tree = {**trees[name], "title": words[name]["title"]}
    met = Counter[str]()
    tree["nodes"] = [_reworded(node, name, words, met) for node in tree["nodes"]]
    for own, entry in words[name].get("nodes", {}).items():
        if isinstance(entry, list) and len(entry) != met[own]:
            where = f"Dialogue '{name}' ({language})"
            raise DialogueError(f"{where}: '{own}' stands in {met[own]} places, not {len(entry)}")
    return _built_from(tree, language, path)


def _names_below(nodes: list[Any]) -> set[str]:
    """The questions and statements of a dialogue itself, those of called ones left out."""
    own = {node.get("ask") or node.get("say") for node in nodes} - {None}
    return own.union(*(_names_below(node.get(side, [])) for node in nodes for side in ("then", "else")))


def _reworded(node: Mapping[str, Any], name: str, words: Mapping[str, Any], met: Counter[str]) -> dict[str, Any]:
    """A node in other words; `met` counts the nodes of each name that stood before it in this dialogue."""
    worded = dict(node)
    if "call" in node:
        inside = Counter[str]()
        worded["nodes"] = [_reworded(inner, node["dialogue"], words, inside) for inner in node["nodes"]]
    for side in ("then", "else"):
        if side in node:
            worded[side] = [_reworded(inner, name, words, met) for inner in node[side]]
    own = node.get("ask") or node.get("say")
    if own:
        _lay_over(worded, own, name, words, met[own])
        met[own] += 1
    return worded


def _lay_over(worded: dict[str, Any], own: str, name: str, words: Mapping[str, Any], place: int) -> None:
    entry = (words.get(name) or {}).get("nodes", {}).get(own)
    if isinstance(entry, list):
        entry = entry[place] if place < len(entry) else None
    if entry is None:
        raise DialogueError(f"Dialogue '{name}': no translation of '{own}'")
    missing = {key for key in _WORDED if key in worded} ^ {key for key in _WORDED if key in entry}
    options, theirs = dict(worded.get("options", ())), entry.get("options", {})
    missing |= options.keys() ^ theirs.keys()
    if missing:
        raise DialogueError(f"Dialogue '{name}', '{own}': translated and English entries differ in {sorted(missing)}")
    worded.update({key: entry[key] for key in _WORDED if key in entry})
    if options:
        worded["options"] = [[value, theirs[value]] for value in options]


def _node(node: Mapping[str, Any]) -> Node:
    if "ask" in node:
        return _ask(node)
    if "say" in node:
        return Say(id=node["say"], text=_one_line(node["text"]), locked=node.get("locked", False))
    if "branch" in node:
        (name, args), *more = node["branch"].items()
        if more:
            raise ValueError(f"a branch has one test, found {sorted(node['branch'])}")
        return Branch(
            test=Test(name=name, args=tuple(args or ())),
            then=tuple(_node(inner) for inner in node.get("then", ())),
            other=tuple(_node(inner) for inner in node.get("else", ())),
        )
    return Call(
        id=node["call"],
        dialogue=node["dialogue"],
        for_each=node.get("for_each", ""),
        nodes=tuple(_node(inner) for inner in node["nodes"]),
    )


def _ask(node: Mapping[str, Any]) -> Ask:
    return Ask(
        id=node["ask"],
        kind=Kind(node["kind"]),
        text=_one_line(node["text"]),
        options=tuple(_option(value, label) for value, label in node.get("options") or ()),
        options_from=node.get("options_from", ""),
        low=node.get("low"),
        high=node.get("high"),
        audience=Audience(node.get("audience", "coach")),
        hint=node.get("hint", ""),
        remind=_one_line(node.get("remind", "")),
        check=node.get("check", ""),
        date_for=node.get("date_for", ""),
        columns=node.get("columns", 1),
        stands=node.get("stands", ""),
        required=node.get("required", False),
        patient=node.get("patient", False),
        several=node.get("several", False),
        passing=node.get("passing", False),
        undated=node.get("undated", False),
        locked=node.get("locked", False),
    )


def _option(value: str, label: Any) -> Option:
    if isinstance(label, list):
        return Option(value=str(value), label=str(label[0]), also=tuple(str(word) for word in label[1:]))
    return Option(value=str(value), label=str(label))


def _one_line(text: str) -> str:
    """YAML folds lines at will; a paragraph is what an empty line parts."""
    return "\n\n".join(" ".join(part.split()) for part in str(text).split("\n\n")).strip()
