"""Conversations: what is under way, what came in, what was asked and answered, and the timers of open prompts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from bot.engine.state import Answer, Past, Run
from bot.facts import Audience, LastAnswer
from storage.fixed import Fixed, insert_if_new, insert_or_change
from storage.tables import (
    AnswerRow,
    ConversationRow,
    DialogueRow,
    EarlierAnswerRow,
    InboxRow,
    PromptRow,
    RunRow,
    TimerRow,
    table_of,
)
from storage.values import opened, sealed

_conversation = table_of(ConversationRow)
_inbox = table_of(InboxRow)
_run = table_of(RunRow)
_prompt = table_of(PromptRow)
_answer = table_of(AnswerRow)
_earlier = table_of(EarlierAnswerRow)
_timer = table_of(TimerRow)
_dialogue = table_of(DialogueRow)

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
        state="failed",
        payload=bindparam("payload"),
        reason=bindparam("reason"),
        lane="",
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


def take(connection: Connection, key: str, *, person: str | None, at: datetime, lane: str, message: str) -> bool:
    """Note that an event has been taken; False when it was taken before."""
    values = {"person": person, "at": at, "lane": lane, "message": message}
    if _TAKE.run(connection, key=key, **values) == 1:
        return True
    replayed = and_(_inbox.c.key == key, _inbox.c.state == "retrying")
    done = update(_inbox).where(replayed).values(state="done", payload=None, reason="", **values)
    return connection.execute(done).rowcount == 1


def point(connection: Connection, key: str, run: str, question: str) -> None:
    """Note which answer a message gave, so that an edit of it finds the answer."""
    _POINT.run(connection, wanted=key, new_run=run, new_question=question)


def answer_of_message(connection: Connection, lane: str, message: str) -> tuple[str, str] | None:
    """The run and question that a message answered, or None."""
    row = _FROM_MESSAGE.first(connection, of_lane=lane, of_message=message)
    return None if row is None else (row.run, row.question)


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """An event that could not be handled, kept for a replay."""

    key: str
    at: datetime
    reason: str
    payload: Any


def fail(connection: Connection, key: str, *, at: datetime, kind: Any, event: Any, reason: str) -> bool:
    """Keep an event that raised; False when it was taken before."""
    payload = sealed(connection, kind, event)
    return _FAIL.run(connection, key=key, at=at, payload=payload, reason=reason) == 1


def fail_again(connection: Connection, key: str, *, reason: str) -> bool:
    """Note that a replay raised too; False when the event was no replay."""
    replayed = and_(_inbox.c.key == key, _inbox.c.state == "retrying")
    return connection.execute(update(_inbox).where(replayed).values(state="failed", reason=reason)).rowcount == 1


_WAITS = _inbox.c.state.in_(("failed", "retrying"))


def failed(connection: Connection, kind: Any) -> list[Failed]:
    """The events that wait for a replay, the oldest first; one whose replay was cut off waits again."""
    rows = connection.execute(select(_inbox).where(_WAITS).order_by(_inbox.c.at)).all()
    return [
        Failed(key=row.key, at=row.at, reason=row.reason, payload=opened(connection, kind, row.payload)) for row in rows
    ]


def failed_count(connection: Connection) -> int:
    """How many events wait for a replay."""
    return int(connection.execute(select(func.count()).where(_WAITS)).scalar_one())


def retry(connection: Connection, key: str) -> None:
    """Let a failed event be taken once more; it stays on record until it has been."""
    connection.execute(update(_inbox).where(_inbox.c.key == key, _inbox.c.state == "failed").values(state="retrying"))


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


def end_run(connection: Connection, person: str, run: Run, how: str, at: datetime) -> None:
    """Put a run away with its answers."""
    note_run(connection, person, run)
    ended = update(_run).where(_run.c.id == run.id).values(state=how, ended=at, body=sealed(connection, Run, run))
    connection.execute(ended)


def mark_undone(connection: Connection, run: str) -> None:
    """Note that what a run wrote was taken back."""
    connection.execute(update(_run).where(_run.c.id == run).values(state="undone"))


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
    _DROP_TIMERS.run(connection, wanted=token)
    return row is not None and bool(row.opening)


def open_prompt_count(connection: Connection, person: str) -> int:
    """How many prompts of a person are open and belong to the run on top of the conversation."""
    _, runs = state(connection, person)
    awake = [run for run in runs if run.until is None and run.asked is not None]
    tokens = {run.asked.token for run in awake[-1:] if run.asked}
    found = select(func.count()).where(_prompt.c.person == person, _prompt.c.state == "open")
    return int(connection.execute(found.where(_prompt.c.token.in_(tokens))).scalar_one())


def past_of_token(connection: Connection, person: str, token: str) -> Past | None:
    """A prompt of that person which is no longer open, with its run as it was put away."""
    found = select(_prompt, _run.c.body).join(_run, _run.c.id == _prompt.c.run)
    row = connection.execute(found.where(_prompt.c.token == token, _prompt.c.person == person)).first()
    return None if row is None or row.body is None else _past(connection, row)


def last_expired(connection: Connection, person: str, since: datetime) -> Past | None:
    """The prompt that expired last without an answer."""
    found = select(_prompt, _run.c.body).join(_run, _run.c.id == _prompt.c.run)
    mine = found.where(_prompt.c.person == person, _prompt.c.state == "expired", _prompt.c.closed > since)
    row = connection.execute(mine.order_by(_prompt.c.closed.desc()).limit(1)).first()
    return None if row is None or row.body is None else _past(connection, row)


def past_of_answer(connection: Connection, person: str, run: str, question: str) -> Past | None:
    """The answer of a run that has ended, for an edit; None when the run is not there or still open."""
    row = connection.execute(select(_run).where(_run.c.id == run, _run.c.person == person)).first()
    if row is None or row.body is None or row.state == "undone":
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


# -- answers ---------------------------------------------------------------------------------------------------------

_OLD_ANSWER = Fixed(
    select(_answer).where(_answer.c.run == bindparam("of_run"), _answer.c.question == bindparam("of_question"))
)
_DROP_ANSWER = Fixed(
    delete(_answer).where(_answer.c.run == bindparam("of_run"), _answer.c.question == bindparam("of_question"))
)
_ANSWER_COLUMNS = ("run", "question", "person", "engagement", "dialogue", "day", "at", "audience", "skipped", "body")
_ADD_ANSWER = Fixed(lambda dialect: insert_if_new(_answer, dialect).values({c: bindparam(c) for c in _ANSWER_COLUMNS}))


def keep_answer(connection: Connection, person: str, run: Run, question: str, answer: Answer, audience: str) -> None:
    """Store an answer; one that was there becomes history."""
    values = {
        "run": run.id,
        "question": question,
        "person": person,
        "engagement": run.engagement,
        "dialogue": run.dialogue,
        "day": answer.day,
        "at": answer.at,
        "audience": audience,
        "skipped": answer.skipped,
        "body": sealed(connection, Answer, answer),
    }
    if _ADD_ANSWER.run(connection, **values):
        return
    old = _OLD_ANSWER.first(connection, of_run=run.id, of_question=question)
    if old is not None:
        earlier = {"run": run.id, "question": question, "person": person, "at": old.at, "body": old.body}
        connection.execute(insert(_earlier).values(**earlier))
    _DROP_ANSWER.run(connection, of_run=run.id, of_question=question)
    _ADD_ANSWER.run(connection, **values)


def forget_answer(connection: Connection, run: str, question: str) -> None:
    """Take an answer out."""
    _DROP_ANSWER.run(connection, of_run=run, of_question=question)


def forget_answers(connection: Connection, run: str) -> None:
    """Take all answers of a run out."""
    connection.execute(delete(_answer).where(_answer.c.run == run))


def answers_at(connection: Connection, person: str, at: datetime) -> list[tuple[str, str, str, str]]:
    """The answers stored at an instant: dialogue, question, audience and label."""
    rows = connection.execute(select(_answer).where(_answer.c.person == person, _answer.c.at == at))
    return [(r.dialogue, r.question, r.audience, opened(connection, Answer, r.body).label) for r in rows]


def all_answers(connection: Connection, person: str) -> list[tuple[str, str, str]]:
    """Every answer of a person, the oldest first: dialogue, question and label."""
    rows = connection.execute(select(_answer).where(_answer.c.person == person).order_by(_answer.c.at))
    return [(r.dialogue, r.question, opened(connection, Answer, r.body).label) for r in rows]


def answer_days(connection: Connection, person: str, since: date) -> list[date]:
    """The local days on which a person answered something."""
    days = select(_answer.c.day).where(_answer.c.person == person, _answer.c.day >= since, _answer.c.skipped.is_(False))
    return sorted({row.day for row in connection.execute(days)})


def last_reply(connection: Connection, person: str) -> date | None:
    """The local day of the last answer."""
    newest = select(func.max(_answer.c.day)).where(_answer.c.person == person, _answer.c.skipped.is_(False))
    return connection.execute(newest).scalar()


def last_written(connection: Connection, person: str, since: datetime) -> LastAnswer | None:
    """What `undo` and `private` speak of: the newest answer, or the newest command that wrote something."""
    answer = connection.execute(
        select(_answer, _run.c.state.label("run_state"))
        .join(_run, _run.c.id == _answer.c.run)
        .where(_answer.c.person == person, _answer.c.at > since, _answer.c.skipped.is_(False))
        .order_by(_answer.c.at.desc())
        .limit(1)
    ).first()
    command = connection.execute(
        select(_run)
        .where(_run.c.person == person, _run.c.state == "command", _run.c.began > since)
        .order_by(_run.c.began.desc())
        .limit(1)
    ).first()
    if command is not None and (answer is None or command.began >= answer.at):
        return LastAnswer(
            run=command.id, question="", dialogue=command.dialogue, label="", day=command.day, audience=Audience.COACH
        )
    if answer is None:
        return None
    under_way = answer.run_state == "open"
    label = opened(connection, Answer, answer.body).label if under_way else _begun_with(connection, answer.run)
    audience = Audience(answer.audience)
    return LastAnswer(
        run=answer.run,
        question=answer.question,
        dialogue=answer.dialogue,
        label=label,
        day=answer.day,
        audience=audience,
        open=under_way,
        at=answer.at,
    )


def _begun_with(connection: Connection, run: str) -> str:
    """What a dialogue that has ended is remembered by: its first answer, in the person's own words if there are any."""
    rows = connection.execute(select(_answer).where(_answer.c.run == run, _answer.c.skipped.is_(False))).all()
    first = min((row.at for row in rows), default=None)
    answers: list[Answer] = [opened(connection, Answer, row.body) for row in rows if row.at == first]
    own = [answer for answer in answers if answer.value == answer.label]
    return max((answer.label for answer in own or answers), key=len, default="")


# -- timers ----------------------------------------------------------------------------------------------------------

_ARM = Fixed(
    lambda dialect: insert_or_change(_timer, dialect, "token", "kind").values(
        {name: bindparam(name) for name in ("token", "kind", "person", "due_at")}
    )
)
_DISARM = Fixed(delete(_timer).where(_timer.c.token == bindparam("of_token"), _timer.c.kind == bindparam("of_kind")))
_DROP_TIMERS = Fixed(delete(_timer).where(_timer.c.token == bindparam("wanted")))
_RINGING = Fixed(
    select(_timer).where(_timer.c.due_at <= bindparam("at")).order_by(_timer.c.due_at).limit(bindparam("count"))
)


def arm(connection: Connection, token: str, kind: str, *, person: str, at: datetime) -> None:
    """Set a timer of a prompt; one of the same kind is moved."""
    _ARM.run(connection, token=token, kind=kind, person=person, due_at=at)


def disarm(connection: Connection, token: str, kind: str) -> None:
    """Drop a timer."""
    _DISARM.run(connection, of_token=token, of_kind=kind)


def ringing(connection: Connection, at: datetime, count: int) -> list[Any]:
    """The timers due by `at`, as rows of token, kind, person and due_at."""
    return _RINGING.all(connection, at=at, count=count)


def next_timer_at(connection: Connection) -> datetime | None:
    """When the next timer of anyone rings."""
    earliest: datetime | None = connection.execute(select(func.min(_timer.c.due_at))).scalar()
    return earliest


def drop_timers_of(connection: Connection, person: str, kind: str) -> None:
    """Drop all timers of one kind of a person."""
    connection.execute(delete(_timer).where(_timer.c.person == person, _timer.c.kind == kind))


# -- versions --------------------------------------------------------------------------------------------------------


_KEEP_VERSION = Fixed(
    lambda dialect: insert_if_new(_dialogue, dialect).values(
        {name: bindparam(name) for name in ("version", "name", "source", "stored")}
    )
)


def keep_version(connection: Connection, version: str, name: str, source: str, at: datetime) -> None:
    """Store the source of a dialogue that somebody has begun; once."""
    _KEEP_VERSION.run(connection, version=version, name=name, source=source, stored=at)


def versions(connection: Connection, wanted: set[str]) -> dict[str, str]:
    """The stored sources of these versions."""
    if not wanted:
        return {}
    rows = connection.execute(select(_dialogue).where(_dialogue.c.version.in_(sorted(wanted))))
    return {row.version: row.source for row in rows}


def drop_unused_versions(connection: Connection, before: datetime) -> int:
    """Delete the versions that no run refers to, other than in weeks long gone; returns how many."""
    live = select(_run.c.version).where((_run.c.ended.is_(None)) | (_run.c.ended > before))
    gone = delete(_dialogue).where(_dialogue.c.stored < before, _dialogue.c.version.not_in(live))
    return int(connection.execute(gone).rowcount)
