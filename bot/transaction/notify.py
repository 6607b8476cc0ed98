"""A word for someone outside the turn of a conversation: in their language, where they prefer it."""

from datetime import datetime

from sqlalchemy import Connection

from bot.engine.files import file_of
from bot.messages.outgoing import Choice, Message
from bot.model.replies import Notification
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.transaction.before_yes import note_waiting, readers, told_waiting, withdrawn, without_yes
from bot.transaction.unit_of_work import UnitOfWork
from storage.outbox import rows as outbox
from storage.outbox import sharing
from storage.people import addresses, engagements, people
from storage.people.addresses import Place
from storage.people.people import Known

# What a phrase may hold that tells nothing of what a client shares: who it is about, and on which days.
_NAMES = frozenset({"client", "coach", "name", "who", "platform", "heir", "cover", "first", "last", "day"})


def notify(
    unit: UnitOfWork,
    told: Notification,
    *,
    kind: str = "notice",
    expires_at: datetime | None = None,
    at_once: bool = False,
) -> bool:
    """Put a word into the lane of another person; say whether there is a chat that it can go to.

    A client's waits there until they have said yes to the welcome, but for what takes that question away (`at_once`).
    """
    other = None if unit.known.practice else people.person(unit.connection, told.person)
    if other is None:
        return False
    message = message_of(told, wording_for(unit, other))
    about = () if told.file is None and told.phrase.params.keys() <= _NAMES else None
    waits = None if at_once else without_yes(unit, other.id, told.engagement)
    if waits is None:
        return post(unit, other, message, kind=kind, until=expires_at, about=about)
    note_waiting(unit, waits)
    withdrawn(unit, waits.id, told.about)
    return post(
        unit, other, message, kind=kind, until=expires_at, held=outbox.waiting_for(waits.id, told.about), about=about
    )


def notify_afterwards(unit: UnitOfWork) -> None:
    """Tell what was to be told once everything else has been said; with a yes, what has waited for it."""
    for engagement in unit.agreed:
        outbox.hand_on(unit.connection, engagement, unit.clock)
    while unit.afterwards:
        notify(unit, unit.afterwards.pop(0))
    waits = told_waiting(unit)
    if waits is not None:
        notify(unit, waits)


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
    unit: UnitOfWork,
    other: Known,
    message: Message,
    *,
    kind: str = "notice",
    until: datetime | None = None,
    held: str = "",
    about: tuple[str, ...] | None = None,
    origin: str = "",
) -> bool:
    """Put a message into the lane that this person prefers; False when no chat is open to us.

    `about` are the engagements that it tells a coach of, by default those of the client who acts, or those that the
    coach has just looked at; `origin` is what can compose it anew.
    """
    place = addresses.reachable(unit.connection, other.id)
    if place is None:
        return False
    unit.posted += 1
    if other.id != unit.known.id:
        unit.told.add(other.id)
    dedup = f"{unit.key}#{unit.posted}"
    about = _told_of(unit, other) if about is None else about
    if about:
        unit.telling[dedup] = about
    post_at(
        unit.connection,
        place,
        message,
        dedup=dedup,
        person=other.id,
        at=unit.clock,
        kind=kind,
        until=until,
        held=held,
        about=sharing.about(unit.connection, about),
        origin=origin,
    )
    return True


def _told_of(unit: UnitOfWork, other: Known) -> tuple[str, ...]:
    """The engagements that a coach is told of: what they asked for themselves, or those of the client who acts."""
    if other.id == unit.known.id:
        return unit.about
    if not other.coach:
        return ()
    own = (c.engagement for c in engagements.engagements_as_client(unit.connection, unit.known.id))
    return tuple(each.id for each in own if other.id in readers(each))


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
    held: str = "",
    about: str = "",
    origin: str = "",
) -> None:
    """Put a message that asks nothing into the lane of a chat; `held` says why it is not to leave yet."""
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
        held=held,
        about=about,
        origin=origin,
    )
