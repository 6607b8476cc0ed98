"""The agenda: dialogues that somebody is to be asked on a day of theirs, in the rhythm or as errands of their own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, literal_column, or_, select, update

from bot.model.occurrences import Dated
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.ids import new_id
from storage.tables.people import table_of
from storage.tables.plan import AgendaRow

_agenda = table_of(AgendaRow)
_BETWEEN = " "  # between the ids of items, which hold none

_ADD = Fixed(
    lambda dialect: insert_if_new(_agenda, dialect).values(
        {name: bindparam(name) for name in ("id", "person", "engagement", "dialogue", "day", "at", "due_at", "about")}
        | {"state": "open"}
    )
)
_OPEN = Fixed(
    select(_agenda).where(
        _agenda.c.person == bindparam("wanted"), _agenda.c.state == "open", _agenda.c.due_at.is_(None)
    )
)
_ERRANDS = Fixed(
    select(_agenda.c.id, _agenda.c.person, _agenda.c.due_at)
    .where(literal_column("agenda.state = 'open'"), _agenda.c.due_at <= bindparam("until"))  # as its index has it
    .order_by(_agenda.c.due_at)
    .limit(bindparam("count"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One row of the agenda."""

    id: str
    person: str
    engagement: str
    dialogue: str
    day: date
    due_at: datetime | None
    items: tuple[str, ...]


def schedule(
    connection: Connection,
    *,
    person: str,
    engagement: str,
    dialogue: str,
    day: date,
    at: time | None = None,
    due_at: datetime | None = None,
    items: tuple[str, ...] = (),
) -> None:
    """Put a dialogue on somebody's agenda; the same one of the same day only once, and again if it was dropped."""
    hour, about = at.isoformat("minutes") if at else "", _BETWEEN.join(items)
    of = {"person": person, "engagement": engagement, "dialogue": dialogue, "day": day, "about": about}
    if not _ADD.run(connection, id=new_id(), at=hour, due_at=due_at, **of):
        same = [_agenda.c[name] == value for name, value in of.items()]
        connection.execute(
            update(_agenda).where(*same, _agenda.c.state == "dropped").values(state="open", at=hour, due_at=due_at)
        )


def waits(connection: Connection, person: str, engagement: str, dialogue: str) -> bool:
    """Whether that dialogue of an engagement is still to be asked."""
    of = (_agenda.c.person == person, _agenda.c.engagement == engagement, _agenda.c.dialogue == dialogue)
    return connection.execute(select(_agenda.c.id).where(*of, _agenda.c.state == "open").limit(1)).first() is not None


def drop_before(connection: Connection, person: str, engagement: str, dialogue: str, day: date) -> bool:
    """Drop what found no place before that day, and say whether there was any."""
    of = (_agenda.c.person == person, _agenda.c.engagement == engagement, _agenda.c.dialogue == dialogue)
    lost = update(_agenda).where(*of, _agenda.c.state == "open", _agenda.c.day < day).values(state="dropped")
    return connection.execute(lost).rowcount > 0


def move(connection: Connection, wanted: str, day: date, due_at: datetime) -> None:
    """Put an errand on another day; where the same one stands there already, it is dropped."""
    row = connection.execute(select(_agenda).where(_agenda.c.id == wanted)).one()
    finish(connection, wanted, "dropped")
    schedule(
        connection,
        person=row.person,
        engagement=row.engagement,
        dialogue=row.dialogue,
        day=day,
        due_at=due_at,
        items=_items(row.about),
    )


def unschedule(
    connection: Connection, *, engagement: str, dialogue: str = "", person: str = "", items: tuple[str, ...] = ()
) -> None:
    """Drop what is open of an engagement: of one dialogue, one person or those items, where they are named."""
    wanted = [_agenda.c.engagement == engagement, _agenda.c.state == "open"]
    wanted += [_agenda.c.dialogue == dialogue] if dialogue else []
    wanted += [_agenda.c.person == person] if person else []
    wanted += [_agenda.c.about == _BETWEEN.join(items)] if items else []
    connection.execute(update(_agenda).where(*wanted).values(state="dropped"))


def withdraw(connection: Connection, *, engagement: str, items: tuple[str, ...], person: str = "") -> None:
    """Take out what is to be asked about those items, as if it had never been there; what was asked stays."""
    gone = delete(_agenda).where(
        _agenda.c.engagement == engagement, _agenda.c.about == _BETWEEN.join(items), _agenda.c.state != "done"
    )
    connection.execute(gone.where(_agenda.c.person == person) if person else gone)


def asked_about(connection: Connection, *, engagement: str, items: tuple[str, ...]) -> frozenset[str]:
    """The dialogues that were opened about those items."""
    done = select(_agenda.c.dialogue).where(
        _agenda.c.engagement == engagement, _agenda.c.about == _BETWEEN.join(items), _agenda.c.state == "done"
    )
    return frozenset(row.dialogue for row in connection.execute(done))


def dated(
    connection: Connection, person: str, since: date, *, agreed: Callable[[], Collection[str]]
) -> tuple[Dated, ...]:
    """What a client is to be asked in their rhythm from `since` on, as their timetable takes it.

    `agreed` gives the engagements that they are asked for; it is called only where there is anything to be asked.
    """
    rows = [row for row in _OPEN.all(connection, wanted=person) if row.day >= since]
    wanted = {"", *agreed()} if any(row.engagement for row in rows) else {""}
    return tuple(
        Dated(
            dialogue=row.dialogue,
            day=row.day,
            items=_items(row.about),
            at=time.fromisoformat(row.at) if row.at else None,
        )
        for row in rows
        if row.engagement in wanted
    )


def was_asked(connection: Connection, *, engagement: str, dialogue: str) -> bool:
    """Whether that dialogue was ever opened for an engagement."""
    of = (_agenda.c.engagement == engagement, _agenda.c.dialogue == dialogue, _agenda.c.state == "done")
    return connection.execute(select(_agenda.c.id).where(*of).limit(1)).first() is not None


def about(connection: Connection, *, engagement: str, dialogue: str) -> tuple[tuple[str, ...], ...]:
    """What that dialogue of an engagement is still to be asked about; empty items where it is about none."""
    of = (_agenda.c.engagement == engagement, _agenda.c.dialogue == dialogue, _agenda.c.state == "open")
    return tuple(_items(row.about) for row in connection.execute(select(_agenda.c.about).where(*of)))


def exchange(connection: Connection, *, engagement: str, items: tuple[str, ...], old: str, new: str) -> None:
    """Ask another dialogue about those items in place of one that is still to be asked, on its day and at its hour."""
    same = (_agenda.c.engagement == engagement, _agenda.c.about == _BETWEEN.join(items), _agenda.c.state == "open")
    for row in connection.execute(select(_agenda).where(*same, _agenda.c.dialogue == old)).all():
        finish(connection, row.id, "dropped")
        schedule(
            connection,
            person=row.person,
            engagement=engagement,
            dialogue=new,
            day=row.day,
            at=time.fromisoformat(row.at) if row.at else None,
            items=items,
        )


def take(connection: Connection, person: str, dialogue: str, day: date) -> Entry | None:
    """The first open entry of that dialogue and day, done from now on; for another engagement it waits a day."""
    found = [row for row in _OPEN.all(connection, wanted=person) if (row.dialogue, row.day) == (dialogue, day)]
    for row in found[1:]:
        connection.execute(update(_agenda).where(_agenda.c.id == row.id).values(day=day + timedelta(days=1)))
    if not found:
        return None
    finish(connection, found[0].id, "done")
    return _entry(found[0])


def drop(connection: Connection, person: str, dialogue: str, day: date) -> None:
    """The entries of that dialogue and day are not asked any more."""
    connection.execute(
        update(_agenda)
        .where(_agenda.c.person == person, _agenda.c.dialogue == dialogue, _agenda.c.day == day)
        .where(_agenda.c.state == "open")
        .values(state="dropped")
    )


def finish(connection: Connection, wanted: str, state: str) -> None:
    """An entry is done, or dropped."""
    connection.execute(update(_agenda).where(_agenda.c.id == wanted).values(state=state))


def errands(connection: Connection, until: datetime, count: int) -> list[Any]:
    """Errands due by `until`, as rows of id, person and due_at."""
    return _ERRANDS.all(connection, until=until, count=count)


def next_errand_at(connection: Connection) -> datetime | None:
    """When the next errand of anyone is due."""
    earliest: datetime | None = connection.execute(
        select(func.min(_agenda.c.due_at)).where(_agenda.c.state == "open")
    ).scalar()
    return earliest


def errand(connection: Connection, wanted: str) -> Entry | None:
    """An open errand by its id, or None."""
    row = connection.execute(select(_agenda).where(_agenda.c.id == wanted, _agenda.c.state == "open")).first()
    return None if row is None else _entry(row)


def errands_of(connection: Connection, person: str) -> tuple[Entry, ...]:
    """The open errands of a person, the earliest first."""
    open_ones = select(_agenda).where(
        _agenda.c.person == person, _agenda.c.state == "open", _agenda.c.due_at.is_not(None)
    )
    return tuple(_entry(row) for row in connection.execute(open_ones.order_by(_agenda.c.due_at)))


def put_off(connection: Connection, wanted: str, until: datetime) -> None:
    """Let an errand wait."""
    connection.execute(update(_agenda).where(_agenda.c.id == wanted).values(due_at=until))


def bring_forward(connection: Connection, person: str, engagement: str, day: date) -> None:
    """Put errands that should have been run by that day on it, and what has its place in a rhythm on the next.

    What is about an item, such as a session, has that one's days.
    """
    late = (_agenda.c.person == person, _agenda.c.engagement == engagement, _agenda.c.state == "open")
    asked = (*late, _agenda.c.day <= day, or_(_agenda.c.due_at.is_not(None), _agenda.c.about == ""))
    for row in connection.execute(select(_agenda).where(*asked)).all():
        finish(connection, row.id, "dropped")
        schedule(
            connection,
            person=person,
            engagement=engagement,
            dialogue=row.dialogue,
            day=day if row.due_at is not None else day + timedelta(days=1),
            at=time.fromisoformat(row.at) if row.at else None,
            due_at=row.due_at,
            items=_items(row.about),
        )


def revive(connection: Connection, wanted: str, at: datetime) -> None:
    """Make an errand that failed due again."""
    failed = (_agenda.c.id == wanted, _agenda.c.state == "failed")
    connection.execute(update(_agenda).where(*failed).values(state="open"))
    connection.execute(update(_agenda).where(_agenda.c.id == wanted, _agenda.c.state == "open").values(due_at=at))


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        person=row.person,
        engagement=row.engagement,
        dialogue=row.dialogue,
        day=row.day,
        due_at=row.due_at,
        items=_items(row.about),
    )


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split(_BETWEEN)) if text else ()
