"""Tables of habits: what was made, and what was told of it since. What people wrote is sealed; days are local dates."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.people import sealed, utc


class HabitRow(SQLModel, table=True):
    """A habit as it was made; `number` belongs to the same row of numbers as those of commitments."""

    __tablename__ = "habit"
    __table_args__ = (UniqueConstraint("run", "key"),)
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    engagement: str
    run: str
    key: str
    number: int
    made: date
    asked: date | None = None
    body: bytes = Field(sa_column=sealed())


class HabitEntryRow(SQLModel, table=True):
    """What was told of a habit, or became of it (`kind`), in the order of `at`."""

    __tablename__ = "habit_entry"
    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    habit: str = Field(foreign_key="habit.id", index=True)
    person: str = Field(foreign_key="person.id", index=True)
    kind: str
    day: date
    at: datetime = Field(sa_column=utc())
    body: bytes = Field(sa_column=sealed())
