"""Figures for Prometheus: what they say, what they never say, and from where they are read."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
import requests
from doubles.clock import HandClock
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient

from linli.ledger.alerts.schema import alert
from linli.ledger.metrics.meters import LedgerCollector, Meters, ProcessCollector
from linli.ledger.metrics.serving import MetricsError, MetricsServer
from linli.ledger.web.app import make_app
from linli.sync.messages import CheckIn, Trust
from tests.unit.ledger.village import Village, at

Page = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parsed(said: str) -> Page:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }


def value(said: str, name: str, **labels: str) -> float:
    return parsed(said)[name, tuple(sorted(labels.items()))]


def page(meters: Meters) -> str:
    return generate_latest(meters.registry).decode()


def of_village(village: Village, clock: HandClock | None = None) -> Meters:
    meters = Meters()
    clock = clock or HandClock()
    clock.wall = village.now
    meters.registry.register(LedgerCollector(village.engine, clock))
    return meters


def test_fleet_alerts_and_what_waits_are_told(village: Village) -> None:
    event = CheckIn(account="a99", card="card-a99", activity="patrol", trust=Trust.HIGH)
    village.send(village.event(event, at("09:00")))
    now = village.now
    row: dict[str, Any] = {"fault": "reader", "about": "terminal", "subject": "t1"}
    row |= {"scope": "village", "urgency": 3, "says": "x", "since": now, "began": now}
    with village.engine.begin() as connection:
        connection.execute(insert(alert).values(row))
    said = page(of_village(village))
    assert value(said, "linli_database_up") == 1
    assert value(said, "linli_terminals", state="never") == 1
    assert value(said, "linli_alerts_open", fault="reader", acknowledged="no") == 1
    assert value(said, "linli_parked", reason="unknown-account") == 1
    assert value(said, "linli_changes_waiting") > 0
    assert value(said, "linli_publish_lag_seconds") == 0


def test_no_name_of_anybody_or_anything_is_in_it(village: Village) -> None:
    village.send(village.check_in("a1", "patrol", "09:00"))
    said = page(of_village(village))
    labels = re.findall(r'="([^"]*)"', said)
    assert not {"t1", "a1", "village", "patrol", "card-a1"} & set(labels)
    assert "张" not in said


def test_a_page_that_is_asked_for_often_reads_the_database_seldom(village: Village) -> None:
    clock = HandClock()
    meters = of_village(village, clock)
    before = page(meters)
    village.send(village.check_in("a1", "patrol", "09:00"))
    assert page(meters) == before
    clock.pass_(seconds=11)
    clock.wall = village.now
    assert page(meters) != before


def test_a_database_that_does_not_answer_is_told_and_counted(village: Village) -> None:
    meters = Meters()
    meters.watch(village.engine)
    with pytest.raises(SQLAlchemyError), village.engine.connect() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
    assert "linli_database_errors_total{" in page(meters)


def test_answers_are_timed_by_the_template_of_their_route(village: Village) -> None:
    meters, clock = Meters(), HandClock()
    client = TestClient(make_app(village.engine, clock, meters=meters))
    client.get("/healthz")
    client.get("/v1/scope/village/changes/snapshot")
    client.get("/v1/scope/hamlet/changes/snapshot")
    client.get("/nowhere/at/all")
    said = page(meters)
    template = "/v1/scope/{org}/{stream}/snapshot"
    count = "linli_http_request_seconds_count"
    assert value(said, count, route="/healthz", method="GET") == 1
    assert value(said, count, route=template, method="GET") == 2
    assert value(said, count, route="none", method="GET") == 1
    answers = "linli_http_answers_total"
    assert value(said, answers, route=template, method="GET", status="4xx") == 2
    assert "nowhere" not in said


class Ingesting:
    answered, unanswered, dropped, events, waiting = 5, 1, 2, 300, 3
    online = True


def test_a_process_tells_what_it_took(village: Village) -> None:
    meters = Meters()
    meters.registry.register(ProcessCollector(Ingesting(), Ingesting()))  # type: ignore[arg-type]
    said = page(meters)
    assert value(said, "linli_batches_total", outcome="dropped") == 2
    assert value(said, "linli_events_total") == 300
    assert value(said, "linli_broker_connected") == 1


def test_figures_are_served_on_the_loopback_alone() -> None:
    server = MetricsServer(Meters(), 0)
    server.start()
    try:
        url = f"http://127.0.0.1:{server.port}/metrics"
        assert "linli_build" in requests.get(url, timeout=5).text
        with pytest.raises(MetricsError, match=str(server.port)):
            MetricsServer(Meters(), server.port).start()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", server.port), 1)
    finally:
        server.close()
