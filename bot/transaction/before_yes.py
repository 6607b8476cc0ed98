"""What is meant for clients who have not said yes to the welcome: it waits, and whoever sent it is told so."""

from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.replies import Notification
from bot.transaction.unit_of_work import UnitOfWork
from storage.outbox import rows as outbox
from storage.people import engagements


def without_yes(unit: UnitOfWork, person: str, engagement: str = "") -> Engagement | None:
    """The engagement in which somebody is written to without having agreed to it yet; None where nothing is to wait.

    It is the one that is named, else the one with whoever acts; what somebody has just asked for does not wait.
    """
    own = unit.known.id == person
    if own and unit.reply_to is not None:
        return None
    begun = [c.engagement for c in engagements.engagements_as_client(unit.connection, person)]
    begun = [each for each in begun if each.state != "refused"]
    meant = [each for each in begun if each.id == engagement] if engagement else begun if own else []
    meant = meant or [each for each in begun if unit.known.id in readers(each)]
    return meant[0] if meant and not any(each.agreed for each in meant) else None


def readers(engagement: Engagement) -> tuple[str, ...]:
    """Who may read of an engagement: its coach, and whoever is to cover for them."""
    return (engagement.coach, engagement.cover.coach) if engagement.cover is not None else (engagement.coach,)


def note_waiting(unit: UnitOfWork, engagement: Engagement) -> None:
    """Something waits for this client's yes; whoever acts hears so at the end, once."""
    if unit.known.id in readers(engagement):
        unit.waiting[engagement.id] = " ".join(engagement.client_name.split())


def withdrawn(unit: UnitOfWork, engagement: str, about: str) -> bool:
    """Take back what waits about one thing; whether there was any, so that nobody needs to hear of it at all."""
    return bool(about) and outbox.let_be(unit.connection, engagement, "taken back", unit.clock, about=about) > 0


def told_waiting(unit: UnitOfWork) -> Notification | None:
    """The line that says for whom something waits; None where nothing does."""
    names = ", ".join(dict.fromkeys(unit.waiting.values()))
    unit.waiting.clear()
    return Notification(person=unit.known.id, phrase=phrase("waits_for_yes", names=names)) if names else None
