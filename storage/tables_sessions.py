"""When coaches are away; sessions and notes themselves are among the tables of the plan."""

from datetime import date

from sqlmodel import Field, SQLModel


class AwayRow(SQLModel, table=True):
    """A coach is away on these local days, both included."""

    __tablename__ = "away"
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    first: date
    last: date
