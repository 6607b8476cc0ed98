"""The weekly digest goes out to a coach, and signals are left be."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.digest.covered import covered_parts
from bot.coaching.digest.digest import BUTTONS, Part, Repeats, is_told_of, parts_of, standing, weekly_digest
from bot.coaching.digest.digest_time_effects import plan_digest
from bot.coaching.visibility.client_views_effects import covered, practice
from bot.coaching.visibility.effects import note_viewed_in_place
from bot.messages.outgoing import Choice, Message
from bot.model.people.client_view import ClientView
from bot.model.records import PreferencesChanged, SignalsLeft, TakenBack
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.transaction.card import Anew, Effects, Waited
from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.outbox import rows as outbox
from storage.outbox import sharing
from storage.people import addresses, coaches, engagements
from storage.people.people import Known

DIGEST_LIVES = timedelta(hours=48)


DIGEST = "digest"


def send(unit: UnitOfWork) -> None:
    """The digest of a coach has come due: it goes out, what it tells is noted, and the next one is planned."""
    connection, known, now = unit.connection, unit.known, unit.now
    plan_digest(connection, known, now)
    if known.digest_at is not None and now - known.digest_at > DIGEST_LIVES:
        return  # the host slept: the next one tells it all
    found, read = practice(connection, known, now), covered(connection, known, now)
    today = local_day(now, known.home)
    parts = _parts(found, read, known, now, engagements.told_signals(connection, known.id))
    if not parts:
        return  # nobody to tell of, as before the first client and after the last one
    engagements.note_told(connection, known.id, standing(found, today, now))
    engagements.note_seen(connection, known.id, "", now)
    audit.note_looked(connection, known.id, "", DIGEST, now)
    note_viewed_in_place(connection, known.id, [view.engagement for view in read], DIGEST, now)
    about = sharing.about(connection, _engagements((*found, *read)))
    _post(unit, parts, unit.library.wording_of(known.language, known.locale, today), about)


def _parts(
    found: Sequence[ClientView], read: tuple[ClientView, ...], known: Known, now: datetime, repeats: Repeats
) -> tuple[Part, ...]:
    today = local_day(now, known.home)
    own = any(is_told_of(view) for view in found)
    parts = parts_of(weekly_digest(found, today, repeats=repeats, now=now, zone=known.home)) if own else ()
    return parts + covered_parts(read, today)


def _engagements(views: Iterable[ClientView]) -> tuple[str, ...]:
    return tuple(view.engagement.id for view in views)


def _post(unit: UnitOfWork, parts: tuple[Part, ...], wording: Wording, about: str) -> None:
    place = addresses.reachable(unit.connection, unit.known.id)
    if place is None:
        return
    for number, part in enumerate(parts):
        outbox.add(
            unit.connection,
            _message((part,), wording),
            dedup=f"{unit.key}#{number}" if number else unit.key,
            lane=place.lane,
            address=place.id,
            person=unit.known.id,
            kind="digest",
            urgency=outbox.DIGEST,
            due_at=unit.now,
            expires_at=unit.now + DIGEST_LIVES,
            about=about,
            origin=f"{DIGEST} {number} {len(parts)}",
        )


def anew(connection: Connection, waited: Waited) -> Anew | None:
    """A part of a digest as of the moment when it was made, of what is shared now; the last part holds the rest."""
    known, (number, count) = waited.reader, (int(each) for each in waited.origin)
    found, read = practice(connection, known, waited.made), covered(connection, known, waited.now)
    told = engagements.told_signals(connection, known.id)  # by this very digest, too
    before = {key: times - 1 for key, times in told.items() if times > 1}
    parts = _parts(found, read, known, waited.made, before)
    mine = parts[number:] if number == count - 1 else parts[number : number + 1]
    if not mine:
        return None
    wording = waited.library.wording_of(known.language, known.locale, local_day(waited.made, known.home))
    return Anew(message=_message(mine, wording), about=_engagements((*found, *read)))


def _message(parts: tuple[Part, ...], wording: Wording) -> Message:
    """Parts of a digest as they are read together."""
    buttons = (button for part in parts for button in part.buttons)
    choices = tuple(Choice(value=command, label=wording.render(label)) for command, label in buttons)
    lines = (wording.render(line) for part in parts for line in part.lines)
    return Message(text="\n".join(lines), choices=choices, columns=BUTTONS)


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


EFFECTS = Effects(
    name="digest",
    once={SignalsLeft: leave},
    also={PreferencesChanged: _moved, TakenBack: _taken_back},
    composes={DIGEST: anew},
)
