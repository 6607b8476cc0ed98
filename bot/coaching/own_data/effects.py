"""Carrying out what people ask for about their own data: copies, deletion, and the withdrawal of a consent."""

from bot.coaching.follow_up import effects as afterwards
from bot.coaching.practice import cover_effects as covers
from bot.model.phrases import phrase
from bot.model.records import DataAsked
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import absences, audit, engagements, requests, timers
from storage.outbox import rows as outbox


def data_asked(scene: Scene, record: DataAsked) -> None:
    """Put a request on the list; one for deletion takes effect on what others see at once."""
    address = scene.reply_to.id if scene.reply_to is not None else ""
    person = scene.known.id
    requests.ask(scene.connection, person, record.kind, address=address, at=scene.now)
    if record.kind != requests.ERASE:
        return
    audit.note(
        scene.connection, at=scene.now, role="own", actor=person, verb=audit.ASKED, kind="everything", subject=person
    )
    absences.leave(scene.connection, person)
    scene.wish(stopped=True)
    outbox.cancel_prompts(scene.connection, person, "deleted", scene.now)
    timers.drop_timers_of(scene.connection, person, "remind")
    for coached in engagements.engagements_as_client(scene.connection, person):
        engagement = coached.engagement
        engagements.change_engagement(scene.connection, engagement.id, state="closed", visible="none", call_wanted=None)
        tell(scene, Told(person=engagement.coach, phrase=phrase("data_deleted", name=engagement.client_name)))
    for coached in engagements.engagements_as_coach(scene.connection, person):
        engagement = coached.engagement
        engagements.change_engagement(scene.connection, engagement.id, state="closed", visible="none", call_wanted=None)
        tell(scene, Told(person=engagement.client, phrase=phrase("coach_deleted", name=engagement.coach_name)))


def withdrawn(scene: Scene, kind: str) -> None:
    """A consent that was withdrawn takes effect at once: without the programme nothing is asked and nothing shown."""
    if kind in afterwards.CONSENTS:
        afterwards.withdrawn(scene)
    if kind in (covers.COVER, "programme"):
        covers.withdrawn(scene)
    if kind != "programme":
        return
    scene.wish(stopped=True)
    outbox.cancel_prompts(scene.connection, scene.known.id, "withdrawn", scene.now)
    timers.drop_timers_of(scene.connection, scene.known.id, "remind")
    for coached in engagements.engagements_as_client(scene.connection, scene.known.id):
        engagements.change_engagement(scene.connection, coached.engagement.id, visible="none")
