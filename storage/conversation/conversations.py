"""Conversations: what is under way, what came in, what was asked, and how it ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from bot.engine.events import Past
from bot.engine.state import Run
from storage.conversation.timers import drop_timers
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.errors import Unreadable
from storage.serialise import opened, sealed
from storage.tables.people import ConversationRow, InboxRow, PromptRow, RunRow, table_of

_conversation = table_of(ConversationRow)
_inbox = table_of(InboxRow)
_run = table_of(RunRow)
_prompt = table_of(PromptRow)

Runs = tuple[Run, ...]
KEPT = timedelta(days=7)  # how long an ended run can be revised, and an expired prompt answered


# -- the state -------------------------------------------------------------------------------------------------------

_STATE = Fixed(select(_conversation.c.seq, _conversation.c.state).where(_conversation.c.person == bindparam("wanted")))
_SAVE = Fixed(
    update(_conversation)
    .where(_conversation.c.person == bindparam("wanted"))
    .values(seq=_conversation.c.seq + 1, state=bindparam("new_state"))
)


def state(connection: Connection, wanted: str) -> tuple[int, Runs]:
    """The runs under way with a person, and the number of the event that left them so."""
    row = _STATE.first(connection, wanted=wanted)
    return (0, ()) if row is None else (row.seq, opened(connection, Runs, row.state))


def seq(connection: Connection, wanted: str) -> int:
    """The number of the last event of a person."""
    row = _STATE.first(connection, wanted=wanted)
    return 0 if row is None else int(row.seq)


def begin_conversation(connection: Connection, wanted: str) -> None:
    """Make room for a person's state."""
    empty = sealed(connection, Runs, ())
    connection.execute(insert(_conversation).values(person=wanted, seq=0, state=empty))


def save_state(connection: Connection, wanted: str, runs: Runs) -> None:
    """Save what is under way."""
    _SAVE.run(connection, wanted=wanted, new_state=sealed(connection, Runs, runs))


# -- the inbox -------------------------------------------------------------------------------------------------------

_TAKE = Fixed(
    lambda dialect: insert_if_new(_inbox, dialect).values(
        key=bindparam("key"),
        person=bindparam("person"),
        at=bindparam("at"),
        state="done",
        lane=bindparam("lane"),
        message=bindparam("message"),
        run="",
        question="",
        reason="",
    )
)
_FAIL = Fixed(
    lambda dialect: insert_if_new(_inbox, dialect).values(
        key=bindparam("key"),
        at=bindparam("at"),
        state=bindparam("new_state"),
        payload=bindparam("payload"),
        reason=bindparam("reason"),
        person=bindparam("person"),
        lane=bindparam("lane"),
        message="",
        run="",
        question="",
    )
)
_POINT = Fixed(
    update(_inbox)
    .where(_inbox.c.key == bindparam("wanted"))
    .values(run=bindparam("new_run"), question=bindparam("new_question"))
)
_FROM_MESSAGE = Fixed(
    select(_inbox.c.run, _inbox.c.question)
    .where(_inbox.c.lane == bindparam("of_lane"), _inbox.c.message == bindparam("of_message"), _inbox.c.run != "")
    .limit(1)
)


_OF_MESSAGE = Fixed(
    select(_inbox.c.key)
    .where(_inbox.c.lane == bindparam("of_lane"), _inbox.c.message == bindparam("of_message"))
    .where(_inbox.c.key != bindparam("but"))
    .limit(1)
)


def knows_message(connection: Connection, lane: str, message: str, *, but: str = "") -> bool:
    """Whether an event of that message has been taken; `but` is the key of one that does not count."""
    return bool(message) and _OF_MESSAGE.first(connection, of_lane=lane, of_message=message, but=but) is not None


def take(connection: Connection, key: str, *, person: str | None, at: datetime, lane: str, message: str) -> bool:
    """Note that an event has been taken; False when it was taken before."""
    values = {"person": person, "at": at, "lane": lane, "message": message}
    if _TAKE.run(connection, key=key, **values) == 1:
        return True
    replayed = and_(_inbox.c.key == key, _inbox.c.state == "retrying")
    done = update(_inbox).where(replayed).values(state="done", payload=None, reason="", tries=0, **values)
    return connection.execute(done).rowcount == 1


def point(connection: Connection, key: str, run: str, question: str) -> None:
    """Note which answer a message gave, so that an edit of it finds the answer."""
    _POINT.run(connection, wanted=key, new_run=run, new_question=question)


def answer_of_message(connection: Connection, lane: str, message: str) -> tuple[str, str] | None:
    """The run and question that a message answered, or None."""
    row = _FROM_MESSAGE.first(connection, of_lane=lane, of_message=message)
    return None if row is None else (row.run, row.question)


_HEARD = Fixed(select(func.max(_inbox.c.at).label("at")).where(_inbox.c.lane == bindparam("of_lane")))


def last_heard(connection: Connection, lane: str) -> datetime | None:
    """When something came from a chat for the last time (UTC)."""
    row = _HEARD.first(connection, of_lane=lane)
    return None if row is None else row.at


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """An event that could not be handled, kept for a replay."""

    key: str
    at: datetime
    reason: str
    again: bool  # by itself
    payload: Any


def fail(connection: Connection, key: str, *, at: datetime, kind: Any, event: Any, reason: str, lane: str = "") -> bool:
    """Keep an event that raised, as what was said in a lane; False when it was taken before."""
    payload = sealed(connection, kind, event)
    values = {"at": at, "payload": payload, "reason": reason, "person": None, "lane": lane}
    return _FAIL.run(connection, key=key, new_state="failed", **values) == 1


def fail_again(connection: Connection, key: str, *, reason: str) -> bool:
    """Note that a replay raised too; False when the event was no replay."""
    replayed = and_(_inbox.c.key == key, _inbox.c.state == "retrying")
    return connection.execute(update(_inbox).where(replayed).values(state="failed", reason=reason)).rowcount == 1


def fail_due(
    connection: Connection, key: str, *, at: datetime, kind: Any, event: Any, reason: str, person: str, limit: int
) -> int:
    """Keep a due thing that raised, `again` until it has raised more than `limit` times; returns how often it has."""
    payload = sealed(connection, kind, event)
    values = {"at": at, "payload": payload, "reason": reason, "person": person}
    _FAIL.run(connection, key=key, new_state="again", lane="", **values)
    before = connection.execute(select(_inbox.c.state, _inbox.c.tries).where(_inbox.c.key == key)).one()
    tries = before.tries + 1 if before.state in ("again", "retrying") else 1
    state = "again" if tries <= limit else "failed"
    connection.execute(update(_inbox).where(_inbox.c.key == key).values(state=state, tries=tries, **values))
    return int(tries)


_THROUGH = Fixed(
    update(_inbox)
    .where(_inbox.c.key == bindparam("wanted"), _inbox.c.state == "again")
    .values(state="done", payload=None, reason="", tries=0)
)


def went_through(connection: Connection, key: str) -> None:
    """What raised before has been carried out."""
    _THROUGH.run(connection, wanted=key)


_WAITS = _inbox.c.state.in_(("failed", "retrying", "again"))


def failed(connection: Connection, kind: Any) -> list[Failed]:
    """The events that raised and were not carried out yet, the oldest first; one whose replay was cut off waits again.

    A payload that cannot be read any more is None.
    """
    rows = connection.execute(select(_inbox).where(_WAITS).order_by(_inbox.c.at)).all()
    return [
        Failed(
            key=row.key,
            at=row.at,
            reason=f"{row.reason}, tried {row.tries} times" if row.tries else row.reason,
            again=row.state == "again",
            payload=_payload(connection, kind, row.payload),
        )
        for row in rows
    ]


def _payload(connection: Connection, kind: Any, payload: bytes) -> Any:
    try:
        return opened(connection, kind, payload)
    except Unreadable:
        return None


def failed_count(connection: Connection) -> int:
    """How many events raised and were not carried out yet."""
    return int(connection.execute(select(func.count()).where(_WAITS)).scalar_one())


def retry(connection: Connection, key: str) -> None:
    """Let a failed event be taken once more; it stays on record until it has been."""
    waits = and_(_inbox.c.key == key, _inbox.c.state.in_(("failed", "again")))
    connection.execute(update(_inbox).where(waits).values(state="retrying"))


# -- runs and prompts ------------------------------------------------------------------------------------------------

_RUN_COLUMNS = ("id", "person", "dialogue", "version", "by", "day", "occurrence", "engagement", "state", "began")
_NOTE_RUN = Fixed(lambda dialect: insert_if_new(_run, dialect).values({c: bindparam(c) for c in _RUN_COLUMNS}))


def note_run(connection: Connection, person: str, run: Run) -> None:
    """Note that a dialogue has begun; once."""
    _NOTE_RUN.run(
        connection,
        id=run.id,
        person=person,
        dialogue=run.dialogue,
        version=run.version,
        by=run.by,
        day=run.day,
        occurrence=run.occurrence,
        engagement=run.engagement,
        state="open",
        began=run.began,
    )


def note_command(connection: Connection, person: str, key: str, verb: str, *, day: date, at: datetime) -> None:
    """Note a command that wrote something, so that it can be undone like a dialogue."""
    new = insert_if_new(_run, connection.dialect.name).values(
        id=key, person=person, dialogue=verb, version="", by="client", day=day, state="command", began=at, ended=at
    )
    connection.execute(new)


def runs_of(connection: Connection, person: str, *, engagement: str, dialogue: str, since: date) -> list[str]:
    """The states of the runs of a dialogue of an engagement since a local day, the newest first."""
    of = (_run.c.person == person, _run.c.engagement == engagement, _run.c.dialogue == dialogue, _run.c.day >= since)
    return list(connection.execute(select(_run.c.state).where(*of).order_by(_run.c.began.desc())).scalars())


_END = Fixed(
    update(_run)
    .where(_run.c.id == bindparam("wanted"))
    .values(state=bindparam("new_state"), ended=bindparam("new_ended"), body=bindparam("new_body"))
)


def end_run(connection: Connection, person: str, run: Run, how: str, at: datetime) -> None:
    """Put a run away with its answers."""
    note_run(connection, person, run)
    _END.run(connection, wanted=run.id, new_state=how, new_ended=at, new_body=sealed(connection, Run, run))


def put_away(connection: Connection, person: str, at: datetime) -> None:
    """End all that is under way with somebody: what was answered counts, and nothing is asked of it any more."""
    _, runs = state(connection, person)
    for run in runs:
        end_run(connection, person, run, "cancelled", at)
    waiting = select(_prompt.c.token).where(_prompt.c.person == person, _prompt.c.closed.is_(None))
    for token in connection.execute(waiting).scalars().all():
        close_prompt(connection, token, "cancelled", at)
    if runs:
        save_state(connection, person, ())


_HOW = Fixed(select(_run.c.state).where(_run.c.id == bindparam("wanted")))


def has_ended(connection: Connection, run: str) -> bool:
    """Whether a run was put away before."""
    row = _HOW.first(connection, wanted=run)
    return row is not None and row.state != "open"


def mark_undone(connection: Connection, run: str) -> str:
    """Note that what a run wrote was taken back; the occurrence that had brought it, or nothing."""
    undone = update(_run).where(_run.c.id == run).values(state="undone").returning(_run.c.occurrence)
    return str(connection.execute(undone).scalar() or "")


_PROMPT = Fixed(
    lambda dialect: insert_if_new(_prompt, dialect).values(
        token=bindparam("token"),
        person=bindparam("person"),
        run=bindparam("run"),
        question=bindparam("question"),
        state="open",
        opening=bindparam("opening"),
        asked=bindparam("asked"),
    )
)
_CLOSE = Fixed(
    update(_prompt)
    .where(_prompt.c.token == bindparam("wanted"))
    .values(state=bindparam("new_state"), closed=bindparam("at"))
    .returning(_prompt.c.opening)
)


def open_prompt(
    connection: Connection, token: str, *, person: str, run: str, question: str, opening: bool, at: datetime
) -> None:
    """Note that a question is open under this token."""
    _PROMPT.run(connection, token=token, person=person, run=run, question=question, opening=opening, asked=at)


def close_prompt(connection: Connection, token: str, how: str, at: datetime) -> bool:
    """Note that a question is no longer open, and stop its timers; True if it had opened a thread of the bot's own."""
    row = _CLOSE.first(connection, wanted=token, new_state=how, at=at)
    drop_timers(connection, token)
    return row is not None and bool(row.opening)


def answered(connection: Connection, person: str, run: str, question: str = "") -> list[str]:
    """The tokens of the prompts that put a question of a person's run, or any, and were answered; the oldest first."""
    mine = (_prompt.c.person == person) & (_prompt.c.state == "answered") & (_prompt.c.run == run)
    mine = mine & (_prompt.c.question == question) if question else mine
    found = select(_prompt.c.token).where(mine).order_by(_prompt.c.closed)
    return [str(token) for token in connection.execute(found).scalars()]


def puts_of(connection: Connection, token: str, run: str) -> bool:
    """Whether a prompt puts a question of that run."""
    found = select(_prompt.c.run).where(_prompt.c.token == token)
    return connection.execute(found).scalar() == run


def past_of_token(connection: Connection, person: str, token: str) -> Past | None:
    """A prompt of that person which is no longer open, with its run as it was put away."""
    found = select(_prompt, _run.c.body).join(_run, _run.c.id == _prompt.c.run)
    row = connection.execute(found.where(_prompt.c.token == token, _prompt.c.person == person)).first()
    return None if row is None or row.body is None else _past(connection, row)


_EXPIRED = Fixed(
    select(_prompt, _run.c.body)
    .join(_run, _run.c.id == _prompt.c.run)
    .where(
        _prompt.c.person == bindparam("of"), _prompt.c.state == "expired", _prompt.c.closed > bindparam("closed_since")
    )
    .order_by(_prompt.c.closed.desc())
    .limit(1)
)


def last_expired(connection: Connection, person: str, since: datetime) -> Past | None:
    """The prompt that expired last without an answer."""
    row = _EXPIRED.first(connection, of=person, closed_since=since)
    return None if row is None or row.body is None else _past(connection, row)


def past_of_answer(connection: Connection, person: str, run: str, question: str) -> Past | None:
    """The answer of a run that has ended, for an edit; None when the run is not there or still open."""
    row = connection.execute(select(_run).where(_run.c.id == run, _run.c.person == person)).first()
    if row is None or row.body is None or row.state in ("undone", "cancelled"):
        return None
    body = opened(connection, Run, row.body)
    return Past(run=body, question=question, token="", state="answered", closed=row.ended)


def _past(connection: Connection, row: Any) -> Past:
    return Past(
        run=opened(connection, Run, row.body),
        question=row.question,
        token=row.token,
        state=row.state,
        closed=row.closed,
    )
