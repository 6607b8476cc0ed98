"""Every table, whichever module holds it."""

import importlib
from pathlib import Path

from sqlalchemy import MetaData


def metadata() -> MetaData:
    """The metadata with all tables loaded: for migrations, key rotation and erasure, which must not miss one."""
    from sqlmodel import SQLModel

    for path in sorted(Path(__file__).parent.glob("tables*.py")):
        importlib.import_module(f"storage.{path.stem}")
    importlib.import_module("storage.meta")
    return SQLModel.metadata
