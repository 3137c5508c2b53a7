"""What terminals say of themselves is kept, with what happened meanwhile; liars are not heard."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, insert, select

from linli.ledger.fleet.health.history import (
    HOURLY,
    KEPT,
    KEPT_FOR,
    Happening,
    What,
    append,
    history,
)
from linli.ledger.fleet.health.keeping import keep_health, keep_presence
from linli.ledger.fleet.health.listing import Device, fleet
from linli.ledger.fleet.health.presence import PresenceWatch
from linli.ledger.fleet.health.problems import Kind
from linli.ledger.fleet.health.schema import terminal_history, terminal_presence
from linli.ledger.fleet.health.watch import HealthWatch, understood
from linli.ledger.terminals.doubles import hear as heard_start
from linli.ledger.terminals.quarantine import Cause, set_apart
from linli.ledger.terminals.registry import register
from linli.sync import topics
from linli.sync.health_messages import (
    MESSAGE_BYTES,
    Health,
    MachineHealth,
    PartHealth,
    PartState,
    RestartNote,
)
from linli.sync.messages import Presence, PresenceState, encode
from linli.sync.signing import MalformedError
from tests.unit.ledger.village import NOW, Village

HOUR = dt.timedelta(hours=1)
GONE = [PartHealth(what="reader", state=PartState.OFF, name="usb", problem="no-answer")]


def word(at: dt.datetime = NOW, **more: Any) -> Health:
    given = {"terminal": "t1", "at": at, "bootid": "b1", "began_at": NOW, "version": "1.0"}
    machine = MachineHealth(clock_good=more.pop("clock_good", True))
    return Health(machine=machine, **{**given, **more})


def hear(village: Village, *words: Health) -> None:
    for said in words:
        with village.engine.begin() as connection:
            assert keep_health(connection, {said.terminal: said}, village.now) == []


def come_and_go(village: Village, state: PresenceState, boot: str = "b1") -> None:
    with village.engine.begin() as connection:
        if state is PresenceState.ONLINE:
            heard_start(connection, "t1", boot, village.now)
        keep_presence(connection, "t1", state, boot, village.now)


def device(village: Village, name: str = "t1") -> Device:
    with village.engine.connect() as connection:
        (found,) = fleet(connection, village.now, name=name)
        return found


def lately(village: Village) -> list[tuple[str, str, str]]:
    with village.engine.connect() as connection:
        entries = history(connection, "t1", village.now - KEPT_FOR)
        return [(one.what, one.subject, one.detail) for one in entries][::-1]


def test_a_part_that_fails_and_works_again_is_a_problem_from_one_word_to_the_other(
    village: Village,
) -> None:
    come_and_go(village, PresenceState.ONLINE)
    hear(village, word(parts=GONE))
    village.now = NOW + HOUR
    hear(village, word(village.now, parts=GONE))
    (problem,) = device(village).problems
    assert (problem.kind, problem.subject, problem.since) == (Kind.READER, "usb", NOW)
    hear(village, word(village.now + dt.timedelta(minutes=1)))
    assert device(village).problems == ()
    assert lately(village)[-2:] == [
        ("began", "reader:usb", "no-answer"),
        ("ended", "reader:usb", "no-answer"),
    ]


def test_a_start_of_another_version_is_told_with_the_reason_of_the_end_before(
    village: Village,
) -> None:
    later = NOW + HOUR
    note = RestartNote(at=later, reason="frozen", lived_s=60.0)
    hear(village, word())
    village.now = later
    hear(village, word(later, bootid="b2", version="1.1", restarts=[note], began_at=later))
    assert lately(village) == [("started", "frozen", ""), ("version", "1.1", "1.0")]


def test_what_the_broker_repeats_is_no_news(village: Village) -> None:
    hear(village, word())
    village.now = NOW + HOUR
    hear(village, word())
    vitals = device(village).vitals
    assert vitals
    assert vitals.heard_at == NOW


def test_a_word_that_stood_at_the_broker_is_as_old_as_its_good_clock_says(village: Village) -> None:
    hear(village, word(NOW - HOUR))
    vitals = device(village).vitals
    assert vitals
    assert vitals.heard_at == NOW - HOUR


def test_an_offline_of_another_start_is_old(village: Village) -> None:
    come_and_go(village, PresenceState.ONLINE, "b1")
    come_and_go(village, PresenceState.ONLINE, "b2")
    come_and_go(village, PresenceState.OFFLINE, "b1")
    assert device(village).online
    come_and_go(village, PresenceState.OFFLINE, "b2")
    village.now = NOW + HOUR
    come_and_go(village, PresenceState.OFFLINE, "b2")
    (problem,) = device(village).problems
    assert (problem.kind, problem.since) == (Kind.OFFLINE, NOW)
    assert lately(village) == [("online", "", "first"), ("offline", "", "")]


def test_a_start_that_came_and_went_while_the_ledger_was_away_is_gone(village: Village) -> None:
    come_and_go(village, PresenceState.ONLINE, "b1")
    come_and_go(village, PresenceState.OFFLINE, "b2")
    assert [one.kind for one in device(village).problems] == [Kind.OFFLINE]
    come_and_go(village, PresenceState.ONLINE, "b3")
    assert device(village).online


def test_one_that_is_connected_and_silent_needs_somebody(village: Village) -> None:
    come_and_go(village, PresenceState.ONLINE)
    hear(village, word())
    village.now = NOW + HOUR
    assert [one.kind for one in device(village).problems] == [Kind.SILENT]


def test_one_that_never_came_needs_somebody_after_an_hour(village: Village) -> None:
    assert device(village).problems == ()
    village.now = NOW + 2 * HOUR
    (problem,) = device(village).problems
    assert (problem.kind, problem.word) == (Kind.OFFLINE, "never")


def test_one_that_is_being_looked_after_needs_nobody_else(village: Village) -> None:
    come_and_go(village, PresenceState.ONLINE)
    hear(village, word(parts=GONE, maintained=True))
    assert (device(village).maintained, device(village).needs_somebody) == (True, False)
    with village.engine.begin() as connection:
        set_apart(connection, "t1", Cause.FLOOD, village.now)
    assert [problem.kind for problem in device(village).pressing] == [Kind.QUARANTINED]


def test_the_word_of_many_is_kept_at_once_and_strangers_are_named(village: Village) -> None:
    with village.engine.begin() as connection:
        for n in range(20):
            key = f"{n:064x}"
            register(
                connection,
                name=f"m{n}",
                kind="board",
                public_key=key,
                scope="village",
                centre="c",
                now=NOW,
            )
        words = {name: word(terminal=name) for name in [*(f"m{n}" for n in range(20)), "x"]}
        assert keep_health(connection, words, NOW) == ["x"]
        assert sum(one.vitals is not None for one in fleet(connection, NOW)) == 20
        assert fleet(connection, NOW, scopes=["elsewhere"]) == []


def test_a_part_that_comes_and_goes_does_not_fill_the_history(village: Village) -> None:
    for n in range(HOURLY):
        at = NOW + dt.timedelta(seconds=n)
        hear(village, word(at, parts=GONE if n % 2 else []))
        come_and_go(village, PresenceState.ONLINE if n % 2 else PresenceState.OFFLINE)
    assert len(lately(village)) == HOURLY


def test_the_history_is_bounded_in_number_and_in_age(village: Village) -> None:
    rows = [
        {
            "terminal": "t1",
            "at": NOW - 2 * HOUR,
            "kind": "x",
            "subject": "",
            "detail": "",
        }
        for _ in range(KEPT + 50)
    ]
    rows[0]["at"] = NOW - KEPT_FOR - HOUR
    with village.engine.begin() as connection:
        connection.execute(insert(terminal_history), rows)
        append(connection, {"t1": [Happening(What.ONLINE)]}, NOW)
        count = connection.execute(select(func.count()).select_from(terminal_history)).scalar()
    assert count == KEPT


LIES = [
    ("another", encode(word())),
    ("t1", encode(word(NOW.replace(year=2500)))),
    ("t1", encode(word(firmware="\0"))),
    ("t1", b"[" * 20000),
    ("t1", b"[" * 9000),
    ("t1", b"\xff"),
    ("t1", b" " * MESSAGE_BYTES + encode(word())),
]


@pytest.mark.parametrize(("name", "payload"), LIES)
def test_liars_are_not_heard(name: str, payload: bytes) -> None:
    with pytest.raises(MalformedError):
        understood(topics.health(name), payload)


def test_numbers_beyond_all_measure_are_kept_as_large(village: Village) -> None:
    machine = MachineHealth(clock_good=True, disk_free_mb=2**53 - 1)
    huge = msgspec.structs.replace(word(outbox=2**53 - 1), machine=machine)
    hear(village, huge)
    with village.engine.connect() as connection:
        assert connection.execute(select(terminal_presence)).first() is None
    vitals = device(village).vitals
    assert vitals
    assert vitals.outbox == 2**31 - 1


class Told:
    """Where a link would hand over what it hears."""

    def __init__(self) -> None:
        self.handlers: dict[str, Callable[[str, bytes], None]] = {}

    def subscribe(self, topic: str, handler: Callable[[str, bytes], None]) -> None:
        self.handlers[topic] = handler


def test_what_the_link_hears_of_many_is_kept_though_one_lies(village: Village) -> None:
    told, clock = Told(), SimpleNamespace(now=lambda: village.now)
    health = HealthWatch(village.engine, told, clock, 0.01)  # type: ignore[arg-type]
    presence = PresenceWatch(village.engine, told, clock)  # type: ignore[arg-type]
    here = Presence(
        terminal="t1", state=PresenceState.ONLINE, bootid="b1", version="1", at=village.now
    )
    hear_health, hear_presence = (
        told.handlers[f"linli/v1/t/+/{x}"] for x in ("health", "presence")
    )
    hear_presence("linli/v1/t/t2/presence", encode(here))
    hear_presence("linli/v1/t/t1/presence", encode(here))
    hear_health("linli/v1/t/t2/health", encode(word()))
    hear_health("linli/v1/t/t1/health", encode(word()))
    health.start()
    presence.start()
    while (one := device(village)).vitals is None or not one.online:
        time.sleep(0.01)
    health.close()
    presence.close()
    assert one.problems == ()
