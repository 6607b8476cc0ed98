"""Another coach reads while a client's own is away: asked of each client, agreed, taken back, over.

The yes stands beside the absence it was given to, so that with the absence it is gone. Whether somebody may read on a
day is the word of `bot.coaching.visibility`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.coaching.visibility.client_views_effects import covering
from bot.coaching.visibility.table import is_related
from bot.local_time import local_day
from bot.model.facts import Engagement
from bot.model.phrases import phrase
from bot.model.records import Looked
from bot.model.records_sessions import CoverSettled
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import agenda, audit, engagements, people
from storage.people import Known

COVER = "cover"  # the dialogue that asks the client, and the kind of consent


def ask(scene: Scene, absence: str, cover: Known) -> None:
    """Ask each client of the coach who goes away, once; whoever said stop is not asked."""
    for coached in engagements.engagements_as_coach(scene.connection, scene.known.id):
        engagement = coached.engagement
        client = people.person(scene.connection, engagement.client)
        if client is None or client.id == cover.id or client.wishes.stopped or not is_related(engagement):
            continue
        engagements.change_engagement(scene.connection, engagement.id, cover=absence, covered=False)
        agenda.schedule(
            scene.connection,
            person=client.id,
            engagement=engagement.id,
            dialogue=COVER,
            day=local_day(scene.now, client.zone_at(scene.now)),
            due_at=scene.now,
            items=(absence,),
        )


def end(scene: Scene) -> None:
    """The absence of this coach is over, or another one: whoever read for them reads no more."""
    readers: set[str] = set()
    for coached in engagements.engagements_as_coach(scene.connection, scene.known.id):
        cover = coached.engagement.cover
        if cover is None:
            continue
        engagements.change_engagement(scene.connection, coached.engagement.id, cover="", covered=False)
        agenda.unschedule(scene.connection, engagement=coached.engagement.id, dialogue=COVER)
        readers |= {cover.coach} if cover.last >= scene.today else set()
    for reader in sorted(readers):
        tell(scene, Told(person=reader, phrase=phrase("cover_over", coach=scene.known.name)))


def settle_cover(scene: Scene, record: CoverSettled) -> None:
    """The client's word; one on an absence that is no longer the one they were asked about changes nothing."""
    own = engagements.engagements_as_client(scene.connection, scene.known.id)
    found = next((c.engagement for c in own if c.engagement.id == record.engagement), None)
    if found is None or found.cover is None or found.cover.absence != record.absence:
        return
    choice = "yes" if record.agreed else "no"
    engagements.change_engagement(scene.connection, found.id, covered=record.agreed)
    engagements.add_consent(
        scene.connection,
        scene.known.id,
        engagement=found.id,
        kind=COVER,
        choice=choice,
        version=scene.library.newest(COVER, scene.known.language).version,
        at=scene.now,
    )
    audit.note(
        scene.connection,
        at=scene.now,
        role="own",
        actor=scene.known.id,
        verb=audit.CONSENTED,
        kind=f"{COVER}: {choice}",
        subject=scene.known.id,
    )
    names = {"client": found.client_name, "coach": found.coach_name, "cover": found.cover.name}
    days = {"first": found.cover.first, "last": found.cover.last}
    tell(scene, Told(person=found.coach, phrase=phrase(f"cover_told_{choice}", **names)))
    if record.agreed:
        tell(scene, Told(person=found.cover.coach, phrase=phrase("cover_received", **names, **days)))


def withdrawn(scene: Scene) -> None:
    """The client takes their yes back: nobody reads in their coach's place from now on."""
    for coached in engagements.engagements_as_client(scene.connection, scene.known.id):
        engagement = coached.engagement
        engagements.change_engagement(scene.connection, engagement.id, covered=False)
        agenda.unschedule(scene.connection, engagement=engagement.id, dialogue=COVER)
        if engagement.cover is not None and engagement.cover.agreed:
            names = {"client": engagement.client_name, "coach": engagement.coach_name}
            tell(scene, Told(person=engagement.cover.coach, phrase=phrase("cover_taken_back", **names)))


def looked(scene: Scene, record: Looked) -> None:
    """A coach has read something in place of another one: noted under their own name."""
    found = [c.engagement for c, _ in covering(scene.connection, scene.known.id, scene.now)]
    note_looked(scene.connection, scene.known.id, [e for e in found if e.id == record.covering], record.what, scene.now)


def note_looked(connection: Connection, coach: str, read: list[Engagement], kind: str, at: datetime) -> None:
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


COVER_RECORDS: Mapping[type, Callable[[Scene, Any], None]] = {CoverSettled: settle_cover}
