"""Tables of an engagement's plan: its phases, agreement, goals, sessions, notes, and the agenda of what is to be asked.

Rows made by a dialogue carry its run and key, so that running its outcome again replaces and never adds. Days are local
dates of the client, instants are UTC; what people wrote is sealed.
"""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import Sealed, UtcDateTime


def _utc(*, nullable: bool = False) -> Column[datetime]:
    return Column(UtcDateTime, nullable=nullable)


def _sealed(*, nullable: bool = False) -> Column[bytes]:
    return Column(Sealed, nullable=nullable)


class AgendaRow(SQLModel, table=True):
    """A dialogue that somebody is to be asked on a day of theirs.

    With `due_at` it is an errand, opened at that instant (for coaches, and after an engagement has ended); without, it
    takes its place in the client's rhythm. `state` is open, done or dropped.
    """

    __tablename__ = "agenda"
    __table_args__ = (
        UniqueConstraint("person", "engagement", "dialogue", "day", "about"),
        Index(
            "ix_agenda_due_at",
            "due_at",
            sqlite_where=text("due_at is not null and state = 'open'"),
            postgresql_where=text("due_at is not null and state = 'open'"),
        ),
    )
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    engagement: str = Field(index=True)
    dialogue: str
    day: date
    at: str = ""
    due_at: datetime | None = Field(default=None, sa_column=_utc(nullable=True))
    about: str = Field(default="", sa_column=Column(Text, nullable=False))
    state: str = "open"


class PhaseRow(SQLModel, table=True):
    """An engagement came into a phase; the newest row says where it stands."""

    __tablename__ = "phase"
    id: str = Field(primary_key=True)
    engagement: str = Field(foreign_key="engagement.id", index=True)
    phase: str
    day: date
    at: datetime = Field(sa_column=_utc())
    by: str
    skipped: str = ""


class AgreementRow(SQLModel, table=True):
    """One version of the working agreement; it holds when both have confirmed it."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("engagement", "version"),)
    id: str = Field(primary_key=True)
    engagement: str = Field(foreign_key="engagement.id", index=True)
    version: int
    run: str = ""
    until: date | None = None
    coach_ok: date | None = None
    client_ok: date | None = None
    body: bytes = Field(sa_column=_sealed())


class GoalRow(SQLModel, table=True):
    """A goal: `body` holds its words, sealed; dates, state and slippage stand beside it."""

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("run", "key"),)
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    engagement: str = Field(foreign_key="engagement.id", index=True)
    run: str
    key: str
    number: int
    state: str = "draft"
    made: date
    due: date | None = None
    weight: int = 1
    ready: int | None = None
    moved: int = 0
    moved_days: int = 0
    body: bytes = Field(sa_column=_sealed())


class LadderRow(SQLModel, table=True):
    """One version of a success ladder, frozen once both have approved it."""

    __tablename__ = "ladder"
    goal: str = Field(primary_key=True, foreign_key="goal.id")
    version: int = Field(primary_key=True)
    run: str = ""
    made: date
    baseline: int | None = None
    coach_ok: date | None = None
    client_ok: date | None = None
    body: bytes = Field(sa_column=_sealed())


class LevelRow(SQLModel, table=True):
    """Where somebody saw a goal on its ladder."""

    __tablename__ = "level"
    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    goal: str = Field(foreign_key="goal.id", index=True)
    ladder: int
    value: int
    day: date
    at: datetime = Field(sa_column=_utc())
    by: str = "client"
    final: bool = False
    body: bytes = Field(sa_column=_sealed())


class MilestoneRow(SQLModel, table=True):
    """A step towards a goal."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("run", "key"),)
    id: str = Field(primary_key=True)
    goal: str = Field(foreign_key="goal.id", index=True)
    run: str
    key: str
    number: int
    due: date | None = None
    done: date | None = None
    moved: int = 0
    moved_days: int = 0
    body: bytes = Field(sa_column=_sealed())


class AdjustmentRow(SQLModel, table=True):
    """What was changed of a goal or milestone, and why: its history."""

    __tablename__ = "adjustment"
    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    goal: str = Field(foreign_key="goal.id", index=True)
    day: date
    at: datetime = Field(sa_column=_utc())
    by: str
    kind: str
    days: int = 0
    body: bytes = Field(sa_column=_sealed())


class SessionRow(SQLModel, table=True):
    """A meeting of coach and client, at an instant; `series` ties recurring ones together."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_engagement_at", "engagement", "at"),)
    id: str = Field(primary_key=True)
    engagement: str = Field(foreign_key="engagement.id")
    at: datetime = Field(sa_column=_utc())
    minutes: int = 60
    state: str = "planned"
    series: str = ""
    moved: int = 0
    by: str = "coach"


class NoteRow(SQLModel, table=True):
    """A coach's own note on a client; erased with either of them."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("run", "key"),)
    id: str = Field(primary_key=True)
    engagement: str = Field(foreign_key="engagement.id", index=True)
    coach: str = Field(foreign_key="person.id", index=True)
    run: str
    key: str
    kind: str
    day: date
    at: datetime = Field(sa_column=_utc())
    about: str = ""
    done: bool = False
    body: bytes = Field(sa_column=_sealed())
