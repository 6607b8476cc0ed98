"""Nothing is kept longer than was said: messages, ended engagements, codes, and the audit itself."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select, update

from schedules import deletion
from storage import audit
from storage.people import engagements, people
from storage.tables.outbox import OutboxRow
from storage.tables.people import EngagementRow, InboxRow, InviteRow, table_of
from storage.tables.schema import metadata
from tests.support.town import Town

_outbox, _inbox, _invite, _engagement = (table_of(row) for row in (OutboxRow, InboxRow, InviteRow, EngagementRow))


async def count(town: Town, table: Any, *where: Any) -> int:
    def unit(connection: Connection) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

    return await town.app.database.read(unit)


async def forgets(town: Town, **later: float) -> int:
    """The job runs, so much later."""
    town.clock.now += timedelta(**later)
    return await deletion.tick(town.app.database, town.app.library, town.clock())


async def ends(town: Town, user: str, state: str = "closed") -> str:
    """The engagement of a client is over today; returns the client's id."""
    person = (await town.people[user].place()).person
    closed = {"state": state, "closed": town.clock().date()}
    await town.app.database.transact(
        lambda connection: (
            connection.execute(update(_engagement).where(_engagement.c.client == person).values(**closed)).rowcount
        )
    )
    return person


async def test_messages_go_after_ninety_days_and_not_before(town: Town) -> None:
    await town.client("ana")
    await forgets(town, days=89)
    sent, taken = await count(town, _outbox), await count(town, _inbox)
    assert min(sent, taken) > 5
    assert await forgets(town, days=2) == sent + taken
    assert await count(town, _outbox, _outbox.c.finished.is_not(None)) == 0
    assert await count(town, _inbox) == 0


async def test_answers_and_commitments_outlive_the_messages(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("commit call the bank by Wednesday")
    before = await ana.commitments(), await ana.answers()
    await forgets(town, days=200)
    assert (await ana.commitments(), await ana.answers()) == before


async def test_what_still_waits_to_be_sent_is_not_forgotten(town: Town) -> None:
    await town.client("ana")
    waiting = {"state": "pending", "finished": None, "held": "an old backup"}
    await town.app.database.transact(
        lambda connection: connection.execute(update(_outbox).where(_outbox.c.id == 1).values(**waiting)).rowcount
    )
    await forgets(town, days=100)
    assert await count(town, _outbox) == 1


async def test_a_year_after_the_coaching_ended_the_client_is_gone(town: Town) -> None:
    await town.client("ana")
    ben = await town.client("ben")
    person = await ends(town, "ana")
    await forgets(town, days=364)
    assert await town.app.database.read(partial(people.person, wanted=person)) is not None
    await forgets(town, days=1)
    assert await town.app.database.read(partial(people.person, wanted=person)) is None
    left = await town.app.database.read(partial(audit.entries, subject=person))
    assert left[-1].verb == audit.ERASED
    assert await ben.place()


async def test_the_shorter_time_wins_when_the_client_chose_one(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("settings")
    await ana.taps("How long data is kept")
    await ana.taps("A month")
    person = await ends(town, "ana")
    await forgets(town, days=29)
    assert await town.app.database.read(partial(people.person, wanted=person)) is not None
    await forgets(town, days=1)
    assert await town.app.database.read(partial(people.person, wanted=person)) is None


async def test_one_engagement_goes_and_a_client_who_goes_on_elsewhere_stays(town: Town) -> None:
    await town.client("ana")
    person = await ends(town, "ana")
    await town.coach("carla")
    carla = (await town.people["carla"].place()).person
    await town.app.database.transact(partial(engagements.add_engagement, coach=carla, client=person, at=town.clock()))
    await forgets(town, days=366)
    assert await town.app.database.read(partial(people.person, wanted=person)) is not None
    left = await town.app.database.read(partial(engagements.engagements_as_client, wanted=person))
    assert [coached.engagement.coach for coached in left] == [carla]


async def test_one_that_was_closed_without_a_day_is_counted_from_when_it_was_noticed(town: Town) -> None:
    await town.client("ana")
    person = await ends(town, "ana")
    await town.app.database.transact(
        lambda connection: connection.execute(update(_engagement).values(closed=None)).rowcount
    )
    await forgets(town, days=30)
    await forgets(town, days=364)
    assert await town.app.database.read(partial(people.person, wanted=person)) is not None
    await forgets(town, days=1)
    assert await town.app.database.read(partial(people.person, wanted=person)) is None


async def test_an_engagement_that_runs_is_kept_however_old(town: Town) -> None:
    ana = await town.client("ana")
    await forgets(town, days=900)
    assert await ana.answers()


async def test_codes_go_a_month_after_they_expired(town: Town) -> None:
    await town.client("ana")  # by codes that are good for a week
    before = await count(town, _invite)
    await forgets(town, days=36)
    assert await count(town, _invite) == before == 2
    await forgets(town, days=2)
    assert await count(town, _invite) == 0


async def test_the_audit_itself_goes_after_two_years(town: Town) -> None:
    await town.client("ana")
    table = metadata().tables["audit"]
    await forgets(town, days=729)
    assert await count(town, table) > 0
    await forgets(town, days=2)
    assert await count(town, table) == 0


async def test_running_it_twice_changes_nothing_more(town: Town) -> None:
    await town.client("ana")
    await ends(town, "ana")
    assert await forgets(town, days=400) > 0
    assert await forgets(town) == 0
