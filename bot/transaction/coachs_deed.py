"""What a coach did last, read out of an entry of the ledger and the rows that it speaks of."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.model.people.coachs_deed import CoachsDeed, Days, EndWas, SessionWas
from bot.model.plan import Note, Phase
from storage.conversation.ledger import Change, Entry
from storage.programme import notes
from storage.serialise import load

Row = Mapping[str, Any]
COVER, CHANGED = "cover", "changed"
_ANSWERED = frozenset({"word", "proposal", "question"})  # notes that a client may have answered


def deed_of(connection: Connection, entry: Entry, runs: tuple[str, ...]) -> CoachsDeed:
    """What was done, and how it was before."""
    by_table: dict[str, list[Change]] = {}
    for change in entry.changes:
        by_table.setdefault(change.table, []).append(change)
    engagement: Row = next((c.before for c in by_table.get("engagement", []) if c.before), {})
    end = _end(by_table.get("engagement", []))
    away = by_table.get("away", [])
    return CoachsDeed(
        engagement=entry.engagement,
        notes=() if entry.revises else _made(connection, runs),
        settled=() if entry.revises else tuple(_note(c.before) for c in by_table.get("note", []) if c.before),
        sessions=tuple(_session(change) for change in by_table.get("session", [])),
        away=_days([change.after for change in away]),
        was_away=_days([change.before for change in away]),
        phase=Phase(engagement["phase"]) if "phase" in engagement and end is None else None,
        end=end,
        off=engagement.get("sessions_off"),
        tables=frozenset(by_table) | frozenset({"programme"} & engagement.keys()),
        told=entry.others,
    )


def refusal(entry: Entry, deed: CoachsDeed) -> str:
    """Why it cannot be taken back, or nothing: somebody was to read meanwhile, or the client has answered."""
    if any(row.get("cover") for c in entry.changes if c.table == "away" for row in (c.before, c.after) if row):
        return COVER
    return CHANGED if any(note.kind in _ANSWERED and note.done for note in deed.notes) else ""


def _made(connection: Connection, runs: tuple[str, ...]) -> tuple[Note, ...]:
    ids = [wanted for run in runs for wanted in notes.notes_of_run(connection, run).values()]
    return tuple(note for wanted in ids if (note := notes.note(connection, wanted)) is not None)


def _note(before: Row) -> Note:
    found: Note = load(Note, before["body"])
    return found


def _session(change: Change) -> SessionWas:
    wanted = str(change.key[0])
    if change.before is None:
        return SessionWas(id=wanted)
    at = change.before.get("at")
    return SessionWas(
        id=wanted, state=change.before.get("state", "planned"), at=datetime.fromisoformat(at) if at else None
    )


def _days(rows: list[Row | None]) -> Days | None:
    there = [row for row in rows if row]
    if not there:
        return None
    last = max(there, key=lambda row: str(row["last"]))
    return Days(first=date.fromisoformat(last["first"]), last=date.fromisoformat(last["last"]))


def _end(changes: list[Change]) -> EndWas | None:
    """The end as it was, where its day was changed; it was being closed already unless it came to closing by this."""
    change = next((each for each in changes if each.before and each.after and "ends" in each.before), None)
    if change is None or change.before is None or change.after is None:
        return None
    ends = change.before["ends"]
    began = change.after.get("phase") == Phase.CLOSING
    return EndWas(closing=not began, ends=date.fromisoformat(ends) if ends else None)
