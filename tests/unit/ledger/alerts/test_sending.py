"""Messages are an outbox: gathered, claimed by one, tried again, told at least once."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from doubles.clock import HandClock
from sqlalchemy import insert, select

from linli.ledger.alerts.mail import NotSentError
from linli.ledger.alerts.pace import GIVE_UP
from linli.ledger.alerts.post import Post
from linli.ledger.alerts.routes import (
    Draft,
    RouteError,
    RouteKind,
    close,
    make,
    rekey,
    route,
    routes,
)
from linli.ledger.alerts.rules import Urgency
from linli.ledger.alerts.schema import alert, alert_message, alert_route, alert_sent
from linli.ledger.alerts.sending import (
    ALERTS_KEPT,
    CLAIM,
    Message,
    claim,
    failed,
    forget_old,
    make_messages,
    make_test,
    sent,
)
from linli.ledger.alerts.service import AlertService
from linli.ledger.alerts.wording import MOST_TOLD, document, subject, text
from linli.ledger.people.vault import KeyRing
from tests.unit.ledger.alerts.devices import minutes
from tests.unit.ledger.village import Village

RING = KeyRing("k", {"k": bytes(32)})
URL = "https://hook.example/secret-path"


def routed(village: Village, **changed: Any) -> str:
    draft: dict[str, Any] = {"kind": RouteKind.WEBHOOK, "title": "值班", "target": URL}
    draft |= {"scope": None, "urgency": Urgency.SOON}
    with village.engine.begin() as connection:
        return make(connection, RING, Draft(**{**draft, **changed}), "admin", village.now).id


def told(village: Village, route_id: str, count: int, first: int = 0) -> None:
    """So many alerts began now, and the route is to hear of them."""
    with village.engine.begin() as connection:
        for number in range(first, first + count):
            row = {"fault": "reader", "about": "terminal", "subject": f"t{number}"}
            row |= {"scope": "village", "urgency": 3, "says": "读卡器没有反应"}
            values = {**row, "since": village.now, "began": village.now}
            made = connection.execute(insert(alert).values(values).returning(alert.c.number))
            line = {"alert": made.scalar_one(), "route": route_id, "turn": "began"}
            connection.execute(insert(alert_sent).values({**line, "made_at": village.now}))


def made(village: Village, count: int = 1) -> Message:
    told(village, routed(village), count)
    assert make_messages(village.engine, village.now + minutes(2)) == 1
    (message,) = claim(village.engine, village.now + minutes(2))
    return message


def state(village: Village, id_: str) -> Any:
    with village.engine.connect() as connection:
        query = select(alert_message).where(alert_message.c.id == id_)
        return connection.execute(query).one()


def test_many_alerts_are_one_message_with_a_link_to_the_rest(village: Village) -> None:
    message = made(village, MOST_TOLD + 37)
    names = {"village": "阳光社区"}
    said = text(message, names, "https://points.example")
    assert "还有 37 条" in said
    assert "https://points.example/console/alerts" in said
    assert "阳光社区" in said
    assert subject(message) == "[邻里] t0 读卡器没有反应（另有 56 条）"
    posted = json.loads(document(message, "https://points.example", village.now))
    assert (len(posted["alerts"]), posted["more"]) == (MOST_TOLD, 37)
    assert posted["alerts"][0]["remedy"]


def test_a_robot_gets_no_longer_a_text_than_it_takes(village: Village) -> None:
    message = made(village, 40)
    said = text(message, {}, "https://points.example", 2000)
    assert 1500 < len(said.encode()) <= 2000
    count = said.count("【新】")
    assert f"还有 {40 - count} 条" in said


def test_one_that_was_claimed_is_nobody_elses_until_the_claim_runs_out(village: Village) -> None:
    message = made(village)
    now = village.now + minutes(2)
    assert claim(village.engine, now + CLAIM - minutes(1)) == []
    (again,) = claim(village.engine, now + CLAIM)
    assert again.id == message.id
    sent(village.engine, message.id, now)
    assert claim(village.engine, now + CLAIM * 3) == []


def test_what_was_not_taken_is_tried_again_until_it_is_a_day_old(village: Village) -> None:
    message, now = made(village), village.now + minutes(2)
    failed(village.engine, message.id, "it answered 500", now)
    assert claim(village.engine, now) == []
    (again,) = claim(village.engine, now + minutes(1))
    assert (again.id, again.told) == (message.id, message.told)
    failed(village.engine, message.id, "it answered 500", now + GIVE_UP)
    assert claim(village.engine, now + GIVE_UP * 3) == []
    assert state(village, message.id).given_up_at is not None


def test_while_a_server_is_away_what_comes_is_gathered_into_one_more(village: Village) -> None:
    message, now = made(village), village.now + minutes(2)
    told(village, message.route, 5, first=1)
    assert make_messages(village.engine, now + minutes(30)) == 0
    sent(village.engine, message.id, now)
    assert make_messages(village.engine, now + minutes(30)) == 1
    (following,) = claim(village.engine, now + minutes(30))
    assert len(following.told) == 5


def test_a_test_message_is_tried_once_and_says_what_it_is(village: Village) -> None:
    id_ = routed(village)
    with village.engine.begin() as connection:
        number = make_test(connection, id_, village.now)
    (message,) = claim(village.engine, village.now)
    assert "测试" in subject(message)
    failed(village.engine, number, "no", village.now)
    assert state(village, number).given_up_at is not None


def test_what_was_ended_long_ago_is_forgotten(village: Village) -> None:
    message = made(village)
    sent(village.engine, message.id, village.now)
    later = village.now + ALERTS_KEPT + minutes(60)
    with village.engine.begin() as connection:
        connection.execute(alert.update().values(ended=village.now))
    forget_old(village.engine, later)
    with village.engine.connect() as connection:
        for table in (alert, alert_message, alert_sent):
            assert connection.execute(select(table)).all() == []


def test_what_waits_for_a_route_that_was_closed_is_forgotten(village: Village) -> None:
    id_ = routed(village)
    told(village, id_, 2)
    with village.engine.begin() as connection:
        close(connection, id_, village.now)
    forget_old(village.engine, village.now)
    with village.engine.connect() as connection:
        assert connection.execute(select(alert_sent)).all() == []


def test_where_a_route_goes_is_sealed_and_closed_ones_get_nothing(village: Village) -> None:
    message = made(village)
    with village.engine.begin() as connection:
        (row,) = connection.execute(select(alert_route))
        assert b"hook.example" not in row.target
        known = route(connection, RING, message.route)
        assert known is not None
        assert (known.target, len(known.secret)) == (URL, 48)
        assert "hook.example" not in repr(known)
        assert close(connection, message.route, village.now)
        assert routes(connection, RING) == []
    assert claim(village.engine, village.now + minutes(60)) == []


def test_a_new_key_seals_routes_anew(village: Village) -> None:
    id_ = routed(village)
    both = KeyRing("new", {**RING.keys, "new": bytes([1]) * 32})
    with village.engine.begin() as connection:
        assert rekey(connection, both) == 1
        assert rekey(connection, both) == 0
        known = route(connection, KeyRing("new", {"new": bytes([1]) * 32}), id_)
    assert known is not None
    assert known.target == URL


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (RouteKind.EMAIL, ""),
        (RouteKind.EMAIL, "wang@points"),
        (RouteKind.EMAIL, "wang@points.example\r\nBcc: x@y.example z"),
        (RouteKind.EMAIL, ",".join(f"a{n}@points.example" for n in range(11))),
        (RouteKind.WEBHOOK, "ftp://hook.example/"),
        (RouteKind.WEBHOOK, "https://"),
        (RouteKind.WEBHOOK, "https://a:b@hook.example/"),
        (RouteKind.WEBHOOK, "https://hook.example:99999/"),
        (RouteKind.ROBOT, "https://hook.example/ x"),
        (RouteKind.WEBHOOK, "https://hook.example/" + "x" * 500),
    ],
)
def test_what_is_no_address_makes_no_route(village: Village, kind: RouteKind, target: str) -> None:
    with pytest.raises(RouteError):
        routed(village, kind=kind, target=target)


class Refusing(Post):
    """The other end, as a test wants it."""

    answers: list[str]

    def send(self, message: Message, *_values: Any) -> None:
        self.answers.append(message.id)
        if len(self.answers) == 1:
            raise NotSentError("it answered 500")


class Stumbling(Post):
    """Has a fault, whatever it is given."""

    def send(self, *_values: Any) -> None:
        raise KeyError("unforeseen")


class Hanging(Post):
    """Of two messages the first hangs, as a server does that never answers."""

    hangs: threading.Event
    sent: list[str]

    def send(self, message: Message, *_values: Any) -> None:
        if not self.sent:
            self.sent.append("")
            self.hangs.wait(10)
        self.sent.append(message.id)


class NoLink:
    def on_state(self, listener: Any) -> None:
        listener(True)


def test_the_service_tells_of_what_is_wrong_and_tries_again(village: Village) -> None:
    told(village, routed(village), 1)
    clock = HandClock()
    clock.wall = village.now + minutes(2)
    post = Refusing("https://points.example")
    object.__setattr__(post, "answers", [])
    service = AlertService(village.engine, NoLink(), clock, RING, post)  # type: ignore[arg-type]
    service.round()
    _settle()
    clock.wall += minutes(1)
    service.round()
    _settle()
    assert len(post.answers) == 2
    assert len(set(post.answers)) == 1
    assert state(village, post.answers[0]).sent_at is not None


def test_a_message_that_the_program_stumbles_over_is_given_up_and_frees_its_route(
    village: Village,
) -> None:
    message = made(village)
    clock = HandClock()
    clock.wall = village.now + minutes(2) + GIVE_UP
    service = AlertService(  # type: ignore[arg-type]
        village.engine, NoLink(), clock, RING, Stumbling("https://points.example")
    )
    service.round()
    _settle()
    assert state(village, message.id).given_up_at is not None
    told(village, message.route, 1, first=1)
    assert make_messages(village.engine, clock.wall + minutes(2)) == 1


def _settle() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("alert-"):
            thread.join(10)


def test_a_server_that_hangs_keeps_no_other_message_back(village: Village) -> None:
    ids = [routed(village), routed(village)]
    with village.engine.begin() as connection:
        tests = [make_test(connection, id_, village.now) for id_ in ids]
    clock = HandClock()
    clock.wall = village.now
    post, hangs = Hanging("https://points.example"), threading.Event()
    object.__setattr__(post, "hangs", hangs)
    object.__setattr__(post, "sent", [])
    service = AlertService(village.engine, NoLink(), clock, RING, post)  # type: ignore[arg-type]
    service.round()
    waited = threading.Event()
    for _ in range(200):
        if any(state(village, id_).sent_at for id_ in tests):
            break
        waited.wait(0.02)
    assert sum(state(village, id_).sent_at is not None for id_ in tests) == 1
    hangs.set()
    _settle()
    assert all(state(village, id_).sent_at for id_ in tests)
