"""Fixed statements: compiled once per dialect, then run by the driver itself, for the hot path.

Values pass through the same bind and result processors as in Core, so what goes in and what comes out is the same.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, Connection, Dialect, Executable, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.database.units import fail

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ClauseElement

Statement = Executable | Callable[[str], Executable]
_Processor = Callable[[Any], Any]


def insert_if_new(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """Return the dialect's `insert ... on conflict do nothing`; add values() and returning() as usual.

    `dialect` is "sqlite" or "postgresql". The row count is 1 for a new row, 0 for one that was there.
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def insert_or_change(table: Table, dialect: str, *key: str) -> "_Upsert":
    """Return a maker of the dialect's `insert ... on conflict do update` that changes all columns but the key's."""
    return _Upsert(table, dialect, key)


class _Upsert:
    """Waits for the values, since what is changed follows from them."""

    def __init__(self, table: Table, dialect: str, key: tuple[str, ...]) -> None:
        self._table, self._dialect, self._key = table, dialect, key

    def values(self, values: Mapping[str, Any]) -> Executable:
        """Return the whole statement."""
        insert = postgresql.insert if self._dialect == "postgresql" else sqlite.insert
        new = insert(self._table).values(values)
        changed = {name: new.excluded[name] for name in values if name not in self._key}
        return new.on_conflict_do_update(index_elements=list(self._key), set_=changed)


class Fixed:
    """One select, insert, update or delete, or a function from the dialect's name to one.

    What varies is a bindparam, given by name at each call; other values, IN lists included, are fixed with the
    statement. A wrong or missing name raises TypeError, a value that its column refuses ValueError; errors of the
    database are SQLAlchemy's own, without the parameters.
    """

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, str], _Compiled] = {}

    def all(self, connection: Connection, /, **values: Any) -> list[Any]:
        """Run it and return every row as a named tuple."""
        return self._for(connection).rows(connection, values)

    def first(self, connection: Connection, /, **values: Any) -> Any | None:
        """Run it and return the first row as a named tuple, or None."""
        rows = self._for(connection).rows(connection, values)
        return rows[0] if rows else None

    def run(self, connection: Connection, /, **values: Any) -> int:
        """Run it and return the number of rows that it inserted, changed or deleted."""
        return self._for(connection).count(connection, values)

    def many(self, connection: Connection, rows: Iterable[Mapping[str, Any]], /) -> int:
        """Run it once for each mapping of values and return the number of rows touched in all."""
        return self._for(connection).count_many(connection, rows)

    def _for(self, connection: Connection) -> "_Compiled":
        dialect = connection.dialect
        key = (dialect.name, dialect.paramstyle)  # the style belongs to the engine
        compiled = self._compiled.get(key)
        if compiled is None:
            statement = self._statement if isinstance(self._statement, Executable) else self._statement(dialect.name)
            # Two threads may both get here: both make the same.
            compiled = self._compiled[key] = _Compiled(statement, dialect)
        return compiled


class _Compiled:
    """The text for one dialect, and how values go in and out."""

    __slots__ = (
        "_binds",
        "_constants",
        "_defaults",
        "_dialect",
        "_make",
        "_optional",
        "_positional",
        "_processors",
        "_required",
        "_sql",
        "_types",
    )

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        if isinstance(statement, Insert):
            statement = statement.inline()  # else PostgreSQL would return the primary key unasked
        compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=dialect))
        self._dialect = dialect
        self._defaults = {column.key: _default(column) for column in compiled.prefetch}
        self._optional = frozenset(self._defaults)
        self._required = frozenset(bind.key for bind in compiled.bind_names if bind.required)
        expanded = compiled.construct_expanded_state(dict.fromkeys(self._required))
        self._sql = expanded.statement
        self._positional = compiled.positional
        order = expanded.positiontup if compiled.positional else expanded.parameters
        processors: Mapping[str, Any] = {**compiled._bind_processors, **expanded.processors}
        self._binds = [(name, processors.get(name)) for name in order or ()]
        varying = self._required | self._optional
        self._constants = {
            name: value if processors.get(name) is None else processors[name](value)
            for name, value in expanded.parameters.items()
            if name not in varying
        }
        self._types = [column.type for column in compiled._result_columns]
        names = [column.keyname for column in compiled._result_columns]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc] # the names are known only here
        self._make: Callable[[Iterable[Any]], Any] = row._make
        self._processors: list[_Processor | None] | None = None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        driver = _driver(connection)
        parameters = self._parameters(values)
        try:
            cursor = driver.execute(self._sql, parameters)
            rows = cursor.fetchall()
        except self._dialect.loaded_dbapi.Error as error:
            fail(connection, self._sql, error)
        processors = self._processors
        if processors is None:
            processors = self._processors = self._find_processors(cursor.description)
        make = self._make
        if not processors:
            return [make(row) for row in rows]
        return [
            make([value if process is None else process(value) for process, value in zip(processors, row, strict=True)])
            for row in rows
        ]

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int:
        driver = _driver(connection)
        parameters = self._parameters(values)
        try:
            cursor = driver.execute(self._sql, parameters)
            if cursor.description is not None:
                cursor.fetchall()  # SQLite counts a row once it has been stepped over
            count: int = cursor.rowcount
        except self._dialect.loaded_dbapi.Error as error:
            fail(connection, self._sql, error)
        return count

    def count_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> int:
        parameters = [self._parameters(values) for values in rows]
        if not parameters:
            return 0
        try:
            cursor = _driver(connection).cursor()
            cursor.executemany(self._sql, parameters)
            count: int = cursor.rowcount
            cursor.close()
        except self._dialect.loaded_dbapi.Error as error:
            fail(connection, self._sql, error)
        return count

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        if self._defaults or values.keys() != self._required:
            values = self._completed(values)
        constants = self._constants
        if self._positional:
            return [
                constants[name] if name in constants else values[name] if process is None else process(values[name])
                for name, process in self._binds
            ]
        return {
            name: constants[name] if name in constants else values[name] if process is None else process(values[name])
            for name, process in self._binds
        }

    def _completed(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add the columns' Python defaults; raises TypeError if a value is missing or not known."""
        missing = self._required - values.keys()
        unknown = values.keys() - self._required - self._optional
        if missing or unknown:
            raise TypeError(f"missing values: {sorted(missing)}, unknown values: {sorted(unknown)}")
        return {name: make() for name, make in self._defaults.items() if name not in values} | dict(values)

    def _find_processors(self, description: Any) -> list[_Processor | None]:
        """Return one processor per column, or an empty list if no column needs any."""
        found: list[_Processor | None] = [
            type_._cached_result_processor(self._dialect, entry[1])
            for type_, entry in zip(self._types, description, strict=True)
        ]
        return found if any(found) else []


def _driver(connection: Connection) -> Any:
    """Return the driver's connection, inside a transaction that SQLAlchemy knows of and will end."""
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.dbapi_connection


def _default(column: Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default is not None and default.is_scalar:
        return lambda: default.arg
    if default is not None and default.is_callable:
        return lambda: default.arg(None)
    raise TypeError(f"a Fixed statement needs a value for {column}: its default is not a plain one")
