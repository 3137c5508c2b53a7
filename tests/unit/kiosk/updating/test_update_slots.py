"""Updates on a disk: real environments, and a power cut at every change."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bundles import SCHEMA, bundle, quick_python
from power_cuts import Power, PowerCutError

from linli.kiosk.updating import states
from linli.kiosk.updating.installing import UpdateFailedError, install, take_in
from linli.kiosk.updating.slots import Slots, StandingError
from linli.kiosk.updating.states import Standing, UpdateRefusedError

PYTHON = Path(sys.executable)


def on_disk(slots: Slots, slot: str, version: str) -> None:
    program = slots.path(slot)
    program.mkdir(exist_ok=True)
    (program / "version").write_text(version)


def switch_to(slots: Slots, slot: str, version: str) -> None:
    slots.change(lambda standing: states.downloaded(standing, version))
    slots.empty(slot)
    on_disk(slots, slot, version)
    for move in (states.unpacked, states.verified, states.switched, states.starting):
        slots.change(move)


def whole_life(slots: Slots) -> None:
    """From 1.0 in slot a to a 2.0 that is never confirmed, to a 3.0 that is."""
    switch_to(slots, "b", "2.0")
    while slots.read().candidate is not None:
        slots.change(states.starting)
    switch_to(slots, "b", "3.0")
    slots.change(states.confirmed)


def started_version(standing: Standing) -> str | None:
    candidate = standing.candidate
    if candidate is not None and candidate.slot == standing.starts_from:
        return candidate.version
    return standing.version


def run_until_cut(at: Path, cut_at: int | None, *, done: bool) -> tuple[Slots, int, bool]:
    slots = Slots(at)
    switch_to(slots, "a", "1.0")
    slots.change(states.confirmed)
    with pytest.MonkeyPatch.context() as patch:
        power = Power(patch, cut_at, done=done)
        try:
            whole_life(slots)
        except PowerCutError:
            return slots, power.changes, True
    return slots, power.changes, False


def test_update_with_a_power_cut_at_every_change_starts_the_old_or_the_new_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # what is synced here, nobody waits for
    _, changes, _ = run_until_cut(tmp_path / "uncut", None, done=False)
    print(f"{changes} changes to the disk, each with a power cut before and after it")
    for done in (False, True):
        for cut_at in range(1, changes + 1):
            at = tmp_path / f"{cut_at}-{done}"
            _, _, was_cut = run_until_cut(at, cut_at, done=done)
            assert was_cut, (cut_at, done)
            after = Slots(at)
            standing = after.change(states.starting)
            assert standing.starts_from is not None
            version = (after.path(standing.starts_from) / "version").read_text()
            assert version == started_version(standing)
            assert os.readlink(at / "current") == standing.starts_from


def test_update_is_installed_and_says_its_version_from_its_own_slot(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "updates")
    take_in(slots, bundle(tmp_path / "bundle", "2.0"))
    install(slots, schema=SCHEMA, python=PYTHON)
    slots.change(states.switched)
    program = tmp_path / "updates" / "current" / "bin" / "python"
    told = subprocess.run(
        [program, "-I", "-c", "import linli; print(linli.__version__, linli.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith("2.0 ")
    assert str(tmp_path / "updates") in told.stdout


def test_update_with_a_changed_wheel_is_given_up_and_what_ran_goes_on(tmp_path: Path) -> None:
    slots, given = Slots(tmp_path / "updates"), bundle(tmp_path / "bundle", "2.0")
    wheel = next(given.glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    take_in(slots, given)
    with pytest.raises(UpdateFailedError, match="does not install"):
        install(slots, schema=SCHEMA, python=PYTHON)
    assert slots.read() == Standing(rolled_back={"2.0": 1})


def test_update_that_is_not_the_version_it_was_announced_as_is_given_up(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "updates")
    take_in(slots, bundle(tmp_path / "bundle", "2.0", says="1.9"))
    with pytest.raises(UpdateFailedError, match=r"bundle of 2\.0 holds 1\.9"):
        install(slots, schema=SCHEMA, python=quick_python(tmp_path / "quick"))


def test_update_cut_off_while_it_unpacked_is_unpacked_again(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "updates")
    take_in(slots, bundle(tmp_path / "bundle", "2.0"))
    (slots.path("a") / "bin").mkdir(parents=True)
    (slots.path("a") / "bin" / "python").write_text("half of it")
    assert (
        install(slots, schema=SCHEMA, python=quick_python(tmp_path / "quick")).candidate is not None
    )


def test_update_on_a_full_disk_may_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = Slots(tmp_path / "updates")
    take_in(slots, bundle(tmp_path / "bundle", "2.0"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            slots.change(states.unpacked)
    assert slots.read().rolled_back == {}
    assert (
        install(slots, schema=SCHEMA, python=quick_python(tmp_path / "quick")).candidate is not None
    )


def test_update_refuses_a_directory_that_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(UpdateFailedError, match="no bundle"):
        take_in(Slots(tmp_path / "updates"), tmp_path)
    assert not (tmp_path / "updates").exists()


def test_update_refuses_what_runs_already(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "updates")
    switch_to(slots, "a", "2.0")
    slots.change(states.confirmed)
    with pytest.raises(UpdateRefusedError, match="runs here already"):
        take_in(slots, bundle(tmp_path / "bundle", "2.0"))


def test_update_says_which_file_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "standing.json").write_text('{"slot": "../etc"')
    with pytest.raises(StandingError, match=r"standing\.json cannot be read"):
        Slots(tmp_path).read()


def test_update_after_which_this_version_could_not_open_its_database_is_given_up(
    tmp_path: Path,
) -> None:
    slots = Slots(tmp_path / "updates")
    take_in(slots, bundle(tmp_path / "bundle", "2.0", opened_by="0004"))
    with pytest.raises(UpdateFailedError, match="install a version between"):
        install(slots, schema=SCHEMA, python=quick_python(tmp_path / "quick"))
