"""Two small tables, and the units that write and read them."""

from collections.abc import Callable

from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, String, Table, insert, select

OWN = MetaData()
THINGS = Table("things", OWN, Column("id", Integer, primary_key=True), Column("name", String, unique=True))
PARTS = Table(
    "parts",
    OWN,
    Column("id", Integer, primary_key=True),
    Column("thing", ForeignKey("things.name", deferrable=True, initially="DEFERRED")),
)


def add(name: str) -> Callable[[Connection], str]:
    def unit(connection: Connection) -> str:
        connection.execute(insert(THINGS).values(name=name))
        return name

    return unit


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(THINGS.c.name).order_by(THINGS.c.id)).scalars())
