"""What this process counts itself, and how both become a page for Prometheus.

Every series is bounded: labels are states, reasons, faults and the routes that the code has, never
the name of a person or a device.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError

import linli
from linli.ledger.database import reading
from linli.ledger.ingest.service import Ingest
from linli.ledger.metrics.reading import Figures, read_figures
from linli.sync.clock import Clock
from linli.sync.link import Link

log = structlog.get_logger()
SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
KEPT_S = 10.0
"""A page that is asked for more often reads the database no more often than that."""


class Meters:
    """One process's meters. Each has a registry of its own, so that two in a test do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "linli_http_request_seconds",
            "How long answers took, by the route's template.",
            ["route", "method"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "linli_http_answers",
            "Answers, by the route's template and the hundred of their status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.database_errors = Counter(
            "linli_database_errors",
            "Errors of the database, by their class.",
            ["kind"],
            registry=self.registry,
        )
        build = Gauge("linli_build", "The version that runs.", ["version"], registry=self.registry)
        build.labels(linli.__version__).set(1)

    def watch(self, engine: Engine) -> None:
        """Count its errors."""

        def note(context: ExceptionContext) -> None:
            self.database_errors.labels(type(context.original_exception).__name__).inc()

        event.listen(engine, "handle_error", note)


class ProcessCollector(Collector):
    """Of this process's link and ingest, asked when the page is."""

    def __init__(self, ingest: Ingest, link: Link) -> None:
        self._ingest, self._link = ingest, link

    def collect(self) -> Iterator[Metric]:
        of = self._ingest
        batches = CounterMetricFamily(
            "linli_batches", "Batches of terminals, by what became of them.", labels=["outcome"]
        )
        batches.add_metric(["answered"], of.answered)
        batches.add_metric(["unanswered"], of.unanswered)
        batches.add_metric(["dropped"], of.dropped)
        yield batches
        yield CounterMetricFamily(
            "linli_events", "Events of answered batches, also what came again.", value=of.events
        )
        yield GaugeMetricFamily("linli_batches_waiting", "Batches in the queue.", value=of.waiting)
        yield GaugeMetricFamily(
            "linli_broker_connected", "1 while connected.", value=float(self._link.online)
        )


class LedgerCollector(Collector):
    """Of the ledger as a whole: one process of it serves this."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._figures: Figures | None = None

    def collect(self) -> Iterator[Metric]:
        figures = self._current()
        yield GaugeMetricFamily(
            "linli_database_up", "1 where it answers.", value=float(figures is not None)
        )
        if figures is not None:
            yield from _families(figures)

    def _current(self) -> Figures | None:
        """None where the database does not answer."""
        with self._lock:
            now = self._clock.monotonic()
            if self._read_at is None or now - self._read_at >= KEPT_S:
                self._figures = self._read()
                self._read_at = self._clock.monotonic()
            return self._figures

    def _read(self) -> Figures | None:
        try:
            with reading(self._engine) as connection:
                return read_figures(connection, self._clock.now())
        except (SQLAlchemyError, OSError) as error:
            log.warning("figures not read", error=type(error).__name__)
            return None


def _families(of: Figures) -> Iterator[Metric]:
    yield _by("linli_terminals", "Terminals and boards in service.", "state", of.terminals)
    yield _by("linli_terminal_versions", "By what they say they run.", "version", of.versions)
    yield _by("linli_terminal_problems", "What is wrong with them.", "problem", of.problems)
    alerts = GaugeMetricFamily(
        "linli_alerts_open", "Alerts that have not ended.", labels=["fault", "acknowledged"]
    )
    for (fault, acknowledged), count in sorted(of.alerts.items()):
        alerts.add_metric([fault, "yes" if acknowledged else "no"], count)
    yield alerts
    yield _by("linli_parked", "What was set aside, by reason.", "reason", of.parked)
    yield _by("linli_jobs_open", "Jobs that have not ended.", "state", of.jobs)
    yield _by("linli_rollouts", "Roll-outs.", "state", of.rollouts)
    for name, said, value in (
        ("linli_alert_messages_waiting", "Messages of alerts not sent yet.", of.messages_waiting),
        ("linli_alert_messages_failing", "Those tried in vain so far.", of.messages_tried),
        ("linli_words_waiting", "Words of terminals not settled yet.", of.words_waiting),
        ("linli_changes_waiting", "Changes not published yet.", of.changes_waiting),
        ("linli_publish_lag_seconds", "How long the oldest of them waits.", of.publish_lag_s),
        ("linli_terminal_outbox", "Events that terminals said they hold.", of.outbox),
    ):
        yield GaugeMetricFamily(name, said, value=value)


def _by(name: str, said: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family
