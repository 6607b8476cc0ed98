"""Carrying out what a coach decides about their practice.

Each looks at whose engagement it is once more: a record about somebody else's changes nothing.
"""

from bot.coaching.digest.digest_time_effects import plan_digest
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.records import (
    CallWanted,
    CoachWished,
    HandoverAsked,
    HandoverSettled,
    Invited,
    JoinConfirmed,
    Revoked,
)
from bot.model.replies import Notification
from bot.time_zones import local_day
from bot.transaction.card import Effects
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import timers
from storage.ids import new_id
from storage.outbox import rows as outbox
from storage.people import coaches, engagements, invites, people
from storage.programme import agenda, programmes

HANDOVER = "handover"  # the dialogue that asks the client


def _coached(unit: UnitOfWork, wanted: str) -> Engagement | None:
    """The engagement with that id, if the one who speaks is its coach."""
    found = engagements.engagements_as_coach(unit.connection, unit.known.id)
    return next((c.engagement for c in found if c.engagement.id == wanted), None)


def _coach_wished(unit: UnitOfWork, record: CoachWished) -> None:
    if unit.known.coach:
        coaches.choose(
            unit.connection,
            unit.known,
            weekday=record.weekday,
            at=record.at,
            pointers=record.pointers,
        )
        plan_digest(unit.connection, unit.known, unit.now)


def _revoked(unit: UnitOfWork, record: Revoked) -> None:
    invites.revoke(unit.connection, unit.known.id, record.ref, unit.now)


def _join_confirmed(unit: UnitOfWork, record: JoinConfirmed) -> None:
    engagement = _coached(unit, record.engagement)
    if engagement is None or engagement.confirmed:
        return
    if record.right:
        engagements.change_engagement(unit.connection, engagement.id, confirmed=True)
        return
    engagements.change_engagement(unit.connection, engagement.id, state="refused", visible="none")
    agenda.unschedule(unit.connection, engagement=engagement.id)
    outbox.let_be(unit.connection, engagement.id, "refused", unit.now)
    client = people.person(unit.connection, engagement.client)
    others = engagements.engagements_as_client(unit.connection, engagement.client)
    if client is not None and all(c.engagement.state != "active" for c in others):
        people.set_plan(unit.connection, client.id, None, None)
        outbox.cancel_prompts(unit.connection, client.id, "refused", unit.now)
        timers.drop_timers_of(unit.connection, client.id, "remind")
    told = phrase("join_refused", coach=engagement.coach_name)
    notify(unit, Notification(person=engagement.client, phrase=told), at_once=True)


def _handover_asked(unit: UnitOfWork, record: HandoverAsked) -> None:
    engagement = _coached(unit, record.engagement)
    heir = people.person(unit.connection, record.heir)
    client = people.person(unit.connection, engagement.client) if engagement else None
    if engagement is None or client is None or heir is None or not heir.coach:
        return
    engagements.change_engagement(unit.connection, engagement.id, heir=heir.id)
    agenda.schedule(
        unit.connection,
        person=client.id,
        engagement=engagement.id,
        dialogue=HANDOVER,
        day=local_day(unit.now, client.zone_at(unit.now)),
        due_at=unit.now,
        items=(heir.id, new_id()),
    )


def _handover_settled(unit: UnitOfWork, record: HandoverSettled) -> None:
    own = engagements.engagements_as_client(unit.connection, unit.known.id)
    found = next((c.engagement for c in own if c.engagement.id == record.engagement), None)
    if found is None or not found.heir or found.heir != record.heir:
        return
    names = {"client": found.client_name, "coach": found.coach_name, "heir": found.heir_name}
    if not record.agreed:
        engagements.change_engagement(unit.connection, found.id, heir="")
        notify(unit, Notification(person=found.coach, phrase=phrase("handover_declined", **names)))
        return
    if coaches.hand_over(unit.connection, found.id, record.heir):
        agenda.unschedule(unit.connection, engagement=found.id, person=found.coach)
        programmes.without_words(unit.connection, found.id)
        notify(unit, Notification(person=found.coach, phrase=phrase("handover_done", **names)))
        notify(unit, Notification(person=found.heir, phrase=phrase("handover_received", **names)))


# -- calls and codes ---------------------------------------------------------------------------------------------------


def _call_wanted(unit: UnitOfWork, record: CallWanted) -> None:
    engagements.change_engagement(unit.connection, record.engagement, call_wanted=unit.today)


def _invited(unit: UnitOfWork, record: Invited) -> None:
    unit.code = invites.new_code()
    invites.add_invite(
        unit.connection,
        unit.code,
        role="client",
        coach=unit.known.id,
        name=record.name,
        zone=unit.known.home,
        expires_at=record.expires,
    )


EFFECTS = Effects(
    name="practice",
    once={
        CoachWished: _coach_wished,
        Revoked: _revoked,
        JoinConfirmed: _join_confirmed,
        HandoverAsked: _handover_asked,
        HandoverSettled: _handover_settled,
        CallWanted: _call_wanted,
        Invited: _invited,
    },
)
