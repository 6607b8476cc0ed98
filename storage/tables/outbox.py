"""Tables of what is said: lanes, which keep the order of one chat's messages, and the outbox."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.tables.people import ordered, sealed, utc


class LaneRow(SQLModel, table=True):
    """One chat's ordered messages; whoever holds the lease under the newest fence may send.

    `wait_until` is the end of a flood wait, `reply_at` and `free_at` when the chat's own pace lets the next reply or
    anything else go; `touched_at` shows a clock that was set back. All by the database's clock.
    """

    __tablename__ = "lane"
    id: int = Field(default=None, sa_column=ordered())
    key: str = Field(unique=True)
    fence: int = 0
    lease_until: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    wait_until: datetime | None = Field(default=None, sa_column=utc(nullable=True, index=True))
    reply_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    free_at: datetime | None = Field(default=None, sa_column=utc(nullable=True, index=True))
    touched_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))


class OutboxRow(SQLModel, table=True):
    """Everything the bot says: a row in the transaction that made it true. `state` is that of `bot.delivery`.

    `bot` is the platform and the account that sends it, `occurrence` the prompt that it brings, `held` why it waits for
    an operator. `doubts` counts how often its fate was unclear, `looks` how often it was looked for in vain.
    `about` are the engagements that it tells their coach of, each with the state of sharing that it was composed under,
    `composed` how often it was composed anew, `origin` what composes it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unfinished", "lane", "id", sqlite_where=text("finished is null")),
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_outbox_token", "token", sqlite_where=text("token <> ''"), postgresql_where=text("token <> ''")),
        Index("ix_outbox_message", "lane", "message_id"),
        Index(
            "ix_outbox_next",
            "bot",
            "urgency",
            "due_at",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_outbox_open",
            "state",
            "id",
            sqlite_where=text("finished is null"),
            postgresql_where=text("finished is null"),
        ),
    )
    id: int = Field(default=None, sa_column=ordered())
    dedup: str = Field(unique=True)
    lane: int = Field(foreign_key="lane.id")
    address: str | None = Field(default=None, foreign_key="address.id", index=True)
    person: str | None = Field(default=None, index=True)
    kind: str
    urgency: int
    state: str = "pending"
    reason: str = ""
    token: str = ""
    trigger: str = ""
    updates: int | None = None
    due_at: datetime = Field(sa_column=utc())
    expires_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    fence: int = 0
    tries: int = 0
    claimed: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    finished: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    message_id: str = ""
    body: bytes = Field(sa_column=sealed())
    bot: str = Field(default="", sa_column_kwargs={"server_default": ""})
    occurrence: str = Field(default="", sa_column_kwargs={"server_default": ""})
    held: str = Field(default="", sa_column_kwargs={"server_default": ""})
    doubts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    looks: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    looked_at: datetime | None = Field(default=None, sa_column=utc(nullable=True))
    about: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    origin: str = Field(default="", sa_column_kwargs={"server_default": ""})
    composed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
