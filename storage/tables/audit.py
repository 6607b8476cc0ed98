"""Tables of data rights: who looked at what and what was agreed or deleted, and what people ask for about their data.

Neither holds content, names or platform ids.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime


class AuditRow(SQLModel, table=True):
    """One thing done with somebody's data: `actor` in that `role` did `verb` to a `kind` of data of `subject`.

    `actor` and `subject` are ids of people, or "operator"; they are no foreign keys, since the entries about consents
    and deletions outlive the people.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject_at", "subject", "at"), Index("ix_audit_at", "at"))
    id: int = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    role: str
    actor: str
    verb: str
    kind: str
    subject: str
    engagement: str = ""


class DataRequestRow(SQLModel, table=True):
    """An export or an erasure that somebody asked for in the chat; `address` is where the answer goes."""

    __tablename__ = "data_request"
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    kind: str
    address: str = ""
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    tries: int = 0
