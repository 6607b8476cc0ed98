"""When coaches are away; sessions and notes themselves are among the tables of the plan."""

from datetime import date

from sqlmodel import Field, SQLModel


class AwayRow(SQLModel, table=True):
    """A coach is away on these local days, both included; `cover` is the coach who is to read meanwhile, or empty."""

    __tablename__ = "away"
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    first: date
    last: date
    cover: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})
