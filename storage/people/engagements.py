"""Who coaches whom, what the client agreed to, and which signals the coach has been told of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.model.people.engagements import Cover, Engagement
from storage.database.compiled_sql import Fixed
from storage.database.encryption import seal, unseal
from storage.ids import new_id
from storage.tables.people import ConsentRow, EngagementRow, PersonRow, ToldSignalRow, table_of
from storage.tables.sessions import AwayRow

_person = table_of(PersonRow)
_engagement = table_of(EngagementRow)
_told = table_of(ToldSignalRow)
_consent = table_of(ConsentRow)
_away = table_of(AwayRow)


_coach_row, _client_row = _person.alias("coach_row"), _person.alias("client_row")
_heir_row, _cover_row = _person.alias("heir_row"), _person.alias("cover_row")


_ENGAGEMENT_COLUMNS = (
    select(
        _engagement,
        _coach_row.c.name.label("coach_name"),
        _client_row.c.name.label("client_name"),
        _coach_row.c.home.label("coach_zone"),
        _client_row.c.home.label("client_zone"),
        _heir_row.c.name.label("heir_name"),
        _away.c.first.label("away_first"),
        _away.c.last.label("away_last"),
        _cover_row.c.id.label("cover_id"),
        _cover_row.c.name.label("cover_name"),
    )
    .join(_coach_row, _coach_row.c.id == _engagement.c.coach)
    .join(_client_row, _client_row.c.id == _engagement.c.client)
    .join(_heir_row, _heir_row.c.id == _engagement.c.heir, isouter=True)
    .join(_away, (_away.c.id == _engagement.c.cover) & (_away.c.person == _engagement.c.coach), isouter=True)
    .join(_cover_row, _cover_row.c.id == _away.c.cover, isouter=True)
    .order_by(_engagement.c.began, _engagement.c.id)
)


_PAIR = Fixed(
    select(_engagement.c.id, _engagement.c.coach, _engagement.c.client, _engagement.c.named).where(
        _engagement.c.id == bindparam("wanted")
    )
)
_AS_CLIENT = Fixed(_ENGAGEMENT_COLUMNS.where(_engagement.c.client == bindparam("wanted")))


_AS_COACH = Fixed(
    _ENGAGEMENT_COLUMNS.where(
        _engagement.c.coach == bindparam("wanted"),
        _engagement.c.state != "refused",
        _client_row.c.practice.is_(False),
    )
)


_AS_COVER = Fixed(
    _ENGAGEMENT_COLUMNS.where(
        _away.c.cover == bindparam("wanted"),
        _engagement.c.covered.is_(True),
        _engagement.c.state == "active",
        _client_row.c.practice.is_(False),
    )
)


_SHARING = frozenset({"coach", "state", "visible", "cover", "covered"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Coached:
    """An engagement as stored, with what only the system needs of it."""

    engagement: Engagement
    call_wanted: date | None
    seen_at: datetime | None
    phase: str
    planned: bool


def engagements_as_client(connection: Connection, wanted: str) -> list[Coached]:
    """The engagements in which a person is the client, the oldest first."""
    rows = _AS_CLIENT.all(connection, wanted=wanted)
    given = consents(connection, wanted) if rows else {}
    return [_coached(connection, row, given.get(row.id, frozenset())) for row in rows]


_ENDED = Fixed(
    select(_engagement.c.id)
    .where(_engagement.c.client == bindparam("wanted"), _engagement.c.state == "closed")
    .limit(1)
)


def has_ended(connection: Connection, wanted: str) -> bool:
    """Whether some engagement of that client has ended."""
    return _ENDED.first(connection, wanted=wanted) is not None


def engagements_as_coach(connection: Connection, wanted: str) -> list[Coached]:
    """The engagements that a coach holds, the oldest first; not those with somebody whom they did not invite."""
    return [_coached(connection, row, frozenset()) for row in _AS_COACH.all(connection, wanted=wanted)]


def engagements_as_cover(connection: Connection, wanted: str) -> list[Coached]:
    """Those of other coaches whose clients agreed that this one reads meanwhile; on which days is another question."""
    return [_coached(connection, row, frozenset()) for row in _AS_COVER.all(connection, wanted=wanted)]


def _coached(connection: Connection, row: Any, given: frozenset[str]) -> Coached:
    engagement = Engagement(
        id=row.id,
        coach=row.coach,
        coach_name=unseal(connection, row.coach_name),
        client=row.client,
        client_name=unseal(connection, row.named or row.client_name),
        state=row.state,
        visible=row.visible,
        consents=given,
        coach_zone=row.coach_zone,
        client_zone=row.client_zone,
        confirmed=row.confirmed,
        heir=row.heir if row.heir_name is not None else "",
        heir_name=unseal(connection, row.heir_name) if row.heir_name is not None else "",
        cover=_cover(connection, row) if row.cover_id is not None else None,
        began=row.began,
    )
    return Coached(
        engagement=engagement, call_wanted=row.call_wanted, seen_at=row.seen_at, phase=row.phase, planned=row.planned
    )


def _cover(connection: Connection, row: Any) -> Cover:
    return Cover(
        absence=row.cover,
        coach=row.cover_id,
        name=unseal(connection, row.cover_name),
        first=row.away_first,
        last=row.away_last,
        agreed=row.covered,
    )


def add_engagement(connection: Connection, *, coach: str, client: str, at: datetime, named: str = "") -> str:
    """Begin an engagement; the coach sees nothing until the client says so, and they themselves who it is.

    `named` is what the coach calls the client.
    """
    wanted = new_id()
    values = {"id": wanted, "coach": coach, "client": client, "began": at, "confirmed": False}
    connection.execute(insert(_engagement).values(**values, named=seal(connection, named) if named else None))
    return wanted


def keep_names(connection: Connection, client: str, name: str) -> None:
    """A client is about to be called otherwise: to their coaches they go on being who they were."""
    unnamed = (_engagement.c.client == client) & _engagement.c.named.is_(None)
    connection.execute(update(_engagement).where(unnamed).values(named=seal(connection, name)))


def names_of(connection: Connection, client: str) -> frozenset[str]:
    """What coaches call a client."""
    rows = connection.execute(select(_engagement.c.named).where(_engagement.c.client == client)).scalars()
    return frozenset(unseal(connection, named) for named in rows if named is not None)


def change_engagement(connection: Connection, wanted: str, **values: Any) -> None:
    """Change columns of an engagement; what changes who may read something of it is counted."""
    if _SHARING & values.keys():
        values["sharing"] = _engagement.c.sharing + 1
    connection.execute(update(_engagement).where(_engagement.c.id == wanted).values(**values))


def reshared(connection: Connection, client: str) -> None:
    """Something that a client had shown is shown no more, or otherwise."""
    shown = (_engagement.c.client == client, _engagement.c.visible != "none")
    connection.execute(update(_engagement).where(*shown).values(sharing=_engagement.c.sharing + 1))


def began(connection: Connection, wanted: str) -> datetime:
    """When an engagement began (UTC)."""
    found: datetime = connection.execute(select(_engagement.c.began).where(_engagement.c.id == wanted)).scalar_one()
    return found


def parties(connection: Connection, wanted: str) -> tuple[str, str]:
    """The name of the coach and the id of the client of an engagement."""
    columns = select(_coach_row.c.name, _engagement.c.client).join(_coach_row, _coach_row.c.id == _engagement.c.coach)
    row = connection.execute(columns.where(_engagement.c.id == wanted)).one()
    return unseal(connection, row.name), row.client


def pair(connection: Connection, wanted: str) -> tuple[str, str] | None:
    """The ids of coach and client of an engagement, however it stands; None for one that is not known."""
    row = _PAIR.first(connection, wanted=wanted)
    return None if row is None else (row.coach, row.client)


def named(connection: Connection, wanted: str) -> str:
    """What the coach of an engagement calls the client; empty where they are called as they call themselves."""
    row = _PAIR.first(connection, wanted=wanted)
    return "" if row is None or row.named is None else unseal(connection, row.named)


def called(connection: Connection, wanted: str) -> str:
    """What a client of an engagement is called by their coach, on one line; empty for an engagement that is gone."""
    names = select(_engagement.c.named, _client_row.c.name).join(_client_row, _client_row.c.id == _engagement.c.client)
    row = connection.execute(names.where(_engagement.c.id == wanted)).first()
    return "" if row is None else " ".join(unseal(connection, row.named or row.name).split())


def both(connection: Connection, wanted: str) -> tuple[str, str] | None:
    """The ids of client and coach of an engagement, over or not, or None."""
    columns = select(_engagement.c.client, _engagement.c.coach).where(_engagement.c.id == wanted)
    row = connection.execute(columns.where(_engagement.c.state.in_(("active", "closed")))).first()
    return None if row is None else (row.client, row.coach)


def note_seen(connection: Connection, coach: str, client: str, at: datetime) -> None:
    """Note that a coach has just looked at a client; with an empty id, at all of theirs."""
    seen = update(_engagement).where(_engagement.c.coach == coach)
    if client:
        seen = seen.where(_engagement.c.client == client)
    connection.execute(seen.values(seen_at=at))


def told_signals(connection: Connection, coach: str) -> dict[tuple[str, str], int]:
    """In how many digests running each signal of a coach's clients has been told, by engagement and kind."""
    mine = select(_engagement.c.id).where(_engagement.c.coach == coach)
    rows = connection.execute(select(_told).where(_told.c.engagement.in_(mine)))
    return {(row.engagement, row.kind): row.times for row in rows}


def note_told(connection: Connection, coach: str, standing: frozenset[tuple[str, str]]) -> None:
    """Count one digest more for each signal that stands, and forget those that have cleared."""
    before = told_signals(connection, coach)
    mine = select(_engagement.c.id).where(_engagement.c.coach == coach)
    connection.execute(delete(_told).where(_told.c.engagement.in_(mine)))
    rows = [{"engagement": e, "kind": kind, "times": before.get((e, kind), 0) + 1} for e, kind in sorted(standing)]
    if rows:
        connection.execute(insert(_told), rows)


def add_consent(
    connection: Connection, wanted: str, *, engagement: str | None, kind: str, choice: str, version: str, at: datetime
) -> None:
    """Note a consent given, changed or withdrawn."""
    values = {"person": wanted, "engagement": engagement, "kind": kind, "choice": choice, "version": version, "at": at}
    connection.execute(insert(_consent).values(**values))


_newest = select(func.max(_consent.c.id)).group_by(_consent.c.engagement, _consent.c.kind)


_CONSENTS = Fixed(
    select(_consent.c.kind, _consent.c.choice, _consent.c.engagement).where(
        _consent.c.id.in_(_newest.where(_consent.c.person == bindparam("wanted")))
    )
)


_REFUSALS = ("no", "declined", "none", "later")


def consents(connection: Connection, wanted: str) -> dict[str, frozenset[str]]:
    """The kinds of consent that hold now, by engagement."""
    found: dict[str, frozenset[str]] = {}
    for row in _CONSENTS.all(connection, wanted=wanted):
        if row.choice not in _REFUSALS:
            found[row.engagement] = found.get(row.engagement, frozenset()) | {row.kind}
    return found
