"""The weekly digest goes out to a coach, and signals are left be."""

from datetime import timedelta

from bot.coaching.digest.covered import covered_parts
from bot.coaching.digest.digest import BUTTONS, Part, is_told_of, parts_of, standing, weekly_digest
from bot.coaching.digest.digest_time_effects import plan_digest
from bot.coaching.visibility.client_views_effects import covered, practice
from bot.coaching.visibility.effects import note_viewed_in_place
from bot.messages.outgoing import Choice, Message
from bot.model.records import PreferencesChanged, SignalsLeft, TakenBack
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.outbox import rows as outbox
from storage.people import addresses, coaches, engagements

DIGEST_LIVES = timedelta(hours=48)


def send(unit: UnitOfWork) -> None:
    """The digest of a coach has come due: it goes out, what it tells is noted, and the next one is planned."""
    connection, known, now = unit.connection, unit.known, unit.now
    plan_digest(connection, known, now)
    if known.digest_at is not None and now - known.digest_at > DIGEST_LIVES:
        return  # the host slept: the next one tells it all
    found = practice(connection, known, now)
    today = local_day(now, known.home)
    repeats = engagements.told_signals(connection, known.id)
    read = covered(connection, known, now)
    own = any(is_told_of(view) for view in found)
    if not (own or read):
        return  # nobody to tell of, as before the first client and after the last one
    parts = parts_of(weekly_digest(found, today, repeats=repeats, now=now, zone=known.home)) if own else ()
    parts += covered_parts(read, today)
    engagements.note_told(connection, known.id, standing(found, today, now))
    engagements.note_seen(connection, known.id, "", now)
    audit.note_looked(connection, known.id, "", "digest", now)
    note_viewed_in_place(connection, known.id, [view.engagement for view in read], "digest", now)
    _post(unit, parts, unit.library.wording_of(known.language, known.locale, today))


def _post(unit: UnitOfWork, parts: tuple[Part, ...], wording: Wording) -> None:
    place = addresses.reachable(unit.connection, unit.known.id)
    if place is None:
        return
    for number, part in enumerate(parts):
        outbox.add(
            unit.connection,
            _message(part, wording),
            dedup=f"{unit.key}#{number}" if number else unit.key,
            lane=place.lane,
            address=place.id,
            person=unit.known.id,
            kind="digest",
            urgency=outbox.DIGEST,
            due_at=unit.now,
            expires_at=unit.now + DIGEST_LIVES,
        )


def _message(part: Part, wording: Wording) -> Message:
    """One part of a digest as it is read."""
    choices = tuple(Choice(value=command, label=wording.render(label)) for command, label in part.buttons)
    return Message(text="\n".join(wording.render(line) for line in part.lines), choices=choices, columns=BUTTONS)


def leave(unit: UnitOfWork, record: SignalsLeft) -> None:
    """A coach leaves signals of a client of theirs be; of anybody else's, nothing changes."""
    own = engagements.engagements_as_coach(unit.connection, unit.known.id)
    if any(coached.engagement.id == record.engagement for coached in own):
        coaches.leave_signals(unit.connection, record.engagement, record.kinds, record.until)


def _moved(unit: UnitOfWork, record: PreferencesChanged) -> None:
    """A coach who lives in another zone gets the digest at its hour there."""
    if record.zone and unit.known.coach:
        plan_digest(unit.connection, unit.known, unit.now)


def _taken_back(unit: UnitOfWork, record: TakenBack) -> None:
    """Another hour may have been taken back."""
    if unit.known.coach:
        plan_digest(unit.connection, unit.known, unit.now)


EFFECTS = Effects(name="digest", once={SignalsLeft: leave}, also={PreferencesChanged: _moved, TakenBack: _taken_back})
