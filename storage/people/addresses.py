"""Where people can be reached: their addresses, and the lanes in which messages to them are ordered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.messages.incoming import Address
from bot.model.people.chats import CLOSED, OPEN
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.ids import new_id
from storage.tables.outbox import LaneRow
from storage.tables.people import AddressRow, table_of

_address = table_of(AddressRow)
_lane = table_of(LaneRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An address as stored, with the lane that its messages are ordered in."""

    id: str
    person: str
    lane: int
    address: Address
    state: str
    preferred: bool = True
    page: str = "unseen"
    private_from: datetime | None = None
    returns_to: str = ""
    shift: timedelta = timedelta(0)
    since: datetime | None = None


_PLACE = (
    select(_address, _lane.c.id.label("lane_id"))
    .join(_lane, _lane.c.id == _address.c.lane)
    .order_by(_address.c.preferred.desc(), _address.c.id)
)


_AT = Fixed(
    _PLACE.where(
        _address.c.platform == bindparam("of_platform"),
        _address.c.bot == bindparam("of_bot"),
        _address.c.user == bindparam("of_user"),
    )
)


_PLACES = Fixed(_PLACE.where(_address.c.person == bindparam("of_person")))


_LANE = Fixed(select(_lane.c.id).where(_lane.c.key == bindparam("wanted")))


_ADD_LANE = Fixed(lambda dialect: insert_if_new(_lane, dialect).values(key=bindparam("wanted"), fence=0))


def place_at(connection: Connection, address: Address) -> Place | None:
    """The stored address of a platform's user, or None for a stranger."""
    row = _AT.first(connection, of_platform=address.platform, of_bot=address.bot, of_user=address.user)
    return None if row is None else place_of(row)


def places(connection: Connection, wanted: str) -> list[Place]:
    """All addresses of a person, the preferred one first."""
    return [place_of(row) for row in _PLACES.all(connection, of_person=wanted)]


def place_of(row: Any, *, place: str = "", person: str = "") -> Place:
    """The address of a row; `place` and `person` where the row is of another table and holds them elsewhere."""
    return Place(
        id=place or row.id,
        person=person or row.person,
        lane=row.lane,
        address=Address(platform=row.platform, bot=row.bot, chat=row.chat, user=row.user),
        state=row.state,
        preferred=row.preferred,
        page=row.page,
        private_from=row.private_from,
        returns_to=row.returns_to or "",
        shift=timedelta(seconds=row.shift),
        since=row.since,
    )


def add_place(
    connection: Connection,
    wanted: str,
    address: Address,
    *,
    preferred: bool = True,
    state: str = "active",
    private_from: datetime | None = None,
    at: datetime | None = None,
) -> Place:
    """Bind an address to a person, since `at`; whoever had it before has let it go."""
    _free(connection, address)
    place = Place(
        id=new_id(),
        person=wanted,
        lane=lane_of(connection, address),
        address=address,
        state=state,
        preferred=preferred,
        private_from=private_from,
        since=at,
    )
    connection.execute(
        insert(_address).values(
            id=place.id,
            person=wanted,
            lane=place.lane,
            platform=address.platform,
            bot=address.bot,
            chat=address.chat,
            user=address.user,
            preferred=preferred,
            state=state,
            private_from=private_from,
            since=at,
        )
    )
    return place


def _free(connection: Connection, address: Address) -> None:
    """A row of an address that was let go keeps what was said there, and names it no more."""
    same = (_address.c.platform == address.platform, _address.c.bot == address.bot, _address.c.user == address.user)
    for row in connection.execute(select(_address.c.id).where(*same, _address.c.state == CLOSED)).all():
        change_place(connection, row.id, user=f"{address.user} {row.id}")


def reachable(connection: Connection, wanted: str) -> Place | None:
    """Where a person is written to: the preferred address of those that are open, or None."""
    return next((place for place in places(connection, wanted) if place.state == "active"), None)


def private_since(connection: Connection, wanted: str) -> datetime | None:
    """From when on the chats of a person show what is private, where they do not show all of it."""
    own = (place for place in places(connection, wanted) if place.state in OPEN)
    return max((place.private_from for place in own if place.private_from is not None), default=None)


def prefer(connection: Connection, wanted: str, place: str) -> None:
    """Let prompts arrive at this address of a person from now on."""
    connection.execute(update(_address).where(_address.c.person == wanted).values(preferred=_address.c.id == place))


def change_place(connection: Connection, place: str, **values: Any) -> None:
    """Change columns of an address."""
    connection.execute(update(_address).where(_address.c.id == place).values(**values))


def lane_of(connection: Connection, address: Address) -> int:
    """The lane of a chat, made when it is new."""
    found = _LANE.first(connection, wanted=address.lane)
    if found is None:
        _ADD_LANE.run(connection, wanted=address.lane)
        found = _LANE.first(connection, wanted=address.lane)
    return int(found.id) if found is not None else 0


def block_lane(connection: Connection, lane: int) -> None:
    """Mark the addresses of a chat that is closed to us."""
    connection.execute(update(_address).where(_address.c.lane == lane).values(state="blocked"))


def lend(connection: Connection, wanted: str, *, to: str, returns_to: str | None) -> None:
    """Let an address belong to someone else, by the clock of everybody; `returns_to` says whose it will be again."""
    change = {"person": to, "returns_to": returns_to, "shift": 0}
    connection.execute(update(_address).where(_address.c.id == wanted).values(**change))


def shift(connection: Connection, wanted: str, ahead: timedelta) -> None:
    """Let an address live that far ahead of the clock."""
    connection.execute(update(_address).where(_address.c.id == wanted).values(shift=round(ahead.total_seconds())))


def lent(connection: Connection) -> list[Place]:
    """The addresses that coaches try things out at."""
    rows = connection.execute(_PLACE.where(_address.c.returns_to.is_not(None)))
    return [place_of(row) for row in rows]
