"""What the database knows about itself: one row per name, sealed."""

from sqlalchemy import Connection, delete, insert, inspect, select
from sqlmodel import Field, SQLModel

from storage.columns import Sealed
from storage.database.compiled_sql import insert_if_new
from storage.database.encryption import seal, unseal
from storage.errors import KeyLost, StorageError

_CANARY = "canary"


class Meta(SQLModel, table=True):
    """A named, sealed value; `canary` proves that the keys are the right ones."""

    __tablename__ = "meta"

    name: str = Field(primary_key=True, max_length=64)
    value: bytes = Field(sa_type=Sealed)


META = SQLModel.metadata.tables["meta"]


def verify_keys(connection: Connection) -> None:
    """Check that the connection's keys open this database, or leave the proof for later if it is new.

    Raises KeyLost for the wrong keys, StorageError if the database has not been migrated.
    """
    if not inspect(connection).has_table(META.name):
        raise StorageError("The database has no tables yet: apply the migrations before opening it.")
    new = {"name": _CANARY, "value": seal(connection, _CANARY)}
    connection.execute(insert_if_new(META, connection.dialect.name).values(new))
    stored = connection.execute(select(META.c.value).where(META.c.name == _CANARY)).scalar_one()
    try:
        unseal(connection, stored)
    except KeyLost:
        raise KeyLost(
            "The encryption key is lost: another one wrote this database; restore ENCRYPTION_KEYS or the key file."
        ) from None


def remember(connection: Connection, name: str, text: str) -> None:
    """Keep a named text, in place of what it was."""
    connection.execute(delete(META).where(META.c.name == name))
    connection.execute(insert(META).values(name=name, value=seal(connection, text)))


def recall(connection: Connection, name: str) -> str | None:
    """Return the named text, or None."""
    found = connection.execute(select(META.c.value).where(META.c.name == name)).scalar()
    return None if found is None else unseal(connection, found)
