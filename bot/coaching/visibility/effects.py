"""That a coach has looked at something of a client's: noted for the access log, and for what `private` can say."""

from datetime import datetime

from sqlalchemy import Connection

from bot.coaching.visibility.client_views_effects import covering
from bot.model.people.engagements import Engagement
from bot.model.records import DataViewed
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.people import engagements


def viewed(unit: UnitOfWork, record: DataViewed) -> None:
    """A coach has read something of a client of theirs, or in place of another coach; under their own name."""
    if record.covering:
        found = [c.engagement for c, _ in covering(unit.connection, unit.known.id, unit.now)]
        read = [e for e in found if e.id == record.covering]
        note_viewed_in_place(unit.connection, unit.known.id, read, record.what, unit.now)
        return
    engagements.note_seen(unit.connection, unit.known.id, record.client, unit.now)
    audit.note_looked(unit.connection, unit.known.id, record.client, record.what, unit.now)


def note_viewed_in_place(connection: Connection, coach: str, read: list[Engagement], kind: str, at: datetime) -> None:
    """Note for each of these engagements that a coach has read it in place of its own."""
    for engagement in read:
        engagements.change_engagement(connection, engagement.id, seen_at=at)
        if engagement.visible == "none":
            continue
        audit.note(
            connection,
            at=at,
            role="cover",
            actor=coach,
            verb=audit.LOOKED,
            kind=kind,
            subject=engagement.client,
            engagement=engagement.id,
        )


EFFECTS = Effects(name="visibility", once={DataViewed: viewed})
