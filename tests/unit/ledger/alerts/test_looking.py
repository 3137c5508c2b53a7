"""What a look at the fleet keeps: alerts begin, are told, acknowledged and end, once each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from linli.ledger.alerts.acknowledging import AcknowledgeError, acknowledge
from linli.ledger.alerts.looking import AGAIN_AFTER, look
from linli.ledger.alerts.routes import Draft, RouteKind, close, make
from linli.ledger.alerts.rules import Urgency
from linli.ledger.alerts.schema import alert, alert_sent
from linli.ledger.alerts.sending import claim, make_messages, sent
from linli.ledger.fleet.health.schema import terminal_health, terminal_presence
from linli.ledger.fleet.jobs.schema import rollout
from linli.ledger.people.vault import KeyRing
from linli.ledger.terminals.quarantine import Cause, set_apart
from linli.sync.health_messages import PartHealth, PartState
from linli.sync.messages import encode
from tests.unit.ledger.alerts.devices import health, minutes
from tests.unit.ledger.village import Village

RING = KeyRing("k", {"k": bytes(32)})
NO_READER = [PartHealth(what="reader", state=PartState.OFF, name="front")]
TO = "wang@points.example"


class Post:
    """One village's alerts, and the time."""

    def __init__(self, village: Village) -> None:
        self.engine = village.engine
        self.now = village.now
        self.linked = village.now - minutes(600)

    def says(self, online: bool = True, **changed: Any) -> None:
        """The terminal's last word, heard now."""
        doc = encode(health(**changed))
        row = {
            "terminal": "t1",
            "heard_at": self.now,
            "said_at": self.now,
            "began_at": self.now,
            "bootid": "one",
            "version": "1",
            "firmware": "",
            "trial": "",
            "outbox": 0,
            "maintained": changed.get("maintained", False),
            "outbox_oldest_s": 0.0,
            "clock_good": True,
            "problems": "[]",
            "doc": doc,
        }
        with self.engine.begin() as connection:
            connection.execute(delete(terminal_health))
            connection.execute(delete(terminal_presence))
            connection.execute(insert(terminal_health).values(row))
            here = {"terminal": "t1", "online": online, "since": self.now, "bootid": "one"}
            connection.execute(insert(terminal_presence).values(here))

    def looks(self, after: dt.timedelta = dt.timedelta(), **changed: Any) -> int:
        self.now += after
        self.says(**changed)
        return look(self.engine, self.linked, self.now)

    def breaks(self) -> None:
        """The reader goes, and that is an alert."""
        self.looks(parts=NO_READER)
        assert self.looks(minutes(3), parts=NO_READER) == 1

    def route(self, **changed: Any) -> str:
        draft = {"kind": RouteKind.EMAIL, "title": "值班", "target": TO, "scope": None}
        made = Draft(**{**draft, "urgency": Urgency.SOON, **changed})
        with self.engine.begin() as connection:
            return make(connection, RING, made, "admin", self.now).id

    def alerts(self) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(alert).order_by(alert.c.number)))

    def waiting(self) -> list[tuple[str, str]]:
        with self.engine.connect() as connection:
            query = select(alert_sent.c.route, alert_sent.c.turn).order_by(alert_sent.c.number)
            return [tuple(row) for row in connection.execute(query)]

    def goes_out(self) -> None:
        self.now += minutes(6)
        assert make_messages(self.engine, self.now)
        for message in claim(self.engine, self.now):
            sent(self.engine, message.id, self.now)


@pytest.fixture
def post(village: Village) -> Iterator[Post]:
    return Post(village)


def test_a_reader_that_is_gone_for_two_minutes_is_told_once(post: Post) -> None:
    route = post.route()
    assert post.looks(parts=NO_READER) == 0
    assert post.looks(minutes(1), parts=NO_READER) == 0
    assert post.looks(minutes(1), parts=NO_READER) == 1
    assert post.looks(minutes(1), parts=NO_READER) == 0
    (row,) = post.alerts()
    assert (row.fault, row.subject, row.scope) == ("reader", "t1", "village")
    assert "读卡器" in row.says
    assert post.waiting() == [(route, "began")]


def test_what_is_over_before_it_is_an_alert_leaves_nothing(post: Post) -> None:
    post.looks(parts=NO_READER)
    post.looks(minutes(1))
    assert post.alerts() == []


def test_the_end_is_told_to_whom_the_beginning_was_told(post: Post) -> None:
    route = post.route()
    post.breaks()
    post.goes_out()
    post.route(title="后来的")
    post.looks()
    assert post.looks(minutes(2)) == 1
    assert post.waiting() == [(route, "began"), (route, "ended")]
    assert post.alerts()[0].ended is not None


def test_what_was_over_before_it_was_told_is_not_told(post: Post) -> None:
    post.route()
    post.breaks()
    post.looks()
    post.looks(minutes(2))
    assert post.waiting() == []


def test_maintenance_ends_alerts_without_a_word_and_begins_none(post: Post) -> None:
    route = post.route()
    post.breaks()
    post.goes_out()
    post.looks(maintained=True, parts=NO_READER)
    post.looks(minutes(30), maintained=True, parts=NO_READER)
    (row,) = post.alerts()
    assert (row.quiet, row.ended is None) == ("maintained", False)
    assert post.waiting() == [(route, "began")]


def test_one_that_went_away_out_of_service_is_told_after_a_day(post: Post) -> None:
    post.says(maintained=True)
    for passed, alerts in ((minutes(60), 0), (dt.timedelta(hours=22), 0), (minutes(120), 1)):
        post.now += passed
        assert look(post.engine, post.linked, post.now) == alerts


def test_it_is_told_again_after_hours_until_somebody_acknowledges(post: Post) -> None:
    route = post.route()
    post.breaks()
    post.goes_out()
    post.looks(AGAIN_AFTER, parts=NO_READER)
    assert post.waiting() == [(route, "began"), (route, "still")]
    post.looks(minutes(1), parts=NO_READER)
    number = post.alerts()[0].number
    with post.engine.begin() as connection:
        acknowledge(connection, number, "wang", "我去看看", post.now)
    post.looks(AGAIN_AFTER, parts=NO_READER)
    assert post.waiting() == [(route, "began"), (route, "still")]


def test_acknowledging_needs_a_reason_and_is_done_once(post: Post) -> None:
    post.breaks()
    number = post.alerts()[0].number
    for why in ("", "很" * 201):
        with pytest.raises(AcknowledgeError), post.engine.begin() as connection:
            acknowledge(connection, number, "wang", why, post.now)
    with post.engine.begin() as connection:
        acknowledge(connection, number, "wang", "在路上", post.now)
    with pytest.raises(AcknowledgeError, match="wang"), post.engine.begin() as connection:
        acknowledge(connection, number, "li", "我也去", post.now)


def test_a_route_hears_of_its_own_community_and_of_what_is_urgent_enough(post: Post) -> None:
    theirs = post.route(scope="village")
    post.route(scope="street")
    closed = post.route()
    with post.engine.begin() as connection:
        assert close(connection, closed, post.now)
    post.route(urgency=Urgency.NOW)
    post.looks(doors_open=[2])
    post.looks(minutes(6), doors_open=[2])
    assert [route for route, _ in post.waiting()] == [theirs]


def test_two_processes_that_look_at_once_make_one_alert(post: Post) -> None:
    post.route()
    post.looks(parts=NO_READER)
    post.now += minutes(3)
    post.says(parts=NO_READER)
    assert look(post.engine, post.linked, post.now) == 1
    assert look(post.engine, post.linked, post.now) == 0
    assert len(post.waiting()) == len(post.alerts()) == 1


def test_offline_is_told_with_since_when_and_ends_once_it_is_back(post: Post) -> None:
    post.looks(online=False)
    post.now += minutes(10)
    assert look(post.engine, post.linked, post.now) == 1
    assert post.alerts()[0].fault == "offline"
    post.looks()
    assert post.looks(minutes(2)) == 1


def test_one_that_is_connected_and_says_nothing_is_away_too(post: Post) -> None:
    post.looks()
    post.now += minutes(11)
    assert look(post.engine, post.linked, post.now) == 1
    assert post.alerts()[0].fault == "offline"


def test_a_rollout_that_stopped_itself_is_told_until_somebody_decides(post: Post) -> None:
    now = post.now
    row = {"id": "r1", "scope": "village", "task": b"{}", "waves": b"[]", "tolerated": 0}
    row |= {"hours": 1, "deadline_s": 60, "state": "stopped", "version": 1, "why": "换新版本"}
    row |= {"made_at": now, "made_by": "w", "changed_at": now, "changed_by": "-"}
    with post.engine.begin() as connection:
        connection.execute(insert(rollout).values(row))
    assert post.looks() == 1
    assert [(one.fault, one.subject) for one in post.alerts()] == [("rollout", "r1")]
    assert "换新版本" in post.alerts()[0].says
    with post.engine.begin() as connection:
        connection.execute(rollout.update().values(state="canceled"))
    post.looks()
    assert post.looks(minutes(1)) == 1


def test_one_that_is_put_in_quarantine_is_told_at_once(post: Post) -> None:
    with post.engine.begin() as connection:
        assert set_apart(connection, "t1", Cause.FLOOD, post.now)
    assert post.looks() == 1
    assert [one.fault for one in post.alerts()] == ["quarantined"]


def test_one_in_quarantine_does_not_silence_that_by_saying_that_it_is_looked_after(
    post: Post,
) -> None:
    with post.engine.begin() as connection:
        assert set_apart(connection, "t1", Cause.FLOOD, post.now)
    assert post.looks(maintained=True) == 1
    assert post.looks(minutes(30), maintained=True) == 0
    (row,) = post.alerts()
    assert (row.fault, row.ended) == ("quarantined", None)


def test_a_word_that_this_ledger_cannot_read_silences_no_other_alert(post: Post) -> None:
    post.says()
    with post.engine.begin() as connection:
        connection.execute(update(terminal_health).values(doc=b'{"terminal":"t1","parts":7}'))
    assert look(post.engine, None, post.now) == 0
    assert look(post.engine, None, post.now + minutes(2)) == 1
    assert [row.fault for row in post.alerts()] == ["broker"]
