"""Tables of a coach's practice: what the coach chose, signals left until a session, and codes that did not work."""

from datetime import date, datetime, time

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel

from storage.columns import Sealed, UtcDateTime


class CoachRow(SQLModel, table=True):
    """What a coach chose: local weekday and hour of the digest, and helplines (sealed)."""

    __tablename__ = "coach"
    person: str = Field(primary_key=True, foreign_key="person.id")
    weekday: int = 0
    at: time = time(8, 0)
    pointers: bytes | None = Field(default=None, sa_column=Column(Sealed, nullable=True))


class LeftSignalRow(SQLModel, table=True):
    """A signal (kind and level) that the coach leaves be, up to and including the client's local day `until`."""

    __tablename__ = "left_signal"
    engagement: str = Field(primary_key=True, foreign_key="engagement.id")
    kind: str = Field(primary_key=True)
    until: date


class CodeTryRow(SQLModel, table=True):
    """Somebody in this chat tried a code that did not work; kept for minutes, to stop guessing."""

    __tablename__ = "code_try"
    __table_args__ = (Index("ix_code_try_lane_at", "lane", "at"),)
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    lane: int = Field(foreign_key="lane.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
