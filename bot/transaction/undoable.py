"""What `undo` would take back now, read out of the ledger and the rows that it speaks of."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.model.facts import Undoable
from bot.model.people.answers import Audience
from bot.model.people.preferences import Pause, Preferences
from bot.transaction.coachs_deed import deed_of, refusal
from storage.conversation import answers, ledger, ledger_rows
from storage.conversation.ledger import Change, Kept
from storage.conversation.ledger_rows import Image, Watched
from storage.people.people import Known
from storage.programme import taken_back
from storage.programme.taken_back import Pair, Retold
from storage.serialise import dump, load

_CHANGED = "changed"
_WISH = "wishes."


def newest(connection: Connection, known: Known, since: datetime, steps: int) -> Undoable | None:
    """The newest change since an instant that was not taken back yet, of the last `steps` ones."""
    kept = ledger.newest(connection, known.id, since, steps)
    found = next((each for each in kept if not each.undone), None)
    return None if found is None else _described(connection, known, found)


def _described(connection: Connection, known: Known, found: Kept) -> Undoable:
    entry = found.entry
    runs = (entry.revises,) if entry.revises else (found.run, f"{found.run}+")
    refused = entry.refused
    if not refused and not _can_go(connection, found, runs):
        refused = _CHANGED
    bare = Undoable(run=found.run, at=found.at, day=entry.day, deed=entry.deed, refused=refused)
    deed = deed_of(connection, entry, runs) if entry.coachs else None
    bare = replace(bare, coachs=deed, refused=refused or (refusal(entry, deed) if deed else ""))
    if bare.refused:
        return bare
    return _revision(connection, found, bare) if entry.revises else _change(connection, known, found, bare, runs)


def _can_go(connection: Connection, found: Kept, runs: tuple[str, ...]) -> bool:
    """Whether nobody has changed since what this changed, or said something about what it made."""
    stands = ledger_rows.stands(connection, found.entry.changes)
    return stands and (bool(found.entry.revises) or not taken_back.built_upon(connection, runs))


# -- a change of an ended dialogue -----------------------------------------------------------------------------------


def _revision(connection: Connection, found: Kept, bare: Undoable) -> Undoable:
    """An edit, a late answer, or an answer that was made private: the dialogue would stand as it did before."""
    run, changes = found.entry.revises, found.entry.changes
    answered = [change for change in changes if change.table == "answer"]
    differ = [change for change in answered if _label(change.before) != _label(change.after)]
    main = max(differ, key=_is_of_a_message, default=None)
    own = ledger_rows.look(connection, (_of(run, "report"), _of(run, "commitment")))
    then = ledger_rows.reverted(own, [c for c in changes if c.table in ("report", "commitment")])
    promised = {str(row["id"]): str(row["origin"]) for (table, _), row in then.items() if table == "commitment"}
    promises = taken_back.pairs(connection, (run,), told=_told(then), origins=promised)
    return replace(
        bare,
        revises=True,
        reads=_label(main.after) if main else "",
        read=_label(main.before) if main else "",
        label=answers.begun_with(connection, run),
        commitments=tuple(promises),
        private=_private(connection, (run,), promises),
        reveals=any(_hides(change) for change in answered),
    )


def _of(run: str, table: str) -> Watched:
    return Watched(table=table, column="run", value=run)


def _label(row: Any) -> str:
    return str(_answer(row).get("label", ""))


def _is_of_a_message(change: Change) -> bool:
    """Whether a message gave this answer, and not a day in the words of another one."""
    return bool(_answer(change.after).get("message"))


def _answer(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["body"]) if row and "body" in row else {}
    return found


def _hides(change: Change) -> bool:
    """Whether an answer that others could read was made private."""
    before, after = change.before or {}, change.after or {}
    hidden = after.get("audience") == Audience.PRIVATE
    return hidden and before.get("audience", Audience.PRIVATE) != Audience.PRIVATE


def _told(image: Image) -> list[Retold]:
    return [
        Retold(
            commitment=row["commitment"],
            at=datetime.fromisoformat(row["at"]),
            run=row["run"],
            day=date.fromisoformat(row["day"]),
            body=row["body"],
        )
        for (table, _), row in image.items()
        if table == "report"
    ]


def _private(connection: Connection, runs: tuple[str, ...], promises: list[Pair]) -> bool:
    """Whether nothing of it is for anybody else: then it is not named in a chat that private things stay out of."""
    return _audiences(connection, runs, promises) == {Audience.PRIVATE}


def _audiences(connection: Connection, runs: tuple[str, ...], promises: list[Pair]) -> set[str]:
    audiences = {*answers.audiences(connection, runs)} | {now.audience for now, _ in promises}
    return audiences | {audience for _, _, audience in taken_back.words_of(connection, runs)}


def shown(connection: Connection, runs: tuple[str, ...]) -> bool:
    """Whether anybody else could read something of what these runs wrote."""
    return bool(_audiences(connection, runs, taken_back.pairs(connection, runs)) - {Audience.PRIVATE})


# -- a dialogue, or a command ----------------------------------------------------------------------------------------


def _change(connection: Connection, known: Known, found: Kept, bare: Undoable, runs: tuple[str, ...]) -> Undoable:
    """What a dialogue or a command wrote would be gone, and what it changed in place would be as before."""
    changes = found.entry.changes
    then = _wishes(known, changes)
    words = taken_back.words_of(connection, runs)
    promises = taken_back.pairs(connection, runs)
    rests = ledger_rows.look(connection, (Watched(table="pause", column="person", value=known.id),))
    rests = ledger_rows.reverted(rests, [change for change in changes if change.table == "pause"])
    return replace(
        bare,
        commitments=tuple(promises),
        goals=tuple(taken_back.goals_concerned(connection, runs).values()),
        words=words[0][1] if words else "",
        note=[kind for kind, _, _ in words] == ["journal"],
        label=answers.begun_with(connection, found.run),
        fields=_fields(changes),
        wishes=then,
        home=_was(changes, "home") or known.home,
        name=_was(changes, "name") or known.name,
        pauses=tuple(_pause(row) for row in rests.values()),
        private=_private(connection, runs, promises),
        told=found.entry.told,
    )


def _fields(changes: tuple[Change, ...]) -> frozenset[str]:
    """What was chosen: the columns of the person and their wishes, else the table."""
    found: set[str] = set()
    for change in changes:
        if change.table == "person":
            found |= {name.removeprefix(_WISH) for name in change.before or {}}
        elif change.table == "engagement" and "call_wanted" in (change.before or {}):
            found.add("call_wanted")
        else:
            found.add(change.table)
    return frozenset(found)


def _was(changes: tuple[Change, ...], column: str) -> str:
    found = (change.before for change in changes if change.table == "person" and change.before)
    return next((str(before[column]) for before in found if column in before), "")


def _wishes(known: Known, changes: tuple[Change, ...]) -> Preferences:
    """The wishes as they would be again."""
    found = json.loads(dump(Preferences, known.wishes))
    for change in changes:
        if change.table == "person":
            before = change.before or {}
            found |= {name.removeprefix(_WISH): v for name, v in before.items() if name.startswith(_WISH)}
    then: Preferences = load(Preferences, json.dumps(found))
    return then


def _pause(row: Any) -> Pause:
    last = row["last"]
    return Pause(first=date.fromisoformat(row["first"]), last=date.fromisoformat(last) if last else None)
