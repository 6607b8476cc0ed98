"""Column types: aware datetimes, and bytes that hold an encrypted value."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Dialect, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TOKEN_START = b"gAAAA"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, returned in UTC whatever zone it came in; naive ones raise ValueError.

    TIMESTAMPTZ on PostgreSQL; on SQLite an INTEGER of microseconds since 1970-01-01 UTC, so that comparison, ordering
    and indexes work.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the dialect's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return the stored form; raises ValueError for a datetime without a zone."""
        if value is None:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ValueError("a stored time needs a zone: pass an aware datetime")
        if dialect.name == "sqlite":
            return (value - _EPOCH) // _MICROSECOND
        return value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the aware datetime in UTC."""
        if value is None:
            return None
        if isinstance(value, int):
            return _EPOCH + timedelta(microseconds=value)
        stored: datetime = value
        return stored.astimezone(UTC)


class Sealed(TypeDecorator[bytes]):
    """An encrypted value as `seal()` made it; anything else raises ValueError, so plain text cannot slip in.

    The type marks the column: key rotation re-encrypts every Sealed column it finds.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the value unchanged; raises ValueError, without showing it, if it is not sealed."""
        if value is not None and not (isinstance(value, bytes) and value.startswith(_TOKEN_START)):
            raise ValueError("a Sealed column takes what seal() returned, nothing else")
        return value
