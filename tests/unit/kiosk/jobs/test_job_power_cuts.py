"""Jobs walked through power cuts at every write, through lists that come twice, late and in any
order, and through cancels at any moment."""

from __future__ import annotations

from desks import Office, PowerCutError
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from linli.kiosk.jobs.doing import failed
from linli.sync.job_messages import JobOrder
from linli.sync.jobs import OPEN

IDS = ("a", "b", "c")
Told = list[tuple[str, bool]]
lists = st.lists(st.tuples(st.sampled_from(IDS), st.booleans()), max_size=3)
steps = st.lists(
    st.one_of(
        lists,
        st.just("turn"),
        st.just("start"),
        st.tuples(st.integers(0, 2), st.booleans()),
    ),
    max_size=25,
)


@settings(max_examples=300)
@given(steps)
def test_whatever_comes_each_job_is_begun_once_at_most_and_has_one_end(
    history: list[Told | str | tuple[int, bool]],
) -> None:
    office = Office()
    office.hand.answers = [None, None]
    office.hand.looked = failed("interrupted")
    orders = {id_: office.order(id_) for id_ in IDS}

    def powered(act: str | Told) -> None:
        try:
            office.turns(1) if isinstance(act, str) else office.lists(*_orders(orders, act))
        except PowerCutError:
            office.disk.cut_in = None
            office.start()

    for step in history:
        if step == "start":
            office.start()
        elif isinstance(step, tuple):
            writes, kept = step
            office.disk.cut_in, office.disk.cut_keeps = office.disk.writes + writes, kept
        elif not isinstance(step, str) or step == "turn":
            powered(step)
    office.disk.cut_in = None
    office.desk.connected()
    office.lists(*orders.values())
    office.turns(8)
    ends: dict[str, set[object]] = {id_: set() for id_ in IDS}
    for said in office.ledger.heard:
        if said.state not in OPEN:
            ends[said.id].add((said.state, said.reason))
    assert all(len(found) == 1 for found in ends.values()), ends
    assert all(times == 1 for times in office.hand.begins.values())


def _orders(orders: dict[str, JobOrder], told: Told) -> list[JobOrder]:
    return [replace(orders[id_], canceled=gone) for id_, gone in told]
