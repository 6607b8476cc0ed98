"""Every table, whichever module holds it."""

import importlib
from pathlib import Path

from sqlalchemy import MetaData


def metadata() -> MetaData:
    """The metadata with all tables loaded: for migrations, key rotation and erasure, which must not miss one."""
    from sqlmodel import SQLModel

    here = Path(__file__)
    for path in sorted(here.parent.glob("*.py")):
        if path.stem not in ("__init__", here.stem):
            importlib.import_module(f"storage.tables.{path.stem}")
    importlib.import_module("storage.meta")
    return SQLModel.metadata
