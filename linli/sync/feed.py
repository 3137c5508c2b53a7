"""Following one numbered feed: the decisions, without network, files or threads.

`step` takes the state and what was seen, and gives the new state and what to do. `position` is
the newest change applied, `head` the newest number heard of, `waiting` the changes that came
ahead of their turn.

| seen                                  | state                          | effects                 |
|---------------------------------------|--------------------------------|-------------------------|
| change ≤ position                     | –                              | –                       |
| change = position + 1                 | position + 1, and what waited  | Apply, Apply …          |
| change beyond that, or no position    | waiting                        | Fetch                   |
| head > position                       | head                           | Fetch                   |
| head < position                       | suspects a restored ledger     | Fetch                   |
| head = position                       | suspects nothing               | –                       |
| snapshot                              | position, then what waited     | Load, Apply …           |
| snapshot below a suspected position   | position goes back             | Load(replace), Apply …  |
| fetch failed                          | failures + 1                   | Fetch, later            |
| needless (all came while waiting)     | –                              | –                       |
| nothing for a while                   | –                              | Fetch if one is needed  |

There is never more than one fetch under way; changes that come meanwhile wait, or are applied
where they fit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from linli.sync.messages import Change, Snapshot

WAITING_CAP = 2000
"""Changes kept ahead of their turn; beyond it the head alone remembers that there are more."""


@dataclass(frozen=True)
class FeedState:
    """`position` is None before the first snapshot. `asked_at` is the position when the fetch
    under way was asked for."""

    position: int | None = None
    head: int = 0
    waiting: tuple[Change, ...] = ()
    fetching: bool = False
    asked_at: int | None = None
    suspicious: bool = False
    failures: int = 0

    @property
    def incomplete(self) -> bool:
        """Whether a snapshot is needed to know everything that was heard of."""
        if self.position is None:
            return True
        return bool(self.waiting) or self.head > self.position or self.suspicious


@dataclass(frozen=True)
class ChangeSeen:
    change: Change


@dataclass(frozen=True)
class HeadSeen:
    number: int


@dataclass(frozen=True)
class SnapshotSeen:
    snapshot: Snapshot


@dataclass(frozen=True)
class FetchFailed:
    pass


@dataclass(frozen=True)
class FetchNeedless:
    """The fetcher looked again before asking, and the state was complete."""


@dataclass(frozen=True)
class Looked:
    """Nothing was seen for a moment."""


Seen = ChangeSeen | HeadSeen | SnapshotSeen | FetchFailed | FetchNeedless | Looked


@dataclass(frozen=True)
class Apply:
    change: Change


@dataclass(frozen=True)
class Load:
    snapshot: Snapshot
    replace: bool


@dataclass(frozen=True)
class Fetch:
    """`failures` in a row so far; `patient` where the missing change may be a moment away."""

    failures: int
    patient: bool


Effect = Apply | Load | Fetch


def step(state: FeedState, seen: Seen) -> tuple[FeedState, list[Effect]]:
    """One step of the table above."""
    effects: list[Effect] = []
    match seen:
        case ChangeSeen(change):
            state = _with_change(state, change)
        case HeadSeen(number):
            behind = state.position is not None and number < state.position
            state = replace(state, head=number, suspicious=behind)
        case SnapshotSeen(snapshot):
            state, load = _with_snapshot(state, snapshot)
            effects.append(load)
        case FetchFailed():
            state = replace(state, fetching=False, failures=state.failures + 1)
        case FetchNeedless():
            state = replace(state, fetching=False)
        case Looked():
            pass
    state, applied = _in_turn(state)
    effects += applied
    if isinstance(seen, SnapshotSeen):
        # A snapshot that still leaves a gap must not be asked for again in the same breath.
        state = replace(state, failures=state.failures + 1 if state.incomplete else 0)
    if state.incomplete and not state.fetching:
        state = replace(state, fetching=True, asked_at=state.position)
        effects.append(Fetch(state.failures, patient=state.position is not None))
    return state, effects


def _with_change(state: FeedState, change: Change) -> FeedState:
    if state.position is not None and change.number <= state.position:
        return state
    if any(known.number == change.number for known in state.waiting):
        return state
    waiting = tuple(sorted((*state.waiting, change), key=lambda c: c.number))
    head = max(state.head, change.number)
    return replace(state, head=head, waiting=waiting[:WAITING_CAP])


def _with_snapshot(state: FeedState, snapshot: Snapshot) -> tuple[FeedState, Load]:
    """A suspicion is confirmed where the ledger itself answers with less than was known when it
    was asked; otherwise the head was merely late."""
    restored = state.suspicious and state.asked_at is not None and snapshot.number < state.asked_at
    position, waiting = snapshot.number, state.waiting
    if restored:
        waiting = ()  # it may be of the history that is gone; the head knows of the rest
    elif state.position is not None:
        position = max(position, state.position)
    state = replace(
        state,
        position=position,
        head=max(state.head, position),
        waiting=waiting,
        fetching=False,
        suspicious=False,
    )
    return state, Load(snapshot, replace=restored)


def _in_turn(state: FeedState) -> tuple[FeedState, list[Effect]]:
    """Apply what waited and now fits; forget what is old."""
    if state.position is None:
        return state, []
    position, effects = state.position, list[Effect]()
    rest = []
    for change in state.waiting:
        if change.number == position + 1:
            effects.append(Apply(change))
            position = change.number
        elif change.number > position:
            rest.append(change)
    return replace(state, position=position, waiting=tuple(rest)), effects
