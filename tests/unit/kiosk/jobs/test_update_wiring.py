"""Updates are done as a terminal is set up, and rejected with what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.settings import terminal_settings
from msgspec.structs import replace

from linli import __version__
from linli.kiosk.jobs.doing import SUCCEEDED, Done
from linli.kiosk.jobs.update_wiring import update_doers
from linli.kiosk.settings import ReleasesSettings
from linli.kiosk.updating.begin import DIRECTORY_VARIABLE
from linli.sync.job_messages import UpdateApp, UpdateFirmware
from linli.sync.jobs import JobState

ADDRESS = "https://releases.example"


def asked(
    data: Path, task: UpdateApp | UpdateFirmware, releases: ReleasesSettings | None, launched: bool
) -> Done | None:
    settings = replace(terminal_settings(data), releases=releases)
    environment = {DIRECTORY_VARIABLE: str(data / "updates")} if launched else {}
    clock = HandClock()
    doers = update_doers(settings, clock, None, lambda: True, lambda: None, environment)
    return doers[type(task)].begin("j-1", task)


def test_update_to_the_version_that_runs_has_succeeded_by_itself(tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_text("{}")
    releases = ReleasesSettings(address=ADDRESS, root=root)
    assert asked(tmp_path, UpdateApp(version=__version__), releases, True) == SUCCEEDED


@pytest.mark.parametrize(
    ("address", "launched", "task", "reason"),
    [
        (None, True, UpdateApp(version="2.0"), "no-releases"),
        ("http://releases.example", True, UpdateApp(version="2.0"), "no-https"),
        (ADDRESS, True, UpdateApp(version="2.0"), "no-root"),
        (ADDRESS, True, UpdateFirmware(version="2.0.0"), "no-board"),
    ],
)
def test_update_that_a_terminal_is_not_set_up_for_is_rejected_with_what_is_missing(
    tmp_path: Path,
    address: str | None,
    launched: bool,
    task: UpdateApp | UpdateFirmware,
    reason: str,
) -> None:
    releases = ReleasesSettings(address=address, root=tmp_path / "no") if address else None
    done = asked(tmp_path, task, releases, launched)
    assert done is not None
    assert (done.state, done.reason) == (JobState.REJECTED, reason)
    assert done.detail


def test_update_without_a_launcher_that_would_start_it_is_rejected(tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_text("{}")
    releases = ReleasesSettings(address=ADDRESS, root=root)
    done = asked(tmp_path, UpdateApp(version="2.0"), releases, launched=False)
    assert done is not None
    assert done.reason == "no-launcher"


def test_update_costs_a_terminal_nothing_that_is_never_asked_for_one() -> None:
    ask = "import sys, linli.kiosk.jobs.update_wiring; print('tuf' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
