"""Frozen values to text and back, and sealed: how `bot` values are kept in columns."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from storage.database.encryption import seal, unseal
from storage.errors import Unreadable


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _name(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind))


def dump(kind: Any, value: Any) -> str:
    """The value as JSON."""
    return _adapter(kind).dump_json(value).decode()


def load(kind: Any, text: str | bytes) -> Any:
    """The value that was dumped; raises Unreadable for anything else."""
    try:
        return _adapter(kind).validate_json(text)
    except ValueError as error:  # its message would quote what is stored
        raise Unreadable(f"A stored {_name(kind)} cannot be read: {type(error).__name__}.") from None


def sealed(connection: Connection, kind: Any, value: Any) -> bytes:
    """The value as encrypted JSON."""
    return seal(connection, dump(kind, value))


def opened(connection: Connection, kind: Any, data: bytes) -> Any:
    """The value that was sealed; raises Unreadable, which KeyLost is too."""
    return load(kind, unseal(connection, data))
