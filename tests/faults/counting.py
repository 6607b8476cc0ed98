"""What was lost, doubled or turned round: the fake servers' memory held against the database when all is quiet."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from storage.database.encryption import KeyRing, unseal
from storage.database.open import open_database
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import AnswerRow, InboxRow, PromptRow, RemarkRow, table_of
from tests.faults.sides import Side
from tests.support.town import KEY

MARK = re.compile(r"mark-\w+")  # what people of the suite write into every answer in words, never twice the same
_ENDS_WITH_A_REASON = ("blocked", "dead", "expired", "cancelled", "unknown")


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The figures of one run. `in_flight`: rows that were on their way at a kill, each of which may come twice."""

    kills: int = 0
    prompts: int = 0
    prompts_lost: int = 0
    slack_doubles: int = 0
    telegram_doubles: int = 0
    in_flight: int = 0
    inversions: int = 0
    answers: int = 0
    answers_lost: int = 0
    answers_twice: int = 0
    unfinished: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both runs together."""
        return Counts(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        wrong = (self.prompts_lost, self.slack_doubles, self.inversions, self.answers_lost, self.answers_twice)
        return not any(wrong) and not self.unfinished and self.telegram_doubles <= self.in_flight


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What the database holds in the end: rows of messages by chat, keys of events, marks of answers, open prompts."""

    rows: list[Any]
    keys: frozenset[str]
    marks: Counter[str]
    prompts: dict[str, str]


async def ledger(url: str) -> Ledger:
    """Read it, once every process is gone."""
    async with open_database(url, keys=KeyRing.from_text(KEY)) as database:
        return await database.read(_ledger)


def _ledger(connection: Connection) -> Ledger:
    outbox, lane, inbox = table_of(OutboxRow), table_of(LaneRow), table_of(InboxRow)
    prompt, answer, remark = table_of(PromptRow), table_of(AnswerRow), table_of(RemarkRow)
    rows = select(
        outbox.c.id, outbox.c.kind, outbox.c.state, outbox.c.reason, outbox.c.message_id, outbox.c.token, lane.c.key
    ).join(lane, lane.c.id == outbox.c.lane)
    bodies = [*connection.execute(select(answer.c.body)).scalars()]
    asked = connection.execute(select(prompt.c.token, prompt.c.state))
    # Remarks repeat their answers: only what is nowhere among the answers counts there.
    said = Counter(_marks(connection, bodies))
    noted = Counter(_marks(connection, connection.execute(select(remark.c.body)).scalars()))
    return Ledger(
        rows=list(connection.execute(rows.order_by(outbox.c.id))),
        keys=frozenset(connection.execute(select(inbox.c.key)).scalars()),
        marks=Counter({mark: max(said[mark], noted[mark]) for mark in {*said, *noted}}),
        prompts={str(token): str(state) for token, state in asked},
    )


def _marks(connection: Connection, bodies: Iterable[bytes]) -> list[str]:
    return [mark for body in bodies for mark in set(MARK.findall(str(unseal(connection, body))))]


def count(
    side: Side, held: Ledger, *, expected: int = 0, arrived: int = 0, kills: int = 0, in_flight: int = 0
) -> Counts:
    """Hold what a platform remembers against what we hold; `expected` prompts had to arrive, `arrived` did."""
    told = side.told()
    doubles = sum(_doubles(side, held, who) for who in side.people)
    return Counts(
        kills=kills,
        prompts=expected,
        prompts_lost=max(expected - arrived, 0) + _lost(side, held),
        slack_doubles=doubles if side.name == "slack" else 0,
        telegram_doubles=doubles if side.name == "telegram" else 0,
        in_flight=in_flight,
        inversions=sum(_inversions(held, who) for who in side.people),
        answers=len(set(told)),
        answers_lost=len(set(told) - held.keys),
        answers_twice=sum(times - 1 for times in held.marks.values() if times > 1),
        unfinished=sum(row.state in ("pending", "sending") for row in held.rows),
    )


def _said(row: Any) -> bool:
    """Whether a row is a message of its own, not the new look of one, nor a form or page."""
    return row.kind not in ("update", "form", "page")


def _lost(side: Side, held: Ledger) -> int:
    """Rows that claim to be sent or to be in doubt and are not there, and rows that ended without saying why."""
    return sum(_missing(held, who) + _vanished(held, who) + _silent(held, who) for who in side.people)


def _of(held: Ledger, who: Any) -> list[Any]:
    """The messages of somebody's chat, as we hold them."""
    return [row for row in held.rows if _said(row) and row.key == who.chat]


def _missing(held: Ledger, who: Any) -> int:
    """Rows that count as sent without being there, by their own number or by the id of the message."""
    there = {seen.id for seen in who.seen} | {seen.row for seen in who.seen if seen.row is not None}
    absent = [row for row in _of(held, who) if row.state == "sent" and not {row.id, row.message_id} & there]
    return len(absent) - min(len(_unrecorded(held, who)), _proved(held, who))


def _vanished(held: Ledger, who: Any) -> int:
    """Questions and replies that ended as unconfirmed, and are not there."""
    doubtful = [row.id for row in _of(held, who) if row.state == "unknown" and row.kind in ("reply", "prompt")]
    numbers = {seen.row for seen in who.seen if seen.row is not None}
    if numbers:
        return len(set(doubtful) - numbers)
    return max(0, len(doubtful) - max(0, len(_unrecorded(held, who)) - _proved(held, who)))


def _proved(held: Ledger, who: Any) -> int:
    """Rows of which only an answer has told that they arrived: nobody knows the id of the message."""
    nameless = who.seen and all(seen.row is None for seen in who.seen)
    return len([row for row in _of(held, who) if row.state == "sent" and not row.message_id]) if nameless else 0


def _unrecorded(held: Ledger, who: Any) -> list[str]:
    """Messages in a chat whose id is in no row."""
    recorded = {row.message_id for row in _of(held, who) if row.state == "sent"}
    return [seen.id for seen in who.seen if seen.id not in recorded]


def _silent(held: Ledger, who: Any) -> int:
    return len([row for row in _of(held, who) if row.state in _ENDS_WITH_A_REASON and not row.reason])


def _doubles(side: Side, held: Ledger, who: Any) -> int:
    """Messages in a chat beyond one for each row that arrived."""
    if side.name == "slack":
        times = Counter(seen.row for seen in who.seen if seen.row is not None)
        return sum(count - 1 for count in times.values())
    # A row that ended as unconfirmed may have left one message, which is no double.
    unconfirmed = len([row for row in _of(held, who) if row.state == "unknown"])
    return max(0, len(_unrecorded(held, who)) - unconfirmed - _proved(held, who))


def _inversions(held: Ledger, who: Any) -> int:
    """Messages that arrived after a younger one of their chat had."""
    numbers = {row.message_id: row.id for row in held.rows if row.key == who.chat and row.state == "sent"}
    first: list[int] = []
    for seen in who.seen:
        row = seen.row if seen.row is not None else numbers.get(seen.id)
        if row is not None and row not in first:
            first.append(row)
    return sum(earlier > later for earlier, later in pairwise(first))
