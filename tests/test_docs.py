"""The pages: links lead somewhere, tables are complete, and what is quoted is real."""

import re
from pathlib import Path

import pytest

from bot.cli.commands import app
from bot.engine.dialogue.load import HEAD_KEYS, NODE_KEYS
from bot.model.facts import Facts
from bot.settings import Settings
from tests.support.facts import coach_facts, facts, heard, say

ROOT = Path(__file__).parent.parent
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
REGISTRY = re.compile(
    r"py[p]i\.o|pythonh[o]sted|npm[j]s|dock[e]r\.(?:io|com)|gh[c]r\.|qu[a]y\.|cr[a]tes\.|index-url|artifactory|nexus"
)
HOUSEKEEPING = (".env.example", ".pre-commit-config.yaml", ".editorconfig", ".github/workflows/ci.yml", "Makefile")


def prose(page: Path) -> str:
    """A page without what stands in fences."""
    return FENCED.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_within_the_house_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{path or page.name} has no heading for #{anchor}"


def test_the_readme_leads_to_every_page_for_readers() -> None:
    linked = set(LINK.findall(prose(ROOT / "README.md")))
    assert {"docs/client.md", "docs/coach.md", "docs/operating.md", "docs/guarantees.md"} <= linked
    assert {"SECURITY.md", "CHANGELOG.md"} <= linked


@pytest.mark.parametrize(
    ("page", "known"), [("docs/client.md", facts()), ("docs/coach.md", coach_facts())], ids=["client", "coach"]
)
def test_every_command_that_help_shows_stands_in_the_page_of_its_reader(page: str, known: Facts) -> None:
    verbs = set(re.findall(r"^([a-z]+)[^:\n]*: ", heard(say("help all", known)), re.MULTILINE))
    rows = set(re.findall(r"^\| `([a-z]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert len(verbs) > 20
    assert verbs <= rows, f"{page} has no row for {sorted(verbs - rows)}"


def test_every_setting_stands_in_the_table_and_in_the_example() -> None:
    rows = "\n".join(re.findall(r"^\|.*$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    example = (ROOT / ".env.example").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in rows, f"{name.upper()} is not in the README's table"
        assert re.search(rf"^#?\s?{name.upper()}=", example, re.MULTILINE), f"{name.upper()} is not in .env.example"
    told = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert told <= {name.upper() for name in Settings.model_fields}


def test_every_command_of_the_terminal_is_told_and_none_that_is_not_there() -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {group.name for group in app.registered_groups if group.name}
    told = {name: _commands_in(ROOT / name) for name in NAMES}
    assert told["docs/operating.md"] == known
    assert set.union(*told.values()) == known


def _commands_in(page: Path) -> set[str]:
    return set(re.findall(r"^throughline ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))


def test_every_make_target_that_is_told_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        told = set(re.findall(r"(?:^|`)make ([a-z]+)\b", page.read_text("utf-8"), re.MULTILINE))
        assert told <= targets, f"{page.name} tells of {sorted(told - targets)}"


@pytest.mark.parametrize("name", [*NAMES, *HOUSEKEEPING])
def test_no_page_names_a_registry(name: str) -> None:
    assert not REGISTRY.search((ROOT / name).read_text("utf-8").lower().replace("--no-emit-index-url", ""))


def test_the_page_about_dialogues_names_whatever_may_stand_in_one() -> None:
    text = (ROOT / "docs/dialogues.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in text.splitlines() if line[:3] == "| `")))
    nodes = {"ask", "say", "branch", "call"}
    known = HEAD_KEYS | nodes | (NODE_KEYS["ask"] - {"ask", "text"}) | {"coaching"}
    assert named == known
    assert all(f"`{key}`" in text for keys in NODE_KEYS.values() for key in keys)
