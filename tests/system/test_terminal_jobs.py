"""A terminal is given jobs over a real broker, does them, and says how they ended."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.job_office import JobOffice
from doubles.settings import terminal_settings
from doubles.waiting import eventually, stays
from PIL import Image
from test_terminal import WorkingClock

from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.flows.actions import Back, Typed
from linli.kiosk.flows.afar_views import AnswerPicture, AskPicture, OutOfService
from linli.kiosk.flows.maintenance_views import AskService, Enter, Menu, Room, Serve
from linli.kiosk.flows.views import Home, Reader, Refused, Screen, rests
from linli.kiosk.flows.visit_views import Pad
from linli.kiosk.jobs.wiring import JobRoom, Surroundings
from linli.kiosk.log_lines import LogLines
from linli.kiosk.maintenance import pin
from linli.kiosk.maintenance.cards import line_for
from linli.kiosk.settings import Connection
from linli.kiosk.terminal import Terminal
from linli.sync.broker import Broker
from linli.sync.job_messages import (
    MESSAGE_BYTES,
    CollectLogs,
    Maintain,
    Part,
    Restart,
    Screenshot,
    SelfTest,
    ShowMessage,
)
from linli.sync.jobs import JobState
from linli.sync.signing import load_or_make_key

MAINTAINER, SOMEBODY, PIN = b"\x04mainte", b"\x04someon", "274913"
PIXELS = (160, 100, bytes((0, 0, 0, 255, 255, 255)) * 8000)
DONE = JobState.SUCCEEDED


class Machine:
    """One terminal without its window, which may be started again."""

    def __init__(self, directory: Path, broker: Broker) -> None:
        data = directory / "data"
        data.mkdir()
        self.clock, self.lines = WorkingClock(), LogLines()
        key = load_or_make_key(data / "terminal.key")
        self.office = JobOffice(broker.port, key.public_key(), self.clock.now())
        self.reader = SimulatedReader(directory / "reader")
        where = Connection(
            broker_host="127.0.0.1", broker_port=broker.port, ledger_url=self.office.url
        )
        self._settings = terminal_settings(
            data,
            where,
            maintainer_cards=[line_for(MAINTAINER, bytes(16))],
            maintenance_pin=pin.hashed(PIN),
        )
        self.restarts = 0
        self._start()

    def _start(self) -> None:
        self.screens: list[Screen] = []
        readers = [Pn532("reader-1", self.reader.path)]
        self.terminal = Terminal(self._settings, self.clock, readers, self.screens.append)
        around = Surroundings(
            lambda: (PIXELS, self.screens[-1]), self._asked, self._alone, self.lines
        )
        self._jobs = JobRoom(self._settings, self.terminal, self.clock, around)
        self._jobs.start()
        self.terminal.start()
        eventually(lambda: self.screens and self.screens[-1].status.reader is Reader.READY)

    def _asked(self) -> None:
        self.restarts += 1

    def _alone(self) -> bool:
        return bool(self.screens) and rests(self.screens[-1].view)

    def _stop(self) -> None:
        self._jobs.close()
        self.terminal.close()

    def starts_anew(self) -> None:
        self._stop()
        self._start()

    def shows(self, view: type) -> object:
        eventually(lambda: isinstance(self.screens[-1].view, view))
        return self.screens[-1].view

    def taps(self, uid: bytes, view: type) -> None:
        self.reader.field.place(Ntag213(uid))
        self.shows(view)
        self.reader.field.remove()

    def touches(self, action: object, view: type) -> None:
        eventually(lambda: self.clock.monotonic() > self.terminal.reception.answerable_from)
        self.terminal.act(action)  # type: ignore[arg-type]
        self.shows(view)

    def close(self) -> None:
        self._stop()
        self.reader.close()
        self.office.close()


@pytest.fixture
def machine(tmp_path: Path, broker: Broker) -> Iterator[Machine]:
    machine = Machine(tmp_path, broker)
    yield machine
    machine.close()


def test_a_terminal_that_was_away_finds_its_jobs_does_them_and_brings_what_it_found(
    machine: Machine,
) -> None:
    office = machine.office
    said = {"event": "it failed", "level": "warning"}
    machine.lines.keep(None, "warning", said)
    office.status = 503
    office.lists(office.order("j-1", SelfTest()), office.order("j-2", CollectLogs(follow_s=60)))
    eventually(lambda: any(one.state is JobState.IN_PROGRESS for one in office.heard))
    office.status = 200
    assert office.ends("j-1").state is DONE
    assert office.ends("j-2").state is DONE
    assert json.loads(office.results["j-1"])["terminal"] == "t-1"
    assert json.loads(office.results["j-2"]) == said
    machine.lines.keep(None, "info", {"event": "it goes on"})
    eventually(lambda: [json.loads(line)["event"] for line in office.followed] == ["it goes on"])


def test_a_restart_waits_until_nobody_is_there_and_is_proven_by_the_start_after_it(
    machine: Machine,
) -> None:
    office = machine.office
    machine.taps(SOMEBODY, Refused)
    office.lists(office.order("j-1", Restart(part=Part.APP)))
    eventually(lambda: office.heard and office.heard[-1].reason == "somebody-there")
    assert machine.restarts == 0
    machine.terminal.go_home()
    eventually(lambda: machine.restarts)
    assert all(one.state is not DONE for one in office.heard)
    machine.starts_anew()
    assert office.ends("j-1").state is DONE
    assert machine.restarts == 1


def test_out_of_service_no_card_is_taken_but_the_maintainers_who_may_end_it(
    machine: Machine,
) -> None:
    assert machine.office.does("j-1", Maintain(on=True)).state is DONE
    machine.shows(OutOfService)
    machine.taps(SOMEBODY, OutOfService)
    stays(lambda: isinstance(machine.screens[-1].view, OutOfService))
    machine.starts_anew()
    machine.shows(OutOfService)
    machine.taps(MAINTAINER, Pad)
    machine.touches(Typed(PIN), Menu)
    machine.touches(Enter(Room.SERVICE), AskService)
    machine.touches(Serve(again=True), AskService)
    eventually(lambda: machine.screens[-1].view == AskService(out=False))
    machine.touches(Back(), Menu)
    machine.touches(Back(), Home)
    machine.taps(SOMEBODY, Refused)


def test_a_notice_stands_on_the_resting_screen_until_it_is_taken_away(machine: Machine) -> None:
    def notice() -> str | None:
        view = machine.screens[-1].view
        return view.notice.zh if isinstance(view, Home) and view.notice else None

    until = machine.clock.now() + dt.timedelta(hours=1)
    machine.office.does("j-1", ShowMessage(zh="明天停电", en="No power", until=until))
    eventually(lambda: notice() == "明天停电")
    machine.starts_anew()
    eventually(lambda: notice() == "明天停电")
    machine.office.does("j-2", ShowMessage(zh="", until=until))
    eventually(lambda: notice() is None)


@pytest.mark.parametrize(("agreed", "colours"), [(True, 2), (False, 1), (None, 1)])
def test_whoever_stands_there_says_whether_their_screen_is_seen(
    machine: Machine, agreed: bool | None, colours: int
) -> None:
    office = machine.office
    machine.taps(SOMEBODY, Refused)
    office.lists(office.order("j-1", Screenshot(clear=True)))
    machine.shows(AskPicture)
    if agreed is None:
        eventually(lambda: machine.clock.monotonic() > machine.terminal.reception.answerable_from)
        machine.terminal.go_home()  # as the window does when nobody answers
        machine.shows(Refused)
    else:
        machine.touches(AnswerPicture(agreed), Refused)
    assert office.ends("j-1").detail == ("agreed" if agreed else "blurred")
    with Image.open(io.BytesIO(office.results["j-1"])) as picture:
        assert len(picture.getcolors() or []) == colours


def test_whoever_goes_on_to_something_else_has_not_agreed(machine: Machine) -> None:
    machine.taps(SOMEBODY, Refused)
    machine.office.lists(machine.office.order("j-1", Screenshot(clear=True)))
    machine.shows(AskPicture)
    machine.taps(b"\x04others", Refused)
    assert machine.office.ends("j-1").detail == "blurred"


def test_lists_that_are_too_long_or_come_in_floods_cost_nothing(machine: Machine) -> None:
    office = machine.office
    office.says(b'{"terminal":"t-1","jobs":[' + b" " * MESSAGE_BYTES + b"]}")
    for number in range(300):
        office.lists(office.order(f"flood-{number}", Screenshot()))
    office.lists(office.order("j-1", Screenshot()))
    assert office.ends("j-1").state is DONE
    assert len({one.id for one in office.heard}) < 10
