"""What operators see from outside: figures that are right, readiness with reasons, and nobody's words."""

from datetime import timedelta
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, update
from starlette.applications import Starlette

from bot.logs import Redactor
from bot.observer import Silent
from bot.running.health_routes import NO_ROLES, health_routes
from bot.running.metrics import TALLY, Metrics
from storage.database.open import Database
from storage.tables.outbox import OutboxRow
from storage.tables.people import table_of
from tests.support.outbox import NOON
from tests.support.town import Town, town_on

_outbox = table_of(OutboxRow)


class FakePart:
    """A platform that stands as it is told to."""

    def __init__(self, state: str = "ready", reason: str = "", quiet_for: float | None = 1.5) -> None:
        self.state, self.reason, self.quiet_for = state, reason, quiet_for
        self.down_for = None if state == "ready" else 90.0


class Broken(Database):
    """A database that does not answer."""

    async def transact(self, unit: Any, /) -> Any:
        """Fail."""
        raise OSError("no such host")

    read = transact

    async def vacuum(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""


def figures(text: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def scraped(town: Town, metrics: Metrics, **parts: FakePart) -> dict[str, float]:
    page = await metrics.page(town.app.database, parts, town.app.delivery.tally, town.clock())
    return figures(page.decode())


async def asked(database: Database, path: str, *, roles: Any = NO_ROLES, **parts: FakePart) -> httpx.Response:
    routes = health_routes(database, parts, Metrics(), {}, lambda: NOON, Redactor(("the-secret-token",)), roles)
    transport = httpx.ASGITransport(app=Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://throughline") as client:
        return await client.get(path)


# -- figures ---------------------------------------------------------------------------------------------------------


async def test_rows_are_counted_by_state_and_the_lag_is_that_of_the_oldest_due_row(town: Town) -> None:
    await town.client("ana")
    metrics = Metrics()
    before = await scraped(town, metrics)
    assert before["throughline_outbox_rows['sent']"] > 5
    assert before["throughline_outbox_lag_seconds[]"] == 0

    def stuck(connection: Connection) -> None:
        rows = _outbox.c.id.in_((1, 2, 3))
        late = {"state": "pending", "finished": None, "due_at": town.clock() - timedelta(seconds=90)}
        connection.execute(update(_outbox).where(rows).values(**late))
        connection.execute(update(_outbox).where(_outbox.c.id == 2).values(held="an old backup"))
        connection.execute(update(_outbox).where(_outbox.c.id == 3).values(state="unknown"))

    await town.app.database.transact(stuck)
    after = await scraped(town, metrics)
    assert after["throughline_outbox_lag_seconds[]"] == 90
    assert after["throughline_outbox_unresolved[]"] == 1
    assert [after[f"throughline_outbox_rows['{state}']"] for state in ("pending", "held", "unknown")] == [1, 1, 1]


async def test_finished_rows_are_looked_through_once_a_minute_at_most(town: Town) -> None:
    ana, metrics = await town.client("ana"), Metrics()
    before = await scraped(town, metrics)
    await ana.says("progress")
    assert (await scraped(town, metrics))["throughline_outbox_rows['sent']"] == before[
        "throughline_outbox_rows['sent']"
    ]
    town.clock.now += timedelta(seconds=TALLY)
    assert (await scraped(town, metrics))["throughline_outbox_rows['sent']"] > before["throughline_outbox_rows['sent']"]


async def test_events_answers_and_sends_are_counted(sqlite_fresh: str) -> None:
    town, metrics = town_on(sqlite_fresh), Metrics()
    town.observer = metrics
    async with town.open():
        ana = await town.client("ana")
        found = await scraped(town, metrics)
        assert found["throughline_answers_total[]"] == 4
        assert found["throughline_events_total['accepted', 'said']"] >= 7
        assert found["throughline_sends_total['console', 'sent']"] == len([*ana.read, *town.people["dana"].read])
        await ana.says("progress", key="once")
        await ana.says("progress", key="once")
        assert (await scraped(town, metrics))["throughline_events_total['duplicate', 'said']"] == 1


async def test_a_platform_that_asks_to_wait_is_counted_apart(database: Database) -> None:
    tally = {("telegram", "told to wait"): 2, ("telegram", "sent"): 7, ("slack", "in doubt"): 1}
    page = figures((await Metrics().page(database, {}, tally, NOON)).decode())
    assert page["throughline_rate_limits_total['telegram']"] == 2
    assert page["throughline_sends_total['sent', 'telegram']"] == 7
    assert page["throughline_sends_total['in_doubt', 'slack']"] == 1


async def test_pings_and_readiness_of_each_platform_are_told(town: Town) -> None:
    found = await scraped(
        town, Metrics(), telegram=FakePart(quiet_for=3.5), slack=FakePart("disconnected", quiet_for=None)
    )
    assert found["throughline_ping_age_seconds['telegram']"] == 3.5
    assert "throughline_ping_age_seconds['slack']" not in found
    assert found["throughline_platform_ready['telegram']"] == 1
    assert found["throughline_platform_ready['slack']"] == 0


def test_two_apps_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.taken("said", "accepted", 1)
    assert one.registry.get_sample_value("throughline_answers_total") == 1
    assert other.registry.get_sample_value("throughline_answers_total") == 0
    Silent().taken("said", "accepted", 1)


# -- health and readiness --------------------------------------------------------------------------------------------


async def test_ready_says_so_and_nothing_more(town: Town) -> None:
    answer = await asked(town.app.database, "/readyz", telegram=FakePart())
    assert (answer.status_code, answer.json()) == (200, {"database": "ready", "telegram": "ready"})
    assert (await asked(town.app.database, "/healthz")).json() == {"status": "alive"}


async def test_what_is_not_ready_is_named_with_its_reason_and_without_secrets(town: Town) -> None:
    refused = FakePart("unauthorised", "the-secret-token was revoked")
    answer = await asked(town.app.database, "/readyz", telegram=FakePart(), slack=refused)
    assert answer.status_code == 503
    assert answer.json()["slack"] == "unauthorised"
    assert answer.json()["reasons"] == {"slack": "[secret] was revoked"}
    assert answer.json()["since"] == {"slack": (NOON - timedelta(seconds=90)).isoformat(timespec="seconds")}


async def test_whether_this_process_polls_is_told_and_makes_it_no_less_ready(town: Town) -> None:
    roles = {"telegram polling": lambda: False, "jobs": lambda: True}
    answer = await asked(town.app.database, "/readyz", roles=roles, telegram=FakePart())
    assert answer.status_code == 200
    assert answer.json()["roles"] == {"telegram polling": "elsewhere", "jobs": "here"}


async def test_a_database_that_does_not_answer_is_said_and_the_process_still_lives() -> None:
    answer = await asked(Broken(), "/readyz")
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["reasons"]["database"]
    assert (await asked(Broken(), "/metrics")).status_code == 503
    assert (await asked(Broken(), "/healthz")).status_code == 200


async def test_the_page_is_one_that_prometheus_reads(town: Town) -> None:
    answer = await asked(town.app.database, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "throughline_outbox_lag_seconds" in answer.text
