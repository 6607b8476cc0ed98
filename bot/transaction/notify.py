"""A word for someone outside the turn of a conversation: in their language, where they prefer it."""

from datetime import datetime

from sqlalchemy import Connection

from bot.engine.files import file_of
from bot.messages.outgoing import Choice, Message
from bot.model.replies import Notification
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.transaction.unit_of_work import UnitOfWork
from storage.outbox import rows as outbox
from storage.people import addresses, people
from storage.people.addresses import Place
from storage.people.people import Known


def notify(unit: UnitOfWork, told: Notification, *, kind: str = "notice", expires_at: datetime | None = None) -> bool:
    """Put a word into the lane of another person; say whether there is a chat that it can go to."""
    other = None if unit.known.practice else people.person(unit.connection, told.person)
    return other is not None and post(
        unit, other, message_of(told, wording_for(unit, other)), kind=kind, until=expires_at
    )


def notify_afterwards(unit: UnitOfWork) -> None:
    """Tell what was to be told once everything else has been said."""
    while unit.afterwards:
        notify(unit, unit.afterwards.pop(0))


def wording_for(unit: UnitOfWork, other: Known) -> Wording:
    """The catalogue in that person's language, as they read it today."""
    return unit.library.wording_of(other.language, other.locale, local_day(unit.now, other.home))


def message_of(told: Notification, wording: Wording) -> Message:
    """The words, buttons and file as they are to be read; a file's caption follows the words."""
    text = wording.render(told.phrase)
    choices = tuple(Choice(value=command, label=wording.render(label)) for command, label in told.buttons)
    if told.file is None:
        return Message(text=text, choices=choices)
    caption, file = file_of(told.file, wording)
    return Message(text="\n\n".join(part for part in (text, caption) if part), choices=choices, file=file)


def post(
    unit: UnitOfWork, other: Known, message: Message, *, kind: str = "notice", until: datetime | None = None
) -> bool:
    """Put a message into the lane that this person prefers; False when no chat is open to us."""
    place = addresses.reachable(unit.connection, other.id)
    if place is None:
        return False
    unit.posted += 1
    if other.id != unit.known.id:
        unit.told.add(other.id)
    dedup = f"{unit.key}#{unit.posted}"
    post_at(unit.connection, place, message, dedup=dedup, person=other.id, at=unit.clock, kind=kind, until=until)
    return True


def post_at(
    connection: Connection,
    place: Place,
    message: Message,
    *,
    dedup: str,
    person: str,
    at: datetime,
    kind: str = "notice",
    until: datetime | None = None,
) -> None:
    """Put a message that asks nothing into the lane of a chat."""
    outbox.add(
        connection,
        message,
        dedup=dedup,
        lane=place.lane,
        address=place.id,
        person=person,
        kind=kind,
        urgency=outbox.PROMPT,
        due_at=at,
        expires_at=until,
    )
