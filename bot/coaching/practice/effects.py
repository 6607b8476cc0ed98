"""Carrying out what a coach decides about their practice, and the hold after a client wrote of danger.

Each looks at whose engagement it is once more: a record about somebody else's changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.digest.digest_time_effects import plan_digest
from bot.local_time import local_day
from bot.model.facts import Engagement
from bot.model.phrases import phrase
from bot.model.records import CoachWished, HandoverAsked, HandoverSettled, Held, JoinConfirmed, Revoked, SignalsLeft
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import agenda, coaches, engagements, invites, people
from storage.ids import new_id
from storage.outbox import rows as outbox

HANDOVER = "handover"  # the dialogue that asks the client


def _coached(scene: Scene, wanted: str) -> Engagement | None:
    """The engagement with that id, if the one who speaks is its coach."""
    found = engagements.engagements_as_coach(scene.connection, scene.known.id)
    return next((c.engagement for c in found if c.engagement.id == wanted), None)


def _coach_wished(scene: Scene, record: CoachWished) -> None:
    if scene.known.coach:
        coaches.choose(
            scene.connection,
            scene.known,
            weekday=record.weekday,
            at=record.at,
            pointers=record.pointers,
        )
        plan_digest(scene.connection, scene.known, scene.now)


def _revoked(scene: Scene, record: Revoked) -> None:
    invites.revoke(scene.connection, scene.known.id, record.ref, scene.now)


def _join_confirmed(scene: Scene, record: JoinConfirmed) -> None:
    engagement = _coached(scene, record.engagement)
    if engagement is None or engagement.confirmed:
        return
    if record.right:
        engagements.change_engagement(scene.connection, engagement.id, confirmed=True)
        return
    engagements.change_engagement(scene.connection, engagement.id, state="refused", visible="none")
    agenda.unschedule(scene.connection, engagement=engagement.id)
    client = people.person(scene.connection, engagement.client)
    others = engagements.engagements_as_client(scene.connection, engagement.client)
    if client is not None and all(c.engagement.state != "active" for c in others):
        people.set_plan(scene.connection, client.id, None, None)
        outbox.cancel_prompts(scene.connection, client.id, "refused", scene.now)
    tell(scene, Told(person=engagement.client, phrase=phrase("join_refused", coach=engagement.coach_name)))


def _signals_left(scene: Scene, record: SignalsLeft) -> None:
    if _coached(scene, record.engagement) is not None:
        coaches.leave_signals(scene.connection, record.engagement, record.kinds, record.until)


def _handover_asked(scene: Scene, record: HandoverAsked) -> None:
    engagement = _coached(scene, record.engagement)
    heir = people.person(scene.connection, record.heir)
    client = people.person(scene.connection, engagement.client) if engagement else None
    if engagement is None or client is None or heir is None or not heir.coach:
        return
    engagements.change_engagement(scene.connection, engagement.id, heir=heir.id)
    agenda.schedule(
        scene.connection,
        person=client.id,
        engagement=engagement.id,
        dialogue=HANDOVER,
        day=local_day(scene.now, client.zone_at(scene.now)),
        due_at=scene.now,
        items=(heir.id, new_id()),
    )


def _handover_settled(scene: Scene, record: HandoverSettled) -> None:
    own = engagements.engagements_as_client(scene.connection, scene.known.id)
    found = next((c.engagement for c in own if c.engagement.id == record.engagement), None)
    if found is None or not found.heir or found.heir != record.heir:
        return
    names = {"client": found.client_name, "coach": found.coach_name, "heir": found.heir_name}
    if not record.agreed:
        engagements.change_engagement(scene.connection, found.id, heir="")
        tell(scene, Told(person=found.coach, phrase=phrase("handover_declined", **names)))
        return
    if coaches.hand_over(scene.connection, found.id, record.heir):
        agenda.unschedule(scene.connection, engagement=found.id, person=found.coach)
        tell(scene, Told(person=found.coach, phrase=phrase("handover_done", **names)))
        tell(scene, Told(person=found.heir, phrase=phrase("handover_received", **names)))


def _held(scene: Scene, record: Held) -> None:
    """Nothing more is asked until the client says so; reminders went with the dialogues that were put away."""
    scene.wish(held=scene.now)
    outbox.cancel_prompts(scene.connection, scene.known.id, "held", scene.now)


COACH_RECORDS: Mapping[type, Callable[[Scene, Any], None]] = {
    CoachWished: _coach_wished,
    Revoked: _revoked,
    JoinConfirmed: _join_confirmed,
    SignalsLeft: _signals_left,
    HandoverAsked: _handover_asked,
    HandoverSettled: _handover_settled,
    Held: _held,
}
