"""One tap is followed by its name, from the terminal's word to the feed."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from linli.commands.ledger import app
from linli.ledger.ingest.following import follow
from linli.ledger.ingest.schema import received
from linli.sync.tracing import new_trace, traceparent
from tests.unit.ledger.village import Village, at

TRACE = new_trace(bytes(range(16)))


def tap(village: Village, who: str = "a1", parent: str = "") -> None:
    village.send(village.check_in(who, "patrol", "09:00", traceparent=parent or traceparent(TRACE)))


def test_a_tap_is_followed_from_the_card_to_the_feed(village: Village) -> None:
    village.send(village.check_in("a2", "patrol", "08:59"))
    tap(village)
    with village.engine.connect() as connection:
        (way,) = follow(connection, TRACE)
        assert follow(connection, TRACE, "t1") == [way]
        assert follow(connection, new_trace()) == []
    assert (way.terminal, way.seq, way.batch) == ("t1", 2, 2)
    assert way.tapped_at == at("09:00")
    assert way.received_at == village.now
    assert way.applied
    assert way.confirmed
    assert {(one.scope, one.stream) for one in way.told} >= {("village", "holders")}


def test_a_tap_that_was_set_aside_says_why(village: Village) -> None:
    village.send(village.check_in("a99", "patrol", "09:00", traceparent=traceparent(TRACE)))
    with village.engine.connect() as connection:
        (way,) = follow(connection, TRACE)
    assert not way.applied
    assert (way.reason, bool(way.parked)) == ("unknown-account", True)


@pytest.mark.parametrize("parent", ["garbage", f"ff-{TRACE}-x-01", "x" * 2000])
def test_a_name_that_is_none_stops_no_tap(village: Village, parent: str) -> None:
    tap(village, parent=parent)
    assert village.pending("a1") == 0
    assert [row.applied for row in village.rows(received)] == [True]
    with village.engine.connect() as connection:
        assert follow(connection, TRACE) == []


def test_the_command_prints_the_way(village: Village) -> None:
    tap(village)
    url = village.engine.url.render_as_string(hide_password=False)
    ran = CliRunner().invoke(app, ["trace", TRACE, "--database", url, "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.output)[0]["seq"] == 1
    assert CliRunner().invoke(app, ["trace", "x", "--database", url]).exit_code == 2
    said = CliRunner().invoke(app, ["trace", TRACE, "--database", url]).output
    assert "applied   yes" in said
