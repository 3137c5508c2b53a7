"""A new version out of the releases, up to where it may be switched to."""

from __future__ import annotations

import datetime as dt
import errno
import json
from pathlib import Path

import pytest
from bundles import bundle, quick_python
from doubles.clock import HandClock

from linli.kiosk.updating import states
from linli.kiosk.updating.bringing_in import Incoming, is_older
from linli.kiosk.updating.slots import Slots, SlotsBusyError
from linli.kiosk.updating.states import Standing, Step
from linli.sync.updates import Refusal, ReleaseRefusedError, Releases
from tests.unit.sync.updates.repository import NAME, Repository, archive

PLENTY = 10**12


class Bench:
    """A terminal that runs 1.0, and a repository that offers 2.0."""

    def __init__(self, directory: Path, free: int = PLENTY) -> None:
        self.directory, self.free = directory, free
        self.repository = Repository(directory / "published")
        self.slots = Slots(directory / "updates")
        clock = HandClock()
        clock.wall = dt.datetime.now(dt.UTC)
        source, root = str(self.repository.directory), self.repository.first_root
        self.incoming = Incoming(
            self.slots,
            Releases(source, root, self.slots.directory / "believed", clock),
            "1.0",
            quick_python(directory / "quick"),
            NAME,
            lambda _: self.free,
        )

    def publish(self, version: str) -> None:
        made = bundle(self.directory / version, version)
        files = {path.name: path.read_bytes() for path in made.iterdir()}
        self.repository.put_bundle(version, archive(files))
        self.repository.publish()

    def refused(self, wanted: str | None = None) -> Refusal:
        with pytest.raises(ReleaseRefusedError) as caught:
            self.incoming.bring(wanted)
        return caught.value.refusal


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_update_is_brought_to_where_it_may_be_switched_to_and_leaves_nothing_beside_it(
    bench: Bench,
) -> None:
    bench.publish("2.0")
    standing = bench.incoming.bring("2.0")
    assert standing.candidate is not None
    assert standing.candidate.step is Step.VERIFIED
    assert not bench.slots.bundle.exists()
    assert not (bench.slots.directory / ".fetched").exists()
    assert bench.incoming.bring("2.0") == standing  # once more: nothing is fetched


def test_update_that_was_taken_in_before_a_power_cut_needs_no_network_any_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.publish("2.0")
    with monkeypatch.context() as patch:
        patch.setattr("linli.kiosk.updating.bringing_in.install", power_cut)
        with pytest.raises(KeyboardInterrupt):
            bench.incoming.bring("2.0")
    bench.repository.directory.rename(bench.directory / "away")
    standing = bench.incoming.bring("2.0")
    assert standing.candidate is not None
    assert standing.candidate.step is Step.VERIFIED


def power_cut(*_: object, **__: object) -> Standing:
    raise KeyboardInterrupt


def test_update_to_another_version_than_the_newest_is_refused(bench: Bench) -> None:
    assert bench.refused("1.9") is Refusal.NOT_OFFERED


def test_update_to_an_older_version_than_runs_here_is_refused(bench: Bench) -> None:
    bench.publish("0.9")
    assert bench.refused("0.9") is Refusal.OLDER


def test_update_for_another_kind_of_machine_is_refused(bench: Bench) -> None:
    del bench.repository.targets.targets[NAME]
    bench.repository.publish()
    assert bench.refused() is Refusal.WRONG_MACHINE


def test_update_to_what_runs_already_changes_nothing(bench: Bench) -> None:
    bench.publish("1.0")
    assert bench.incoming.bring() == Standing()


def test_update_without_room_is_not_fetched(bench: Bench) -> None:
    bench.free = 1_000
    with pytest.raises(OSError, match="MB are needed") as caught:
        bench.incoming.bring()
    assert caught.value.errno == errno.ENOSPC
    assert bench.slots.read() == Standing()


def test_update_that_filled_the_disk_gives_its_room_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(slots: Slots, **_: object) -> Standing:
        slots.path("a").mkdir()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("linli.kiosk.updating.bringing_in.install", full)
    with pytest.raises(OSError, match="No space"):
        bench.incoming.bring()
    assert bench.slots.read() == Standing()
    left = {path.name for path in bench.slots.directory.iterdir()}
    assert left == {"believed", "lock", "standing.json"}


def test_update_is_not_brought_in_twice_at_once(bench: Bench) -> None:
    with bench.slots.alone(), pytest.raises(SlotsBusyError, match="under way"):
        bench.incoming.bring()


def test_update_that_is_on_trial_is_not_disturbed_by_another(bench: Bench) -> None:
    bench.slots.change(lambda standing: states.downloaded(standing, "1.5"))
    for move in (states.unpacked, states.verified, states.switched, states.starting):
        bench.slots.change(move)
    before = bench.slots.read()
    with pytest.raises(states.UpdateRefusedError, match="on trial"):
        bench.incoming.bring()
    assert bench.slots.read() == before


def test_update_standing_keeps_to_what_older_launchers_write(bench: Bench) -> None:
    """A note of a newer version does not stand in standing.json, which an older one writes anew."""
    bench.slots.change(lambda standing: states.downloaded(standing, "2.0"))
    bench.slots.note("attempt", {"job": "j-1"})
    told = json.loads((bench.slots.directory / "standing.json").read_text())
    assert sorted(told) == ["candidate", "rolled_back", "slot", "version"]
    assert bench.slots.noted("attempt") == {"job": "j-1"}


@pytest.mark.parametrize(
    ("version", "than", "older"),
    [
        ("1.9", "1.10", True),
        ("1.10", "1.9", False),
        ("1.0", "1", False),
        ("1.0", "1.0.1", True),
        ("2.0", "0.1.0", False),
        ("unknown", "1.0", False),
    ],
)
def test_update_versions_are_compared_by_their_numbers(
    version: str, than: str, older: bool
) -> None:
    assert is_older(version, than) is older
