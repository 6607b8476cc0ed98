"""The house: every module stands in a layer, and what is promised about files holds."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from bot.features import CARDS, DEEDS
from bot.rendering.wording import DIALOGUES
from storage.tables.schema import metadata

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "schedules", "storage")
IN_A_FOLDER, IN_BOT = 15, 12  # modules at most

# Verbs that are words of the database, too, though no name of a table or column.
OF_THE_DATABASE = {
    "commit",  # an event of SQLAlchemy's
    "digest",  # a kind of message in the outbox
    "export",  # a kind of request
}
# What one feature opens or plans of another, or what a room below them has to name: by who names it.
ROUTINE = frozenset({"weekly-checkin", "daily-checkin", "one-tap", "due-today", "monday-focus"})
NAMED_BY: Mapping[str, frozenset[str]] = {
    # The rhythm chooses among the routine questions.
    "bot/coaching/rhythm": ROUTINE | {"after-pause"},
    # It is opened when somebody who was silent logs something.
    "bot/coaching/commitments": frozenset({"welcome-back"}),
    # The welcome ends with it.
    "bot/coaching/relationship": frozenset({"first-promise"}),
    # Closing plans the sponsor's last word, and ends what is not asked any more.
    "bot/coaching/closing": frozenset({"sponsor-close", "first-picture", "strengths-and-direction"}),
    # Its wording is what the consents after the end were given to.
    "bot/coaching/follow_up": frozenset({"next-chapter"}),
    # `settings` of whoever coaches opens it.
    "bot/coaching/settings": frozenset({"coach-settings"}),
    # A coach's code opens it.
    "bot/conversation": frozenset({"coach-setup"}),
    # A coach's own questions join it.
    "bot/engine": frozenset({"weekly-checkin"}),
}
# What things were called before they were called as coaches and programmers call them.
OLD_NAMES = frozenset(
    (
        *("Promised", "Met", "Aims", "NO_AIMS", "aims_seen", "aims", "talks", "Wished", "Wishes", "CoachWishes"),
        *("Scene", "Glimpse", "glimpse_of", "carry_out", "Told", "announcing", "CODE", "arrivals", "rehearsal"),
        *("fates", "wellness", "Wellness", "guesses", "belongings", "GAPS", "unplaced", "follows", "Said"),
        *("Called", "Tapped", "Edited", "Submitted", "Stirred", "Gated", "Overheard", "Tap", "Fill", "Revised"),
        *("Stir", "Ring", "Hide", "Forget", "Retire", "Prompted", "Wake", "Reask", "Looked", "Coded", "Rebound"),
        *("Hidden", "Undone"),
    )
)


def modules() -> list[str]:
    found = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            parts = list(path.relative_to(ROOT).with_suffix("").parts)
            if parts[-1] == "__init__":
                assert not path.read_text().strip(), f"{path} should stay empty"
                continue
            found.append(".".join(parts))
    return sorted(found)


def layers() -> list[list[str]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = (c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


@pytest.mark.parametrize("module", modules())
def test_every_module_stands_in_one_layer(module: str) -> None:
    places = [name for layer in layers() for name in layer if module == name or module.startswith(f"{name}.")]
    assert len(places) == 1, f"{module} stands in {places or 'no layer'}: add it to the layers in pyproject.toml"


def test_every_layer_exists() -> None:
    known = modules()
    for layer in layers():
        for name in layer:
            assert any(module == name or module.startswith(f"{name}.") for module in known), f"{name} is gone"


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pinned = re.findall(r"^[a-zA-Z0-9._\[\]-]+==", text, re.MULTILINE)
        assert len(pinned) > 20
        assert text.count("--hash=sha256:") >= len(pinned)


def test_only_the_edge_reads_the_clock() -> None:
    reading = re.compile(r"datetime\.now\(|time\.time\(|date\.today\(|utcnow\(")
    edges = {Path("bot/clock.py")}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if path.relative_to(ROOT) not in edges:
                assert not reading.search(path.read_text()), f"{path} reads the clock: take `now` as an argument"


# -- folders ---------------------------------------------------------------------------------------------------------


def test_the_room_of_the_bot_holds_few_modules_of_its_own() -> None:
    assert len([module for module in modules() if re.fullmatch(r"bot\.\w+", module)]) <= IN_BOT


def test_no_folder_is_too_full() -> None:
    folders = Counter(path.parent for path in files(*ROOMS) if path.stem != "__init__")
    crowded = {str(folder.relative_to(ROOT)): count for folder, count in folders.items() if count > IN_A_FOLDER}
    assert not crowded, f"too full: {crowded}"


# -- who knows whom --------------------------------------------------------------------------------------------------


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def files(*rooms: str) -> list[Path]:
    found = (path for room in rooms for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def imported(path: Path) -> set[str]:
    """What a module imports, each name with the module that it is taken from."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of_rooms(path: Path, rooms: str) -> set[str]:
    return {name for name in imported(path) if re.match(rf"({rooms})\b", name)}


def strings(path: Path) -> Iterator[str]:
    """The texts in a module, what it says of itself left out."""
    parts = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documented = (
        node for node in ast.walk(tree(path)) if isinstance(node, parts) and ast.get_docstring(node, clean=False)
    )
    said = {id(node.body[0].value) for node in documented if isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def is_effects(path: Path) -> bool:
    return path.stem == "effects" or path.stem.endswith("_effects")


def test_of_the_features_only_effects_know_storage() -> None:
    for path in files("bot/coaching"):
        if not is_effects(path):
            known = [
                name for name in imported(path) if re.match(r"(storage|bot\.transaction|bot\.conversation)\b", name)
            ]
            assert not known, f"{path} is no effects file and imports {known}"


def test_effects_leave_queries_to_storage() -> None:
    for path in files("bot/coaching"):
        known = of_rooms(path, r"sqlalchemy|sqlmodel|storage\.tables")
        assert known <= {"sqlalchemy.Connection"}, f"{path} holds queries: move them to a module of storage"


def test_storage_knows_no_feature_and_says_nothing() -> None:
    for path in files("storage"):
        known = {
            name for name in imported(path) if name.startswith(("bot.coaching.", "bot.dialogues.", "bot.features."))
        }
        assert not known, f"{path} imports {known}"
        assert "bot.model.phrases.phrase" not in imported(path), f"{path} says something"


# -- names of dialogues and commands ---------------------------------------------------------------------------------


@cache
def dialogues() -> dict[str, str]:
    """The names that mean nothing but a dialogue, or an entry of the agenda without one; each with its feature."""
    found = {path.stem: path.parent.name for path in (DIALOGUES / "en").glob("*/*.yaml") if "-" in path.stem}
    assert len(found) > 40
    return found | {name: "" for name in DEEDS if "-" in name}


def test_storage_names_no_dialogue_and_no_command() -> None:
    tables = metadata().tables
    stored = {*tables, *(column.name for table in tables.values() for column in table.columns), *OF_THE_DATABASE}
    forbidden = {*dialogues(), *CARDS} - stored
    for path in files("storage"):
        named = forbidden.intersection(strings(path))
        assert not named, f"{path} names {named}"


def test_a_dialogue_is_named_by_its_own_feature_and_by_few_others() -> None:
    used: dict[str, set[str]] = {room: set() for room in NAMED_BY}
    for path in files(*ROOMS):
        parts = path.relative_to(ROOT).parts
        room = "/".join(parts[: 3 if parts[1] == "coaching" else 2])
        foreign = {name for name in dialogues().keys() & set(strings(path)) if dialogues()[name] not in ("", parts[-2])}
        allowed = NAMED_BY.get(room, frozenset())
        assert foreign <= allowed, f"{path} names {foreign - allowed}: let their feature do it"
        if room in used:
            used[room] |= foreign
    assert {room: frozenset(names) for room, names in used.items()} == NAMED_BY, "what nobody names is not in the table"


# -- words -----------------------------------------------------------------------------------------------------------


def identifiers(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.rpartition(".")[2]
            case ast.keyword(arg=str(name)):
                yield name


def test_nothing_is_called_by_the_names_of_before() -> None:
    for path in files(*ROOMS):
        old = OLD_NAMES.intersection({path.stem, *identifiers(path)})
        assert not old, f"{path} says {old}: see the glossary"


def modules_named(text: str) -> set[str]:
    """Modules of ours, and things in them, that a comment or a docstring names."""
    return set(re.findall(r"`((?:bot|storage|handlers|schedules|tests)(?:\.\w+)+)`", text))


def is_there(name: str) -> bool:
    """Whether a folder, a module, or a name that its module holds is called so."""
    parts = name.split(".")
    if ROOT.joinpath(*parts).is_dir() or ROOT.joinpath(*parts).with_suffix(".py").exists():
        return True
    module = ROOT.joinpath(*parts[:-1]).with_suffix(".py")
    return module.exists() and re.search(rf"\b{parts[-1]}\b", module.read_text()) is not None


def test_what_comments_name_is_there() -> None:
    files = [path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*.py")]
    gone = {str(path.relative_to(ROOT)): lost for path in files if (lost := lost_in(path.read_text()))}
    assert not gone


def lost_in(text: str) -> list[str]:
    """The names in a text that nothing bears any more."""
    return sorted(name for name in modules_named(text) if not is_there(name))


def test_a_name_that_nothing_bears_is_found() -> None:
    assert lost_in("see `bot.engine.step` and `bot." + "nowhere.at_all`") == ["bot.nowhere.at_all"]
