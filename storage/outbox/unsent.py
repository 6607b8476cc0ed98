"""A prompt that was not sent: its occurrence says why, and its question is closed by the next tick."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.conversation import timers
from storage.database.compiled_sql import Fixed
from storage.programme import occurrences
from storage.tables.people import PromptRow, table_of

_prompt = table_of(PromptRow)
_OPEN = Fixed(select(_prompt.c.token).where(_prompt.c.token == bindparam("wanted"), _prompt.c.state == "open"))


def note(connection: Connection, person: str, *, occurrence: str, token: str, reason: str, at: datetime) -> None:
    """Note why an occurrence was not sent; nobody waits for an answer to a question that nobody has seen."""
    if occurrence:
        occurrences.note_unsent(connection, occurrence, reason)
    if token and person and _OPEN.first(connection, wanted=token) is not None:
        timers.disarm(connection, token, "remind")
        timers.arm(connection, token, "expire", person=person, at=at)
