"""Fixed statements give exactly what Core gives, on both databases."""

import enum
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.columns import Sealed, UtcDateTime
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.database.encryption import KeyRing
from storage.database.postgres import postgres_engine
from storage.database.units import install
from storage.database.urls import parse_url
from tests.support.laws import examples


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


OWN = MetaData()
KINDS = Table(
    "kinds",
    OWN,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("sealed", Sealed),
    Column("mood", Enum(Mood)),
    Column("data", JSON),
    Column("text", Text),
    Column("flag", Boolean),
    Column("day", Date),
    Column("ratio", Float),
    Column("price", Numeric(12, 4)),
    Column("raw", LargeBinary),
    Column("tries", Integer, default=3, nullable=False),
    Column("tag", String, default=lambda: "made"),
)
NAMES = [column.name for column in KINDS.columns if column.name not in ("tries", "tag")]
DEFAULTED = ["tries", "tag"]
PUT = Fixed(insert(KINDS).values({name: bindparam(name) for name in NAMES}))
ALL = Fixed(select(KINDS).order_by(KINDS.c.id))

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# A few days short of the years 1 and 9999, so that every zone can show it.
MOMENTS = st.builds(
    lambda microseconds, zone: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone(
        zone
    ),
    st.integers(-719_160 * 86_400_000_000, 2_932_890 * 86_400_000_000),
    ZONES,
)
ROWS = st.fixed_dictionaries(
    {
        "at": st.none() | MOMENTS,
        "sealed": st.none() | st.binary(max_size=20).map(lambda raw: b"gAAAA" + raw),
        "mood": st.none() | st.sampled_from(Mood),
        "data": st.none()
        | st.dictionaries(TEXT, st.integers(-(2**31), 2**31) | TEXT | st.booleans() | st.none(), max_size=3),
        "text": st.none() | TEXT | st.just("50% %s %(x)s :x ? $1"),
        "flag": st.none() | st.booleans(),
        "day": st.none() | st.dates(),
        "ratio": st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32),
        "price": st.none() | st.decimals(-9999, 9999, places=4),
        "raw": st.none() | st.binary(max_size=20),
    }
)


@pytest.fixture(params=["default", "ours"])
def engine(request: pytest.FixtureRequest, url: str, keys: KeyRing) -> Iterator[Engine]:
    """A plain engine, and one as the database has it (other parameter style, watched)."""
    address = parse_url(url)
    if request.param == "ours" and address.get_backend_name() == "postgresql":
        made = postgres_engine(address, size=2)
    else:
        made = create_engine(address, hide_parameters=True)
    if request.param == "ours":
        install(made, keys=keys, begin=None)
    OWN.create_all(made)
    yield made
    made.dispose()


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_what_goes_in_and_what_comes_out_is_what_core_gives(engine: Engine, rows: list[dict[str, Any]]) -> None:
    with engine.connect() as connection:
        for n, row in enumerate(rows):
            assert PUT.run(connection, id=2 * n, **row) == 1
            connection.execute(insert(KINDS), {"id": 2 * n + 1, **row})
        by_core = connection.execute(select(KINDS).order_by(KINDS.c.id)).all()
        by_fixed = ALL.all(connection)
        assert [tuple(row) for row in by_core] == by_fixed
        assert [[type(value) for value in row] for row in by_core] == [
            [type(value) for value in row] for row in by_fixed
        ]
        for n, row in enumerate(rows):
            put_fixed, put_core = by_fixed[2 * n], by_fixed[2 * n + 1]
            assert put_fixed[1:] == put_core[1:]
            assert put_fixed.at == row["at"]
            assert put_fixed.mood is row["mood"]
            assert (put_fixed.sealed, put_fixed.tries, put_fixed.tag) == (row["sealed"], 3, "made")
        connection.rollback()


def blank(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(NAMES) | values


def test_statements_of_every_kind(engine: Engine) -> None:
    now = datetime(2026, 5, 4, 8, 30, 0, 123456, tzinfo=UTC)
    with engine.begin() as connection:
        many = [blank(id=n, at=now + timedelta(seconds=n), text="even" if n % 2 == 0 else "odd") for n in range(10)]
        assert PUT.many(connection, many) == 10
        assert PUT.many(connection, []) == 0
        due = Fixed(
            select(KINDS.c.id, KINDS.c.at).where(KINDS.c.at <= bindparam("now")).order_by("at").limit(bindparam("n"))
        )
        assert due.all(connection, now=now + timedelta(seconds=3), n=2) == [(0, now), (1, now + timedelta(seconds=1))]
        assert due.first(connection, now=now, n=9).at == now  # type: ignore[union-attr]
        assert due.first(connection, now=now - timedelta(seconds=1), n=9) is None
        change = Fixed(
            update(KINDS).where(KINDS.c.text == "odd", KINDS.c.id > bindparam("above")).values(flag=bindparam("f"))
        )
        assert change.run(connection, above=4, f=True) == 3
        among = Fixed(select(KINDS.c.id).where(KINDS.c.id.in_([1, 5, 7, 99]), KINDS.c.flag == True).order_by("id"))  # noqa: E712
        assert among.all(connection) == [(5,), (7,)]
        pairs = Fixed(select(KINDS.c.id).where(tuple_(KINDS.c.id, KINDS.c.text).in_([(1, "odd"), (2, "odd")])))
        assert pairs.all(connection) == [(1,)]
        remove = Fixed(delete(KINDS).where(KINDS.c.id < bindparam("id")).returning(KINDS.c.id, KINDS.c.at))
        assert sorted(remove.all(connection, id=2)) == [(0, now), (1, now + timedelta(seconds=1))]
        assert remove.run(connection, id=4) == 2
        odd_names = Fixed(select(func.count(), KINDS.c.id, KINDS.c.id.label("class")).group_by(KINDS.c.id).limit(1))
        assert len(odd_names.first(connection)) == 3  # type: ignore[arg-type]


def test_an_insert_that_may_find_its_row_there(engine: Engine) -> None:
    new = Fixed(lambda dialect: insert_if_new(KINDS, dialect).values(id=bindparam("id"), text=bindparam("text")))
    new_id = Fixed(
        lambda dialect: (
            insert_if_new(KINDS, dialect).values(id=bindparam("id"), text="t").returning(KINDS.c.id, KINDS.c.tag)
        )
    )
    with engine.begin() as connection:
        assert [new.run(connection, id=1, text=text) for text in ("first", "second")] == [1, 0]
        assert [new_id.first(connection, id=key) for key in (1, 2)] == [None, (2, "made")]
        assert Fixed(select(KINDS.c.text).order_by(KINDS.c.id)).all(connection) == [("first",), ("t",)]


def test_what_is_run_is_committed_with_the_transaction(engine: Engine) -> None:
    with engine.connect() as connection:
        PUT.run(connection, **blank(id=1))
        connection.commit()
        PUT.run(connection, **blank(id=2))
        connection.rollback()
    with engine.connect() as connection:
        assert Fixed(select(KINDS.c.id)).all(connection) == [(1,)]


def test_wrong_values_are_refused_before_anything_runs(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(TypeError, match=r"missing values: \['text'\], unknown values: \['txet'\]"):
            PUT.run(connection, **{"txet" if name == "text" else name: None for name in NAMES})
        with pytest.raises(ValueError, match="zone"):
            PUT.run(connection, **blank(id=1, at=datetime(2026, 1, 1)))  # noqa: DTZ001
        with pytest.raises(ValueError, match=r"seal\(\)"):
            PUT.run(connection, **blank(id=1, sealed=b"plain"))
        assert ALL.all(connection) == []


def test_errors_are_those_of_core_and_never_show_a_value(engine: Engine) -> None:
    def broken(connection: Connection) -> IntegrityError:
        PUT.run(connection, **blank(id=1))
        with pytest.raises(IntegrityError) as caught:
            PUT.run(connection, **blank(id=1, text="my secret"))
        return caught.value

    with engine.connect() as connection:
        error = broken(connection)
        assert "INSERT INTO kinds" in str(error)
        assert "my secret" not in str(error)
        assert error.connection_invalidated is False


def test_a_default_that_the_database_makes_is_kept(engine: Engine) -> None:
    own = MetaData()
    one = select(literal(1)).scalar_subquery()
    made = Table("made", own, Column("id", Integer, primary_key=True), Column("n", Integer, default=one))
    fixed = Fixed(insert(made).values(id=bindparam("id")))
    with engine.connect() as connection:
        own.create_all(connection)
        assert fixed.run(connection, id=5) == 1
        assert Fixed(select(made)).all(connection) == [(5, 1)]


def test_times_compare_and_sort_as_times(engine: Engine) -> None:
    early = datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    late = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=14)))
    with engine.connect() as connection:
        PUT.many(connection, [blank(id=1, at=late), blank(id=2, at=early)])
        assert connection.execute(select(KINDS.c.at).order_by(KINDS.c.at)).scalars().all() == [early, late]
        assert connection.execute(select(KINDS.c.id).where(KINDS.c.at < late)).scalars().all() == [2]
        stored = connection.execute(select(KINDS.c.at).where(KINDS.c.at == late)).scalar_one()
        assert stored is not None
        assert (stored.utcoffset(), stored.tzinfo) == (timedelta(0), UTC)
