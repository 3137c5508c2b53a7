"""Any permutation, repetition and grouping of the same events gives the same balances and ranks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from doubles.databases import Databases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.schema import account, deed
from linli.ledger.ranking.schema import point_count, standing
from linli.sync.messages import Trust
from tests.unit.ledger.village import ACTIVITIES, PEOPLE, Village

TAP = st.fixed_dictionaries(
    {
        "who": st.sampled_from(PEOPLE[:3]),
        "what": st.sampled_from([a.id for a in ACTIVITIES]),
        "out": st.booleans(),
        "clock": st.integers(8 * 60 + 30, 19 * 60 + 30).map(
            lambda m: f"{m // 60:02d}:{m % 60:02d}"
        ),
        "clockgood": st.sampled_from([True, True, True, False]),
        "boot": st.sampled_from(["b1", "b2"]),
        "trust": st.sampled_from(list(Trust)),
    }
)


def outcome(village: Village) -> dict[str, Any]:
    """Balances, deeds and ranks: all that people see."""
    return {
        "accounts": {
            r.id: (r.posted, r.pending) for r in village.rows(account) if r.posted or r.pending
        },
        "attendance": sorted(map(tuple, village.rows(attendance))),
        "deeds": sorted(
            (r.id, r.points, r.done_at, r.surplus, r.flags)
            for r in village.rows(deed)
            if r.state != "voided"
        ),
        "standings": sorted(
            (r.period, r.account, r.points, r.reached_at)
            for r in village.rows(standing)
            if r.points
        ),
        "counts": sorted(
            (r.period, r.node, r.points, r.accounts)
            for r in village.rows(point_count)
            if r.accounts
        ),
    }


@contextmanager
def two_villages(databases: Databases) -> Iterator[tuple[Village, Village]]:
    villages = Village(databases.fresh()), Village(databases.fresh())
    try:
        yield villages
    finally:
        for village in villages:
            databases.close(village.engine)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), taps=st.lists(TAP, min_size=1, max_size=14))
def test_order_repetition_and_grouping_of_batches_make_no_difference(
    databases: Databases, data: st.DataObject, taps: list[dict[str, Any]]
) -> None:
    with two_villages(databases) as (first, second):
        payloads = batches(data, first, taps)
        for payload in payloads:
            first.deliver(payload)
        shuffled = data.draw(st.permutations(payloads))
        repeated = data.draw(st.lists(st.sampled_from(payloads), max_size=4))
        waiting = [*shuffled, *repeated]
        while waiting:
            together = data.draw(st.integers(1, len(waiting)))
            second.deliver_together(waiting[:together])
            del waiting[:together]
        assert outcome(first) == outcome(second)
        assert verify(first.engine) is None
        assert verify(second.engine) is None


def batches(data: st.DataObject, village: Village, taps: list[dict[str, Any]]) -> list[bytes]:
    """These taps in batches of one to four."""
    events = []
    for tap in taps:
        tap = dict(tap)
        make = village.sign_out if tap.pop("out") else village.check_in
        boot = tap.pop("boot")
        events.append(make(tap.pop("who"), tap.pop("what"), tap.pop("clock"), bootid=boot, **tap))
    payloads = []
    while events:
        size = data.draw(st.integers(1, 4))
        payloads.append(village.batch(*events[:size]))
        del events[:size]
    return payloads
