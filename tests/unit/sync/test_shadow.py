"""Settings by shadow, walked through wishes, power cuts and verdicts in any order."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from linli.sync.shadow import (
    NOTHING,
    PROBATION_S,
    Evidence,
    Shadow,
    Wish,
    failed,
    in_force,
    offered,
    on_trial,
    proven,
    started,
    verdict,
)
from linli.sync.shadow_messages import ShadowFault, ShadowState

LOUD = Wish(1, {"volume": 80})
QUIET = Wish(2, {"volume": 10})
WHOLE = Evidence(drawn=True, database=True, linked=True)
wishes = st.builds(
    Wish,
    st.integers(1, 3),
    st.fixed_dictionaries({}, optional={"volume": st.integers(0, 2)}),
)


def test_settings_are_in_force_from_their_first_counted_start() -> None:
    chosen = offered(Shadow(), LOUD)
    assert in_force(chosen) == {}
    assert in_force(started(chosen)) == LOUD.doc


def test_what_stood_its_probation_is_good() -> None:
    kept = proven(started(offered(Shadow(), LOUD)))
    assert kept.good == LOUD
    assert not on_trial(kept)
    assert kept.answer
    assert kept.answer.state is ShadowState.APPLIED


def test_what_failed_gives_way_to_the_last_known_good_and_is_not_tried_again() -> None:
    kept = proven(started(offered(Shadow(), LOUD)))
    back = failed(started(offered(kept, QUIET)), ShadowFault.NO_BROKER)
    assert in_force(started(back)) == LOUD.doc
    assert offered(back, QUIET) == back
    assert back.answer
    assert back.answer.error is ShadowFault.NO_BROKER


def test_one_power_cut_on_trial_is_forgiven_and_the_next_one_ends_it() -> None:
    once = started(started(offered(Shadow(), LOUD)))
    assert in_force(once) == LOUD.doc
    twice = started(once)
    assert in_force(twice) == {}
    assert twice.answer
    assert twice.answer.error is ShadowFault.INTERRUPTED


def test_a_refused_wish_changes_nothing_that_is_good() -> None:
    kept = proven(started(offered(Shadow(), LOUD)))
    refused = offered(kept, QUIET, ShadowFault.UNKNOWN_KEY, "volum")
    assert in_force(refused) == LOUD.doc
    assert refused.answer
    assert refused.answer.state is ShadowState.REFUSED


def test_what_an_older_program_refused_is_tried_by_a_newer_one() -> None:
    refused = offered(Shadow(), QUIET, ShadowFault.UNKNOWN_KEY, "volum")
    assert on_trial(offered(refused, QUIET))


def test_a_ledger_put_back_to_an_older_state_is_heard_under_a_version_used_before() -> None:
    kept = proven(started(offered(Shadow(), LOUD)))
    again = offered(kept, Wish(LOUD.version, {"volume": 5}))
    assert on_trial(again)


def test_the_document_that_is_in_force_needs_no_trial() -> None:
    kept = offered(proven(started(offered(Shadow(), LOUD))), Wish(9, LOUD.doc))
    assert not on_trial(kept)
    assert kept.good.version == 9


def test_nothing_passes_before_its_time() -> None:
    assert verdict(WHOLE, PROBATION_S - 0.1, connection_changed=True) is None


@pytest.mark.parametrize(
    ("evidence", "fault"),
    [
        (Evidence(database=True, linked=True), ShadowFault.NOT_DRAWN),
        (Evidence(drawn=True, linked=True), ShadowFault.NO_DATABASE),
        (msgspec.structs.replace(WHOLE, display=False), ShadowFault.NO_DISPLAY),
        (msgspec.structs.replace(WHOLE, linked=False), ShadowFault.NO_BROKER),
    ],
)
def test_each_thing_that_is_not_seen_fails(evidence: Evidence, fault: ShadowFault) -> None:
    assert verdict(evidence, PROBATION_S, connection_changed=True) is fault


def test_a_terminal_without_network_proves_what_does_not_concern_the_network() -> None:
    unlinked = msgspec.structs.replace(WHOLE, linked=False)
    assert verdict(unlinked, PROBATION_S, connection_changed=False) is True


class PowerCuts(RuleBasedStateMachine):
    """Each rule is one write; what was not written before the power went is gone."""

    @initialize()
    def begin(self) -> None:
        self.disk = msgspec.json.encode(Shadow())
        self.running: dict[str, int] = {}
        self.proved = [NOTHING.doc]

    @property
    def kept(self) -> Shadow:
        return msgspec.json.decode(self.disk, type=Shadow)

    def write(self, after: Shadow, power: bool) -> None:
        if power:
            self.disk = msgspec.json.encode(after)
        else:
            self.start(power=True)

    @rule(power=st.booleans())
    def start(self, power: bool) -> None:
        after = started(self.kept)
        if power:
            self.disk = msgspec.json.encode(after)
            self.running = in_force(after)

    @rule(wish=wishes, bad=st.booleans(), power=st.booleans())
    def offer(self, wish: Wish, bad: bool, power: bool) -> None:
        fault = ShadowFault.WRONG_VALUE if bad else None
        self.write(offered(self.kept, wish, fault), power)

    @rule(power=st.booleans())
    def prove(self, power: bool) -> None:
        before, after = self.kept, proven(self.kept)
        self.write(after, power)
        if before.trial and before.trial.starts:
            self.proved.append(before.trial.wish.doc)

    @rule(power=st.booleans())
    def fail(self, power: bool) -> None:
        self.write(failed(self.kept, ShadowFault.NOT_DRAWN), power)

    @invariant()
    def what_is_good_was_proven(self) -> None:
        assert self.kept.good.doc in self.proved

    @invariant()
    def the_next_start_is_by_the_old_settings_or_the_new(self) -> None:
        kept = self.kept
        either = [kept.good.doc] + ([kept.trial.wish.doc] if kept.trial else [])
        assert in_force(started(kept)) in either

    @invariant()
    def starts_alone_come_to_rest(self) -> None:
        kept = self.kept
        for _ in range(3):
            kept = started(kept)
        assert not on_trial(kept)
        assert in_force(kept) == kept.good.doc


TestShadowThroughPowerCuts = PowerCuts.TestCase


@given(wishes, wishes)
def test_the_newer_wish_takes_the_place_of_the_one_on_trial(first: Wish, second: Wish) -> None:
    kept = offered(started(offered(Shadow(), first)), second)
    assert kept.answer
    assert kept.answer.wish == second
