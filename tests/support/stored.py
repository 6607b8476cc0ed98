"""What tests look up in the database that the product has no use for."""

from sqlalchemy import Connection, func, select

from bot.engine.state import Answer
from storage.conversation import conversations
from storage.serialise import opened
from storage.tables.people import AnswerRow, PromptRow, table_of

_answer, _prompt = table_of(AnswerRow), table_of(PromptRow)


def open_prompt_count(connection: Connection, person: str) -> int:
    """How many prompts of a person are open and belong to the run on top of the conversation."""
    _, runs = conversations.state(connection, person)
    awake = [run for run in runs if run.until is None and run.asked is not None]
    tokens = {run.asked.token for run in awake[-1:] if run.asked}
    found = select(func.count()).where(_prompt.c.person == person, _prompt.c.state == "open")
    return int(connection.execute(found.where(_prompt.c.token.in_(tokens))).scalar_one())


def all_answers(connection: Connection, person: str) -> list[tuple[str, str, str]]:
    """Every answer of a person, the oldest first: dialogue, question and label."""
    rows = connection.execute(select(_answer).where(_answer.c.person == person).order_by(_answer.c.at))
    return [(r.dialogue, r.question, opened(connection, Answer, r.body).label) for r in rows]
