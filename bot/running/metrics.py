"""What an operator's Prometheus reads: one registry per app, figures of the database taken when they are asked for.

Labels are platforms, states and outcomes: nobody's name, id or words.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from bot.running.watch import Part
from storage.conversation import conversations
from storage.database.open import Database
from storage.outbox import figures
from storage.outbox.figures import Figures

CONTENT_TYPE = CONTENT_TYPE_LATEST
TALLY = 60.0  # seconds between two counts of all the finished rows, beside which the others cost nothing
TOLD_TO_WAIT = "told to wait"  # how delivery's tally calls a 429

Tally = Mapping[tuple[str, str], int]


class _Sends(Collector):
    """Delivery's own tally of what became of messages, by platform, as Prometheus reads it."""

    def __init__(self) -> None:
        self.tally: Tally = {}

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The sends by fate, and apart from them how often a platform asked to wait."""
        told = "Messages by what became of them, and what recovery found."
        sends = CounterMetricFamily("throughline_sends", told, labels=("platform", "fate"))
        told = "Times that a platform asked to wait (429)."
        limits = CounterMetricFamily("throughline_rate_limits", told, labels=("platform",))
        for (platform, what), count in sorted(self.tally.items()):
            if what == TOLD_TO_WAIT:
                limits.add_metric((platform,), count)
            sends.add_metric((platform, what.replace(" ", "_")), count)
        yield sends
        yield limits


class Metrics:
    """The counters and gauges of one app, and the observer that feeds them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._sends = _Sends()
        self.registry.register(self._sends)
        self._tallied: datetime | None = None
        self._done: dict[str, int] = {}
        counter, gauge = partial(Counter, registry=self.registry), partial(Gauge, registry=self.registry)
        self._events = counter("throughline_events", "Events taken in, by kind and outcome.", ("kind", "outcome"))
        self._answers = counter("throughline_answers", "Answers of people that were stored.")
        self._rows = gauge("throughline_outbox_rows", "Rows of the outbox, by state.", ("state",))
        self._lag = gauge("throughline_outbox_lag_seconds", "How long the oldest due row has waited.")
        self._open = gauge("throughline_outbox_unresolved", "Rows that may have arrived, not yet looked into.")
        self._failed = gauge("throughline_inbox_failed", "Events that could not be handled and wait for a replay.")
        self._pings = gauge("throughline_ping_age_seconds", "Since the last ping or poll was answered.", ("platform",))
        self._ready = gauge("throughline_platform_ready", "1 while the platform can be reached.", ("platform",))

    def taken(self, kind: str, outcome: str, answers: int) -> None:
        """Count an event: see Observer."""
        self._events.labels(kind, outcome).inc()
        if answers:
            self._answers.inc(answers)

    async def page(self, database: Database, parts: Mapping[str, Part], tally: Tally, now: datetime) -> bytes:
        """Everything as Prometheus reads it, at the instant `now` (UTC); `tally` is what delivery has counted."""
        stale = self._tallied is None or not 0 <= (now - self._tallied).total_seconds() < TALLY
        found, failed, done = await database.read(partial(_look, now=now, whole=stale))
        if done is not None:
            self._tallied, self._done = now, done
        self._rows.clear()
        for state, count in (self._done | found.rows).items():
            self._rows.labels(state).set(count)
        self._lag.set(found.lag)
        self._open.set(found.unresolved)
        self._failed.set(failed)
        for name, part in parts.items():
            self._ready.labels(name).set(part.state == "ready")
            if part.quiet_for is not None:
                self._pings.labels(name).set(part.quiet_for)
        self._sends.tally = dict(tally)
        return generate_latest(self.registry)


def _look(connection: Connection, now: datetime, whole: bool) -> tuple[Figures, int, dict[str, int] | None]:
    done = figures.finished(connection) if whole else None
    return figures.waiting(connection, now), conversations.failed_count(connection), done
