"""Commitments with their history, ratings and remarks. What a run wrote is replaced when the run is written again."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.model.commitments.records import Reported
from bot.model.commitments.values import Commitment
from bot.model.people.answers import Audience, Rating, Remark
from bot.model.records import Remarked
from storage.database.compiled_sql import Fixed
from storage.errors import Unreadable
from storage.serialise import opened, sealed
from storage.tables.people import AnswerRow, CommitmentRow, RatingRow, RemarkRow, ReportRow, RunRow, table_of
from storage.tables.plan import GoalRow

_commitment = table_of(CommitmentRow)
_report = table_of(ReportRow)
_answer = table_of(AnswerRow)
_rating = table_of(RatingRow)
_remark = table_of(RemarkRow)
_run = table_of(RunRow)
_goal = table_of(GoalRow)

_OPEN = Fixed(
    select(_commitment)
    .where(_commitment.c.person == bindparam("wanted"), _commitment.c.standing == "open")
    .order_by(_commitment.c.number)
)
_kept = select(_answer.c.run).where(_answer.c.run == _commitment.c.run, _answer.c.audience == Audience.PRIVATE)
_DONE = Fixed(
    select(_commitment.c.id).where(
        _commitment.c.person == bindparam("wanted"), _commitment.c.standing == "done", ~_kept.exists()
    )
)
_ALL = Fixed(select(_commitment).where(_commitment.c.person == bindparam("wanted")).order_by(_commitment.c.number))
_RATINGS = Fixed(
    select(_rating)
    .outerjoin(_run, _run.c.id == _rating.c.run)
    .where(_rating.c.person == bindparam("wanted"), _rating.c.day >= bindparam("since"))
    .order_by(_rating.c.day, _run.c.began, _rating.c.run)
)


def open_commitments(connection: Connection, person: str) -> tuple[Commitment, ...]:
    """The commitments of a person that are not settled."""
    return tuple(_as_fact(connection, row) for row in _OPEN.all(connection, wanted=person))


def done_commitments(connection: Connection, person: str) -> frozenset[str]:
    """The ids of the commitments that a person has done, of those that were promised without keeping anything back."""
    return frozenset(row.id for row in _DONE.all(connection, wanted=person))


def all_commitments(connection: Connection, person: str) -> tuple[Commitment, ...]:
    """Every commitment of a person."""
    return tuple(_as_fact(connection, row) for row in _ALL.all(connection, wanted=person))


_DATED = Fixed(
    select(_commitment.c.id, _commitment.c.engagement, _commitment.c.due, _commitment.c.dated_at, _commitment.c.body)
    .where(
        _commitment.c.person == bindparam("wanted"),
        _commitment.c.standing == "open",
        _commitment.c.due.is_not(None),
        (_commitment.c.asked.is_(None)) | (_commitment.c.asked < _commitment.c.due),
    )
    .order_by(_commitment.c.due, _commitment.c.number)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What a timetable takes of a commitment: its day, since when (UTC) it has it, its cue, and who may know of it.

    Of one that is unreadable the cue is empty, and nobody may know of it.
    """

    id: str
    due: date
    dated_at: datetime | None
    cue: str
    audience: Audience
    engagement: str


def dated(connection: Connection, person: str) -> list[Planned]:
    """The open commitments with a date that were not asked about since it."""
    return [_planned(connection, row) for row in _DATED.all(connection, wanted=person)]


def _planned(connection: Connection, row: Any) -> Planned:
    cue, audience = "", Audience.PRIVATE
    try:
        found: Commitment = opened(connection, Commitment, row.body)
        cue, audience = found.cue, found.audience
    except Unreadable:
        pass
    return Planned(id=row.id, due=row.due, dated_at=row.dated_at, cue=cue, audience=audience, engagement=row.engagement)


_DATED_BY = Fixed(
    select(_commitment.c.id)
    .where(_commitment.c.run == bindparam("of_run"), _commitment.c.standing == "open", _commitment.c.due.is_not(None))
    .order_by(_commitment.c.number)
)


def dated_by(connection: Connection, run: str) -> list[str]:
    """The ids of open commitments that a run made, and that have a day."""
    return [row.id for row in _DATED_BY.all(connection, of_run=run)]


def _as_fact(connection: Connection, row: Any) -> Commitment:
    found: Commitment = opened(connection, Commitment, row.body)
    return replace(found, asked=row.asked)


def mark_asked(connection: Connection, items: tuple[str, ...], day: date) -> None:
    """Note that the bot has asked about these."""
    connection.execute(update(_commitment).where(_commitment.c.id.in_(items)).values(asked=day))


def ratings(connection: Connection, person: str, since: date, *, engagement: str = "") -> tuple[Rating, ...]:
    """The numbers given since a day, the oldest first, private ones too; of one engagement, or of all."""
    rows = [r for r in _RATINGS.all(connection, wanted=person, since=since) if engagement in ("", r.engagement)]
    return tuple(
        Rating(kind=r.kind, value=r.value, day=r.day, about=r.about, audience=Audience(r.audience)) for r in rows
    )


def remarks(connection: Connection, person: str, since: date, *, engagement: str = "") -> tuple[Remark, ...]:
    """The remarks made since a day, the oldest first, private ones too; of one engagement, or of all."""
    mine = (
        select(_remark, _run.c.state.label("run_state"))
        .outerjoin(_run, _run.c.id == _remark.c.run)
        .where(_remark.c.person == person, _remark.c.day >= since)
        .order_by(_remark.c.day, _run.c.began, _remark.c.run, _remark.c.key)
    )
    return tuple(
        Remark(
            kind=row.kind,
            text=opened(connection, Remarked, row.body).text,
            day=row.day,
            audience=Audience(row.audience),
            about=row.about,
            run=row.run if row.run_state not in (None, "open", "command") else "",
        )
        for row in connection.execute(mine)
        if engagement in ("", row.engagement)
    )


_WORDS = Fixed(
    select(_remark.c.body)
    .where(_remark.c.engagement == bindparam("wanted"), _remark.c.kind == bindparam("of_kind"))
    .order_by(_remark.c.day, _remark.c.run, _remark.c.key)
)


def words_of(connection: Connection, engagement: str, kind: str) -> tuple[str, ...]:
    """Everything of one kind that a client said in an engagement, the oldest first, private words too."""
    rows = _WORDS.all(connection, wanted=engagement, of_kind=kind)
    return tuple(opened(connection, Remarked, row.body).text for row in rows)


_ONE = Fixed(select(_commitment).where(_commitment.c.id == bindparam("wanted")))
_TOLD = Fixed(select(_report).where(_report.c.commitment == bindparam("wanted")).order_by(_report.c.at, _report.c.run))
_REFOLD = Fixed(
    update(_commitment)
    .where(_commitment.c.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in ("body", "standing", "due", "dated_at")})
)


def refold(connection: Connection, wanted: str, at: datetime) -> None:
    """Work out where a commitment stands: its origin, then every report in the order they were made."""
    row = _ONE.first(connection, wanted=wanted)
    if row is None:
        return
    now: Commitment = opened(connection, Commitment, row.origin)
    for report in _TOLD.all(connection, wanted=wanted):
        now = opened(connection, Reported, report.body).applied_to(now, report.day)
    _REFOLD.run(
        connection,
        wanted=wanted,
        new_body=sealed(connection, Commitment, now),
        new_standing=now.standing,
        new_due=now.due,
        new_dated_at=row.dated_at if now.due == row.due else at,
    )
