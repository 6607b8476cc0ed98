"""The house: every module stands in a layer, and what is promised about files holds."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "schedules", "storage")


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
