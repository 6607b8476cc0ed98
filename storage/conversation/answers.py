"""Answers as they stand, what they were before, and what `private` speaks of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from bot.engine.state import Answer, Run
from bot.model.people.answers import Audience, LastAnswer
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.serialise import opened, sealed
from storage.tables.people import AnswerRow, EarlierAnswerRow, RunRow, table_of

_run = table_of(RunRow)
_answer = table_of(AnswerRow)
_earlier = table_of(EarlierAnswerRow)


_OLD_ANSWER = Fixed(
    select(_answer).where(_answer.c.run == bindparam("of_run"), _answer.c.question == bindparam("of_question"))
)


_DROP_ANSWER = Fixed(
    delete(_answer).where(_answer.c.run == bindparam("of_run"), _answer.c.question == bindparam("of_question"))
)


_ANSWER_COLUMNS = ("run", "question", "person", "engagement", "dialogue", "day", "at", "audience", "skipped", "body")


_ADD_ANSWER = Fixed(lambda dialect: insert_if_new(_answer, dialect).values({c: bindparam(c) for c in _ANSWER_COLUMNS}))


def keep_answer(connection: Connection, person: str, run: Run, question: str, answer: Answer, audience: str) -> str:
    """Store an answer; one that was there becomes history. For whom that one was given is returned, or nothing."""
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
        return ""
    old = _OLD_ANSWER.first(connection, of_run=run.id, of_question=question)
    if old is not None:
        earlier = {"run": run.id, "question": question, "person": person, "at": old.at, "body": old.body}
        connection.execute(insert(_earlier).values(**earlier))
    _DROP_ANSWER.run(connection, of_run=run.id, of_question=question)
    _ADD_ANSWER.run(connection, **values)
    return "" if old is None else str(old.audience)


_AUDIENCE = Fixed(
    select(_answer.c.audience).where(_answer.c.run == bindparam("of_run"), _answer.c.question == bindparam("wanted"))
)


def audience_of(connection: Connection, run: str, question: str) -> str:
    """For whom an answer was given; empty where there is none."""
    row = _AUDIENCE.first(connection, of_run=run, wanted=question)
    return "" if row is None else str(row.audience)


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


_GIVEN = Fixed(
    select(func.max(_answer.c.at).label("at")).where(_answer.c.run == bindparam("of_run"), _answer.c.skipped.is_(False))
)


def last_given(connection: Connection, run: str) -> datetime | None:
    """When a run was last answered, of the answers that it still holds."""
    row = _GIVEN.first(connection, of_run=run)
    found: datetime | None = row.at if row is not None else None
    return found


def audiences(connection: Connection, runs: Collection[str]) -> set[Audience]:
    """For whom the answers of these runs are meant, but for what was left out."""
    given = select(_answer.c.audience).where(_answer.c.run.in_(runs), _answer.c.skipped.is_(False))
    return {Audience(audience) for audience in connection.execute(given).scalars()}


def last_written(connection: Connection, person: str, since: datetime) -> LastAnswer | None:
    """What `private` speaks of: the newest answer, or the newest command that wrote something."""
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
    label = opened(connection, Answer, answer.body).label
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
        labels=(label,) if under_way else _shown_of(connection, answer.run),
    )


def _shown_of(connection: Connection, run: str) -> tuple[str, ...]:
    """What was answered in a run, less what is kept from the coach, in its order; the typed words before their day."""
    told = select(_answer).where(
        _answer.c.run == run, _answer.c.skipped.is_(False), _answer.c.audience != Audience.PRIVATE
    )
    found: list[Answer] = [opened(connection, Answer, row.body) for row in connection.execute(told).all()]
    ordered = sorted(found, key=lambda each: (each.at, each.value != each.label))
    return tuple(each.label for each in ordered if each.label)


def begun_with(connection: Connection, run: str) -> str:
    """What a dialogue that has ended is remembered by: its first answer, in the person's own words if there are any."""
    rows = connection.execute(select(_answer).where(_answer.c.run == run, _answer.c.skipped.is_(False))).all()
    first = min((row.at for row in rows), default=None)
    answers: list[Answer] = [opened(connection, Answer, row.body) for row in rows if row.at == first]
    own = [answer for answer in answers if answer.value == answer.label]
    return max((answer.label for answer in own or answers), key=len, default="")
