"""The table of coaches' programmes: what new clients of a coach will be asked, as that coach set it up."""

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from storage.columns import Sealed


class ProgrammeRow(SQLModel, table=True):
    """What a coach's new clients begin with; each engagement keeps its own copy from then on."""

    __tablename__ = "programme"
    coach: str = Field(primary_key=True, foreign_key="person.id")
    body: bytes = Field(sa_column=Column(Sealed, nullable=False))
