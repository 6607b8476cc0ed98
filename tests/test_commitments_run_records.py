"""What a run has come to is written again after each answer: only what differs is touched, and the order stays."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.commitments.values import Standing
from bot.model.records import Rated, Record, Remarked
from storage.programme import commitments as commitments_rows
from storage.programme import run_records
from tests.support.town import Town

RATED = Rated(key="energy", kind="energy", value=7)
REMARKED = Remarked(key="well", kind="win", text="The board said yes")


async def test_what_stands_as_it_is_wanted_is_not_written_again(town: Town) -> None:
    ana = await town.client()
    person = (await ana.place()).person

    def rows_touched(connection: Connection, records: tuple[Record, ...]) -> int:
        today = town.clock().date()
        before = _changes(connection)
        run_records.write(connection, records, person=person, run="r", day=today, at=town.clock())
        return _changes(connection) - before

    async def touched(*records: Record) -> int:
        return await town.app.database.transact(partial(rows_touched, records=records))

    made = CommitmentMade(key="memo", text="Write the memo")
    assert await touched(made, RATED, REMARKED) == 3
    assert await touched(made, RATED, REMARKED) == 0
    assert await touched(made, replace(RATED, value=8), REMARKED) == 2  # out and in again
    assert await touched(made, replace(RATED, value=8)) == 1
    assert await touched(made, replace(RATED, value=8), REMARKED) == 1
    assert await touched() == 3


async def test_of_two_words_on_one_commitment_the_later_holds_also_when_the_earlier_is_changed(town: Town) -> None:
    ana = await town.client()
    person = (await ana.place()).person

    def standing(connection: Connection, reports: tuple[str, str]) -> Standing:
        write = partial(
            run_records.write, connection, person=person, day=town.clock().date(), at=town.clock(), engagement=""
        )
        write((CommitmentMade(key="memo", text="Write the memo"),), run="promise")
        (memo,) = (c for c in commitments_rows.all_commitments(connection, person) if c.text == "Write the memo")
        write(tuple(Reported(key=str(n), commitment=memo.id, report=r) for n, r in enumerate(reports)), run="told")
        (memo,) = (c for c in commitments_rows.all_commitments(connection, person) if c.id == memo.id)
        return memo.standing

    assert await town.app.database.transact(partial(standing, reports=("not_yet", "done"))) is Standing.DONE
    assert await town.app.database.transact(partial(standing, reports=("partly", "done"))) is Standing.DONE
    assert await town.app.database.transact(partial(standing, reports=("partly", "not_yet"))) is Standing.OPEN


def _changes(connection: Connection) -> int:
    """How many rows a transaction has put in, changed or taken out so far."""
    postgresql = "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables"
    counted = postgresql if connection.dialect.name == "postgresql" else "select total_changes()"
    return int(connection.exec_driver_sql(counted).scalar_one())
