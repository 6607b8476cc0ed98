"""The table of one-time links: pages for people who have no account here."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from storage.columns import Sealed, UtcDateTime


class GuestLinkRow(SQLModel, table=True):
    """A link of which only the SHA-256 is kept: `kind` is wish (a form) or report (a text, in `body`)."""

    __tablename__ = "guest_link"
    code_hash: str = Field(primary_key=True)
    engagement: str = Field(foreign_key="engagement.id", index=True)
    kind: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    body: bytes = Field(sa_column=Column(Sealed, nullable=False))
