"""Each rule: when it begins, when it ends, and that it says what to do."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as changed

from linli.ledger.alerts.judging import NOT_ITS_OWN, Judged, Quiet, judged
from linli.ledger.alerts.observed import District, Observed, Off, Stopped
from linli.ledger.alerts.rules import RULE, RULES, Fault
from linli.ledger.fleet.health.phrases import told
from linli.ledger.fleet.health.problems import problems_of
from linli.sync.health_messages import PartHealth, PartState, RestartNote
from tests.unit.ledger.alerts.devices import NOW, away, health, minutes, there


def part(what: str, state: PartState, problem: str = "") -> dict[str, Any]:
    return {"parts": [PartHealth(what=what, state=state, name="front", problem=problem)]}


def restarts(count: int, ago: float = 10) -> dict[str, Any]:
    note = RestartNote(at=NOW - minutes(ago), reason="crashed", lived_s=5.0)
    return {"restarts": [note] * count}


BEGINS = [
    (Fault.READER, part("reader", PartState.OFF)),
    (Fault.PAPER, part("printer", PartState.WARNING, "paper-out")),
    (Fault.PART, part("board", PartState.OFF, "no-answer")),
    (Fault.DOOR, {"doors_open": [3]}),
    (Fault.OUTBOX, {"outbox": 101}),
    (Fault.OUTBOX, {"outbox": 1, "outbox_oldest_s": 9000.0}),
    (Fault.HOT, {"celsius": 81.0}),
    (Fault.POWER, {"throttled_now": ["under-voltage"]}),
    (Fault.CLOCK, {"clock_good": False}),
    (Fault.CLOCK, {"clock_offset_ms": -90_000.0}),
    (Fault.DISK_FULL, {"disk_free_mb": 250}),
    (Fault.DISK_FULL, {"disk_free_mb": 1500}),
    (Fault.DISK_WORN, {"disk_worn_percent": 92}),
    (Fault.RESTARTS, restarts(3)),
    (Fault.FROZEN, {"frame_age_s": 90.0}),
]
STANDS = [
    (Fault.OUTBOX, {"outbox": 60}),
    (Fault.HOT, {"celsius": 75.0}),
    (Fault.DISK_FULL, {"disk_free_mb": 2000}),
    (Fault.RESTARTS, restarts(1)),
]
"""Below where the alert begins, and above where it ends."""
Key = tuple[Fault, str]


def found(
    *devices: Observed, already: Set[Key] = frozenset(), linked: float | None = 60
) -> list[Judged]:
    since = None if linked is None else NOW - minutes(linked)
    return list(judged(District(devices, since), NOW, already))


def there_is(judgements: list[Judged]) -> dict[Key, str]:
    return {one.key: one.says for one in judgements if one.met}


@pytest.mark.parametrize(("fault", "word"), BEGINS)
def test_each_fault_of_a_device_is_seen_and_said(fault: Fault, word: dict[str, Any]) -> None:
    seen = there_is(found(there(**word)))
    assert set(seen) == {(fault, "t1")}
    assert seen[fault, "t1"]


@pytest.mark.parametrize(("fault", "word"), BEGINS)
def test_whoever_is_alerted_finds_the_same_and_its_remedy_in_the_fleets_list(
    fault: Fault, word: dict[str, Any]
) -> None:
    shown = [told(one).remedy for one in problems_of(health(**word), NOW)]
    assert shown if fault is Fault.PART else shown == [RULE[fault].remedy]


def test_paper_that_still_lasts_a_while_is_not_told_as_out() -> None:
    low, out = (part("printer", PartState.WARNING, word) for word in ("paper-low", "paper-out"))
    assert there_is(found(there(**low))) == {(Fault.PAPER, "t1"): "纸快用完了"}
    assert there_is(found(there(**out))) == {(Fault.PAPER, "t1"): "纸用完了"}


@pytest.mark.parametrize(("fault", "word"), STANDS)
def test_what_has_begun_ends_only_well_below(fault: Fault, word: dict[str, Any]) -> None:
    assert not there_is(found(there(**word)))
    assert set(there_is(found(there(**word), already={(fault, "t1")}))) == {(fault, "t1")}


def test_every_rule_says_what_to_do() -> None:
    assert {rule.fault for rule in RULES} == set(Fault)
    assert all(rule.title and len(rule.remedy) > 8 for rule in RULES)


def test_one_that_works_raises_nothing() -> None:
    assert not there_is(found(there(), there("t2", "c2")))


def test_certificate_copy_and_quarantine_are_known_without_the_device() -> None:
    one = replace(
        away("t1", "c1", NOW - minutes(3)),
        certified_until=NOW + minutes(60),
        twice=1,
        quarantined=True,
    )
    assert {fault for fault, _ in there_is(found(one))} == {
        Fault.CERTIFICATE,
        Fault.TWICE,
        Fault.QUARANTINED,
    }


def test_one_that_is_set_apart_is_not_told_as_offline_too() -> None:
    one = replace(away("t1", "c1", NOW - minutes(60)), quarantined=True)
    assert set(there_is(found(one, there("t2", "c1")))) == {(Fault.QUARANTINED, "t1")}


def test_of_a_device_that_is_away_nobody_can_tell_how_its_parts_are() -> None:
    broken = health(**part("reader", PartState.OFF))
    one = replace(away("t1", "c1", NOW - minutes(60)), health=broken)
    assert [each.met for each in found(one) if each.fault is Fault.READER] == [None]


@pytest.mark.parametrize(("gone", "told"), [(9.9, False), (10, True)])
def test_a_terminal_is_offline_after_ten_minutes(gone: float, told: bool) -> None:
    one = away("t1", "c1", NOW - minutes(gone))
    assert ((Fault.OFFLINE, "t1") in there_is(found(one, there("t2", "c1")))) is told


@pytest.mark.parametrize("off", list(Off))
def test_one_that_is_maintained_or_retired_alerts_nobody(off: Off) -> None:
    one = replace(there(**part("reader", PartState.OFF)), off=off)
    gone = replace(away("t2", "c1", NOW - minutes(60)), off=off)
    judgements = found(one, gone)
    assert not there_is(judgements)
    own = [j for j in judgements if j.subject in ("t1", "t2") and j.fault not in NOT_ITS_OWN]
    assert {j.quiet for j in own} == {Quiet(off.value)}


def test_one_that_says_it_is_maintained_is_told_as_copied_all_the_same() -> None:
    assert (Fault.TWICE, "t1") in there_is(found(replace(there(), off=Off.MAINTAINED, twice=1)))
    assert not there_is(found(replace(there(), off=Off.RETIRED, twice=1)))


def test_a_whole_centre_that_goes_offline_is_one_alert() -> None:
    devices = [away(f"t{n}", "c1", NOW - minutes(n)) for n in range(8, 12)]
    assert set(there_is(found(*devices, there("u1", "c2")))) == {(Fault.CENTRE_OFFLINE, "c1")}


def test_two_hundred_terminals_that_go_offline_are_one_alert() -> None:
    devices = [away(f"t{n}", f"c{n % 50}", NOW - minutes(15)) for n in range(200)]
    devices += [there(f"u{n}", f"c{n}") for n in range(150)]
    assert set(there_is(found(*devices))) == {(Fault.DISTRICT_OFFLINE, "district")}


def test_while_terminals_come_back_one_by_one_it_is_still_the_one_alert() -> None:
    devices = [away(f"t{n}", "c1", NOW - minutes(15)) for n in range(3)]
    open_ = {(Fault.CENTRE_OFFLINE, "c1")}
    assert not there_is(found(*devices, there("t9", "c1"), already=open_))
    assert len(there_is(found(*devices, there("t9", "c1")))) == 3


@pytest.mark.parametrize("linked", [None, 1.0])
def test_a_ledger_that_hears_nobody_blames_nobody(linked: float | None) -> None:
    devices = [away(f"t{n}", f"c{n}", NOW - minutes(60)) for n in range(20)]
    seen = there_is(found(*devices, linked=linked))
    assert set(seen) == ({(Fault.BROKER, "district")} if linked is None else set())


def test_what_a_device_calls_its_parts_breaks_no_line() -> None:
    one = PartHealth(what="reader", state=PartState.OFF)
    bad = changed(one, name="a\r\nBcc: x\u202e" + "x" * 40)
    (says,) = there_is(found(there(parts=[bad] * 9))).values()
    assert says.isprintable()
    assert len(says) < 200


def test_a_rollout_that_stopped_is_an_alert_of_its_own() -> None:
    stopped = Stopped("r1", "village", "两台失败")
    seen = there_is(list(judged(District([], NOW - minutes(60), [stopped]), NOW, set())))
    assert seen == {(Fault.ROLLOUT, "r1"): "两台失败"}
