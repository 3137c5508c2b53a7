"""Following a numbered feed: the decisions alone."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from linli.sync.feed import (
    Apply,
    ChangeSeen,
    Effect,
    FeedState,
    Fetch,
    FetchFailed,
    FetchNeedless,
    HeadSeen,
    Load,
    Looked,
    Seen,
    SnapshotSeen,
    step,
)
from linli.sync.messages import Change, Snapshot, Stream

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def change(number: int) -> Change:
    return Change(scope="c-1", stream=Stream.CHANGES, number=number, at=NOW, rows=[])


def snapshot(number: int) -> Snapshot:
    return Snapshot(scope="c-1", stream=Stream.CHANGES, number=number, at=NOW, rows=[])


def walk(state: FeedState, *seen: Seen) -> tuple[FeedState, list[Effect]]:
    effects: list[Effect] = []
    for one in seen:
        state, more = step(state, one)
        effects += more
    return state, effects


def test_the_first_look_asks_for_a_snapshot_at_once() -> None:
    state, effects = step(FeedState(), Looked())
    assert effects == [Fetch(0, patient=False)]
    assert step(state, Looked()) == (state, [])


def test_the_next_change_is_applied() -> None:
    state, effects = step(FeedState(position=4), ChangeSeen(change(5)))
    assert effects == [Apply(change(5))]
    assert not state.incomplete


def test_an_old_change_is_ignored() -> None:
    assert step(FeedState(position=5), ChangeSeen(change(5))) == (FeedState(position=5), [])


def test_a_gap_asks_for_a_snapshot_once() -> None:
    _, effects = walk(FeedState(position=4), ChangeSeen(change(6)), ChangeSeen(change(7)))
    assert effects == [Fetch(0, patient=True)]


def test_a_gap_that_closes_by_itself_is_applied_in_order() -> None:
    state, effects = walk(FeedState(position=4), ChangeSeen(change(6)), ChangeSeen(change(5)))
    assert effects[1:] == [Apply(change(5)), Apply(change(6))]
    assert not state.incomplete
    assert step(state, FetchNeedless())[1] == []


def test_a_head_ahead_asks_for_a_snapshot() -> None:
    assert step(FeedState(position=4), HeadSeen(6))[1] == [Fetch(0, patient=True)]


def test_what_comes_while_fetching_is_applied_after_the_snapshot() -> None:
    state, effects = walk(FeedState(position=4), ChangeSeen(change(8)), SnapshotSeen(snapshot(7)))
    assert effects == [
        Fetch(0, patient=True),
        Load(snapshot(7), replace=False),
        Apply(change(8)),
    ]
    assert (state.position, state.incomplete) == (8, False)


def test_a_failed_fetch_is_asked_for_again_more_patiently_each_time() -> None:
    _, effects = walk(FeedState(), Looked(), FetchFailed(), FetchFailed())
    assert effects == [Fetch(0, patient=False), Fetch(1, patient=False), Fetch(2, patient=False)]


def test_a_snapshot_that_leaves_a_gap_is_not_asked_for_again_in_the_same_breath() -> None:
    _, effects = walk(FeedState(position=4), HeadSeen(9), SnapshotSeen(snapshot(7)))
    assert effects[-1] == Fetch(1, patient=True)


def test_a_ledger_restored_from_a_backup_is_followed_back() -> None:
    state, effects = walk(FeedState(position=9), HeadSeen(5), SnapshotSeen(snapshot(5)))
    assert effects == [Fetch(0, patient=True), Load(snapshot(5), replace=True)]
    assert (state.position, state.incomplete) == (5, False)


def test_a_head_that_was_merely_late_throws_nothing_away() -> None:
    state, effects = walk(FeedState(position=9), HeadSeen(8), SnapshotSeen(snapshot(9)))
    assert effects[-1] == Load(snapshot(9), replace=False)
    assert not state.incomplete


def test_a_late_head_followed_by_the_right_one_needs_no_snapshot() -> None:
    state, _ = walk(FeedState(position=9), HeadSeen(8), HeadSeen(9))
    assert not state.incomplete


class Replay:
    """A replica that only counts, held to what the effects promise."""

    def __init__(self) -> None:
        self.position: int | None = None

    def do(self, effect: Effect) -> bool:
        """Whether a fetch was asked for."""
        match effect:
            case Apply(change):
                assert self.position is not None
                assert change.number == self.position + 1
                self.position = change.number
            case Load(snapshot, replace=over):
                if over or self.position is None or snapshot.number >= self.position:
                    self.position = snapshot.number
            case Fetch():
                return True
        return False


class Following:
    """The machine with its effects carried out at once, and at most one snapshot on its way."""

    def __init__(self) -> None:
        self.state, self.replica = FeedState(), Replay()
        self.fetching = False

    def see(self, seen: Seen) -> None:
        if isinstance(seen, FetchFailed):
            if not self.fetching:
                return
            self.fetching = False
        self.state, effects = step(self.state, seen)
        for effect in effects:
            if self.replica.do(effect):
                assert not self.fetching
                self.fetching = True
        assert self.state.position == self.replica.position

    def answer(self, newest: int) -> None:
        self.fetching = False
        self.see(SnapshotSeen(snapshot(newest)))


def messages(newest: int) -> st.SearchStrategy[list[Seen]]:
    changes = st.integers(1, newest).map(lambda number: ChangeSeen(change(number)))
    heads = st.integers(0, newest).map(HeadSeen)
    return st.lists(st.one_of(changes, heads, st.just(Looked()), st.just(FetchFailed())))


@given(data=st.data(), newest=st.integers(1, 12))
def test_any_loss_order_and_repetition_ends_at_the_head(data: st.DataObject, newest: int) -> None:
    following, ledger = Following(), 0
    for message in data.draw(messages(newest)):
        if isinstance(message, ChangeSeen):
            ledger = max(ledger, message.change.number)
        following.see(message)
        if following.fetching and data.draw(st.booleans()):
            following.answer(ledger)
    following.see(HeadSeen(newest))
    for _ in range(3):
        if following.fetching:
            following.answer(newest)
    assert (following.replica.position, following.state.incomplete) == (newest, False)
