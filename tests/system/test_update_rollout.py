"""A new version goes out to five terminals in two waves. Four confirm it; the fifth falls with it
whenever it is started, comes back to the version of before, and the page says why.

The broker is Mosquitto over TLS with the ledger's own files, releases are served over HTTP and
signed, each terminal is a program of its own with slots of its own; only their windows are missing.
The test stands for systemd and the supervisor, and starts them again.
"""

from __future__ import annotations

import datetime as dt
import functools
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.waiting import eventually
from test_enrolment import CLOCK, District, Place

from linli.kiosk.store.database import NEWEST
from linli.kiosk.supervisor.restarts import ASKED_CODE, Restart, note, reason_of
from linli.kiosk.updating.begin import command_of, environment_of
from linli.kiosk.updating.slots import Slots
from linli.ledger.fleet.jobs.reading import Rollout, one_rollout
from linli.ledger.fleet.jobs.rollouts import RolloutState
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.claiming import Naming
from linli.sync.jobs import JobState
from linli.sync.sessions import direct_session
from linli.sync.updates import bundle_name
from tests.unit.kiosk.updating.bundles import bundle, quick_python
from tests.unit.ledger.web.site import CSRF, ONCE, PASSWORD, first
from tests.unit.sync.updates.repository import Repository, archive

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("updating_terminal.py")
WAVES = [["k1", "k2"], ["k3", "k4", "k5"]]
FALLS = "k5"
BODY = f"""
import os, sys

def main():
    if os.environ["TERMINAL"] == "{FALLS}":
        sys.exit(3)
    os.environ["PYTHONPATH"] = os.environ["PROGRAMS"]
    settings = sys.argv[sys.argv.index("--settings") + 1]
    os.execv("{sys.executable}", ["{sys.executable}", "{PROGRAM}", "2.0", settings])
"""
"""The program of 2.0: what this checkout does, under another number."""


class Machine(threading.Thread):
    """Starts a terminal's program by the launcher's rules, again whenever it ends."""

    def __init__(self, place: Place) -> None:
        super().__init__(name=f"machine of {place.settings.name}", daemon=True)
        self.place, self.slots = place, Slots(place.directory / "updates")
        self.versions, self._python = list[str](), quick_python(place.directory / "quick")
        self._closing = threading.Event()
        self._program: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self._closing.is_set():
            own = ["kiosk", "--settings", str(self.place.settings_file)]
            command = command_of(self.slots, own)
            package = command[0] == sys.executable
            if package:
                command = [sys.executable, str(PROGRAM), "1.0", str(self.place.settings_file)]
            environment = environment_of(self.slots, os.environ, package=package)
            environment |= {"TERMINAL": self.place.settings.name, "PROGRAMS": str(ROOT)}
            environment["MACHINES_PYTHON"] = str(self._python)
            if package:
                environment["PYTHONPATH"] = str(ROOT)
            self.versions.append("1.0" if package else "2.0")
            self._program = subprocess.Popen(command, env=environment)
            code = self._program.wait()
            if not self._closing.is_set():
                reason = "asked" if code == ASKED_CODE else ""
                reason = reason or reason_of(code, frozen=False, came_up=False)
                restart = Restart(dt.datetime.now(dt.UTC), reason, 0.0)
                note(self.place.settings.data / "restarts.jsonl", restart)

    def close(self) -> None:
        self._closing.set()
        if self._program is not None:
            self._program.terminate()
        self.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Where 2.0 is offered, and the root that it is believed by."""
    repository = Repository(tmp_path / "published")
    made = bundle(tmp_path / "2.0", "2.0", body=BODY, opened_by=NEWEST)
    files = {path.name: path.read_bytes() for path in made.iterdir()}
    repository.put_bundle("2.0", archive(files), bundle_name())
    repository.publish()
    root = tmp_path / "root.json"
    root.write_bytes(repository.first_root)
    handler = functools.partial(Quiet, directory=str(repository.directory))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", root
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with District(tmp_path / "district") as district:
        yield district


@pytest.fixture
def machines(
    tmp_path: Path, district: District, published: tuple[str, Path]
) -> Iterator[dict[str, Machine]]:
    address, root = published
    machines = {}
    for name in (name for wave in WAVES for name in wave):
        place = Place(tmp_path / name, district)
        place.enrol(Naming(name, "village", "centre", "阳光邻里中心"))
        with place.settings_file.open("a") as settings:
            settings.write(f'\n[releases]\naddress = "{address}"\nroot = "{root}"\n')
        machines[name] = Machine(place)
    for machine in machines.values():
        machine.start()
    yield machines
    for machine in machines.values():
        machine.close()


class Maintainer:
    """In front of the console, over HTTP."""

    def __init__(self, district: District) -> None:
        self._url, self._session = district.url, direct_session()
        with district.engine.begin() as connection:
            worker = NewWorker("zhenghao", "郑浩", Role.MAINTAINER, "village", None)
            hire(connection, worker, PASSWORD, CLOCK.now(), must_change=False)
        self.submit("/console/login", login="zhenghao", password=PASSWORD)

    def page(self, path: str) -> str:
        answer = self._session.get(f"{self._url}{path}", timeout=30)
        assert answer.ok, answer.text
        return answer.text

    def submit(self, path: str, **fields: str) -> str:
        """Where one is led to."""
        page = self.page(path)
        tokens = {"csrf": first(CSRF, page), "once": first(ONCE, page)}
        answer = self._session.post(f"{self._url}{path}", data={**tokens, **fields}, timeout=30)
        assert answer.ok, answer.text
        return answer.url

    def rolls_out(self, version: str, waves: str) -> str:
        """The address of the page that tells of it."""
        told = {"do": "update-app", "version": version, "scope": "village", "waves": waves}
        told |= {"tolerated": "0", "hours": "24", "why": "修正显示", "password": PASSWORD}
        return self.submit("/console/rollouts/new", **told).removeprefix(self._url)


def seen(district: District, id_: str) -> Rollout:
    with district.engine.connect() as connection:
        found = one_rollout(connection, id_)
    assert found is not None
    return found


@pytest.mark.timeout(240)
def test_update_rolled_out_to_five_terminals_stops_where_one_rolls_back_and_says_why(
    district: District, machines: dict[str, Machine]
) -> None:
    district.retire("t1")  # of the village, and not there
    maintainer = Maintainer(district)
    page = maintainer.rolls_out("2.0", "2、其余")
    id_ = page.rpartition("=")[2]
    eventually(lambda: seen(district, id_).state is RolloutState.STOPPED, within=120)
    eventually(lambda: not seen(district, id_).under_way, within=90)
    rollout = seen(district, id_)
    ends = {name: job.state for name, job in rollout.jobs.items()}
    assert ends == {
        **dict.fromkeys(("k1", "k2", "k3", "k4"), JobState.SUCCEEDED),
        FALLS: JobState.ROLLED_BACK,
    }
    assert machines[FALLS].versions == ["1.0", "2.0", "2.0", "2.0", "1.0"]
    assert machines["k1"].versions == ["1.0", "2.0"]
    first = max(rollout.jobs[name].ended_at for name in WAVES[0])
    assert first <= min(rollout.jobs[name].given_at for name in WAVES[1])
    told = maintainer.page(page)
    assert "失败太多，自己停下了" in told
    assert "新版本启动后自己退出" in told
    assert "2.0 was started 3 times on trial and did not stand it (exit 3, exit 3, exit 3)" in told
