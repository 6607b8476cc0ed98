"""Tables of delivery: how fast each bot may send, and which process does what only one may do."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime


class BudgetRow(SQLModel, table=True):
    """How fast one bot may send, or ask, in all processes together: `free_at` is when its next slot is free.

    `wait_until` is the end of a flood wait of the whole bot; `floods` chats were told to wait, the first at
    `flooded_at`. All by the database's clock.
    """

    __tablename__ = "budget"
    key: str = Field(primary_key=True)
    free_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    wait_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    floods: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    flooded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class LeaseRow(SQLModel, table=True):
    """What only one process may do at a time, and who does it until when, by the database's clock."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
