"""The tables. They don't leave this room: queries take and give values of `bot.model` and `bot.messages`.

Columns of type `Sealed` hold encrypted text: names, words, states, payloads. Local days are plain dates, instants are
UTC. Ids are random text, except where order matters.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import Sealed, UtcDateTime

# Every constraint has a name, so that a migration on SQLite can drop it.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def sealed(*, nullable: bool = False) -> Column[bytes]:
    """A column of encrypted text."""
    return Column(Sealed, nullable=nullable)


def utc(*, nullable: bool = False, index: bool = False) -> Column[datetime]:
    """A column of instants in UTC."""
    return Column(UtcDateTime, nullable=nullable, index=index)


def ordered() -> Column[int]:
    """A primary key that counts up, where order matters."""
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, for statements over it."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


class PersonRow(SQLModel, table=True):
    """Someone the bot talks with: client, coach, or both. `plan` is the next occurrence, due at `next_at`.

    `hold` is of one length whether or not a client is held, and so tells nothing.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_next_at", "next_at", sqlite_where=text("next_at is not null")),
        Index("ix_person_digest_at", "digest_at", sqlite_where=text("digest_at is not null")),
    )
    id: str = Field(primary_key=True)
    name: bytes = Field(sa_column=sealed())
    home: str
    language: str = "en"
    locale: str = "en-US"
    coach: bool = False
    practice: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    wishes: str = Field(sa_column=Column(Text, nullable=False))
    hold: bytes | None = Field(default=None, sa_column=sealed(nullable=True))
    began: datetime = Field(sa_column=utc())
    rhythm_since: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    next_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    plan: str | None = Field(default=None, sa_column=Column(Text))
    digest_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))


class AddressRow(SQLModel, table=True):
    """Where a person can be reached: `state` is one of `bot.model.people.chats`.

    `page` says whether their page was ever opened, and is up to date. Bound anew by a coach's code, an address shows
    private entries only from `private_from` on. While a coach tries things out as a client, `returns_to` is the
    coach, and it is `shift` seconds later there. `since` is when it became theirs.
    """

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("platform", "bot", "user"),)
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    lane: int = Field(foreign_key="lane.id", index=True)
    platform: str
    bot: str
    chat: str
    user: str
    preferred: bool = True
    state: str = "active"
    page: str = "unseen"
    private_from: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    returns_to: str | None = None
    shift: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    since: datetime | None = Field(default=None, sa_column=utc(nullable=True))


class EngagementRow(SQLModel, table=True):
    """One coach and one client. `visible` is what the client lets the coach see, `seen_at` when the coach looked.

    `planned` says that there are goals, an agreement or sessions to load; `follow_up` holds the days after closing,
    `programme` what the coach changed for this client. `confirmed` is the coach's word on who joined, `heir` the coach
    to whom it is to be handed over. `cover` is the absence for which the client is asked whether another coach may read
    meanwhile, `covered` their yes. `sessions_off`: the coach arranges sessions elsewhere, and nothing is asked around
    them. `named` is what the coach calls the client; without it they are called as they call themselves. `sharing`
    counts how often it changed who may read what of it.
    """

    __tablename__ = "engagement"
    id: str = Field(primary_key=True)
    coach: str = Field(foreign_key="person.id", index=True)
    client: str = Field(foreign_key="person.id", index=True)
    state: str = "active"
    visible: str = "none"
    began: datetime = Field(sa_column=utc())
    call_wanted: date | None = None
    seen_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    phase: str = Field(default="relationship", sa_column_kwargs={"server_default": "relationship"})
    ends: date | None = None
    closed: date | None = None
    contracted: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    programme: bytes | None = Field(default=None, sa_column=sealed(nullable=True))
    follow_up: str = Field(default="", sa_column_kwargs={"server_default": ""})
    planned: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    confirmed: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    heir: str = Field(default="", sa_column_kwargs={"server_default": ""})
    cover: str = Field(default="", sa_column_kwargs={"server_default": ""})
    covered: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    sessions_off: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    named: bytes | None = Field(default=None, sa_column=sealed(nullable=True))
    sharing: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ToldSignalRow(SQLModel, table=True):
    """In how many digests running a signal has been told; gone when it has cleared."""

    __tablename__ = "told_signal"
    engagement: str = Field(primary_key=True, foreign_key="engagement.id")
    kind: str = Field(primary_key=True)
    times: int = 1


class InviteRow(SQLModel, table=True):
    """A one-time code, of which only the SHA-256 is kept; `person` is whom a code for another address belongs to."""

    __tablename__ = "invite"
    code_hash: str = Field(primary_key=True)
    role: str
    coach: str | None = Field(default=None, foreign_key="person.id", index=True)
    person: str | None = Field(default=None, foreign_key="person.id", index=True)
    name: bytes = Field(sa_column=sealed())
    zone: str
    expires_at: datetime = Field(sa_column=utc())
    used_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    used_by: str | None = None


class WorkspaceRow(SQLModel, table=True):
    """The app in one Slack workspace, its token sealed."""

    __tablename__ = "workspace"
    bot: str = Field(primary_key=True)
    installed: datetime = Field(sa_column=utc())
    body: bytes = Field(sa_column=sealed())


class OAuthStateRow(SQLModel, table=True):
    """The state of an installation under way, of which only the SHA-256 is kept."""

    __tablename__ = "oauth_state"
    state_hash: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_column=utc())


class ConsentRow(SQLModel, table=True):
    """A consent as given or changed; the newest of a kind holds. `version` is the wording that was shown."""

    __tablename__ = "consent"
    id: int = Field(default=None, sa_column=ordered())
    person: str = Field(foreign_key="person.id", index=True)
    engagement: str | None = Field(default=None, foreign_key="engagement.id", index=True)
    kind: str
    choice: str
    version: str
    at: datetime = Field(sa_column=utc())


class PauseRow(SQLModel, table=True):
    """A rest from prompts, in local days, both included."""

    __tablename__ = "pause"
    id: int = Field(default=None, sa_column=ordered())
    person: str = Field(foreign_key="person.id", index=True)
    first: date
    last: date | None = None


class ConversationRow(SQLModel, table=True):
    """What is under way with one person; `seq` grows with each event, so that a stale reading is noticed."""

    __tablename__ = "conversation"
    person: str = Field(primary_key=True, foreign_key="person.id")
    seq: int = 0
    state: bytes = Field(sa_column=sealed())


class InboxRow(SQLModel, table=True):
    """Every event that was taken, by its unique key; `failed` ones keep their payload until they are replayed.

    What falls due and raises is `again` until it has had all its `tries`.
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_message", "lane", "message"),)
    key: str = Field(primary_key=True)
    person: str | None = None
    at: datetime = Field(sa_column=utc())
    state: str = "done"
    lane: str = ""
    message: str = ""
    run: str = ""
    question: str = ""
    payload: bytes | None = Field(default=None, sa_column=sealed(nullable=True))
    reason: str = ""
    tries: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class RunRow(SQLModel, table=True):
    """One dialogue held: where it came from, how it ended, and its answers when it has been put away."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_person_ended", "person", "ended"),)
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    dialogue: str
    version: str
    by: str
    day: date
    occurrence: str = ""
    engagement: str = ""
    state: str = "open"
    began: datetime = Field(sa_column=utc())
    ended: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    body: bytes | None = Field(default=None, sa_column=sealed(nullable=True))


class PromptRow(SQLModel, table=True):
    """One asking of one question; `sent_by` names the occurrence that opened a thread of the bot's own."""

    __tablename__ = "prompt"
    __table_args__ = (Index("ix_prompt_person_closed", "person", "closed"),)
    token: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    run: str
    question: str
    state: str = "open"
    opening: bool = False
    asked: datetime = Field(sa_column=utc())
    closed: datetime | None = Field(default=None, sa_column=utc(nullable=True))


class AnswerRow(SQLModel, table=True):
    """The answer to one question of one run, as it now stands."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_person_at", "person", "at"),)
    run: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    engagement: str = ""
    dialogue: str
    day: date
    at: datetime = Field(sa_column=utc())
    audience: str
    skipped: bool = False
    body: bytes = Field(sa_column=sealed())


class EarlierAnswerRow(SQLModel, table=True):
    """What an answer was before it was revised."""

    __tablename__ = "earlier_answer"
    id: int = Field(default=None, sa_column=ordered())
    run: str = Field(index=True)
    question: str
    person: str = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_column=utc())
    body: bytes = Field(sa_column=sealed())


class CommitmentRow(SQLModel, table=True):
    """A promise: `origin` as it was made, `body` as it stands after all reports, both sealed."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("run", "key"),
        Index("ix_commitment_open", "person", "standing"),
    )
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    engagement: str
    run: str
    key: str
    number: int
    standing: str = "open"
    due: date | None = None
    dated_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    asked: date | None = None
    origin: bytes = Field(sa_column=sealed())
    body: bytes = Field(sa_column=sealed())


class ReportRow(SQLModel, table=True):
    """A word on a commitment; a commitment is its origin and its reports in the order of `at`."""

    __tablename__ = "report"
    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    commitment: str = Field(foreign_key="commitment.id", index=True)
    day: date
    at: datetime = Field(sa_column=utc())
    report: str
    body: bytes = Field(sa_column=sealed())


class RatingRow(SQLModel, table=True):
    """A number that a client gave."""

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_person_day", "person", "day"),)
    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    engagement: str = ""
    kind: str
    value: int
    day: date
    about: str = ""
    audience: str


class RemarkRow(SQLModel, table=True):
    """Something in a client's words."""

    __tablename__ = "remark"
    __table_args__ = (
        Index("ix_remark_person_day", "person", "day"),
        Index("ix_remark_engagement", "engagement", "kind"),
    )
    run: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    engagement: str = ""
    kind: str
    day: date
    about: str = ""
    audience: str
    body: bytes = Field(sa_column=sealed())


class OccurrenceRow(SQLModel, table=True):
    """One prompt that fell due: sent, answered, missed or dropped, and why. Unique: a second tick is harmless."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("person", "dialogue", "local_date", "slot"),
        Index("ix_occurrence_person_date", "person", "local_date"),
    )
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    dialogue: str
    local_date: date
    slot: str
    due_at: datetime = Field(sa_column=utc())
    state: str
    reason: str = ""
    opened_on: date | None = None
    reminded_on: date | None = None


class TimerRow(SQLModel, table=True):
    """When an open prompt is to be reminded of, asked again, or put away."""

    __tablename__ = "timer"
    token: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    due_at: datetime = Field(sa_column=utc(index=True))


class DialogueRow(SQLModel, table=True):
    """The source of a dialogue that somebody is in the middle of, or was within a week.

    One that holds a coach's wordings is that `person`'s: its source is `worded`, and sealed.
    """

    __tablename__ = "dialogue_version"
    version: str = Field(primary_key=True)
    name: str
    source: str = Field(sa_column=Column(Text, nullable=False))
    stored: datetime = Field(sa_column=utc())
    person: str | None = Field(default=None, index=True)
    worded: bytes | None = Field(default=None, sa_column=sealed(nullable=True))
