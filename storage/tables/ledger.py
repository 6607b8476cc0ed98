"""The table of what can be taken back: what each client changed last, for a day."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.people import ordered, sealed, utc


class LedgerRow(SQLModel, table=True):
    """One change of a client's: `run` is what wrote it, a dialogue or an event's key; `body` what was there before.

    One that was `undone` is kept to be counted, and holds nothing any more.
    """

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_person_at", "person", "at"), Index("ix_ledger_at", "at"))
    id: int = Field(default=None, sa_column=ordered())
    person: str = Field(foreign_key="person.id")
    run: str
    at: datetime = Field(sa_column=utc())
    undone: bool = False
    body: bytes = Field(sa_column=sealed())
