"""The maintainer's menu of a whole terminal: real reader driver, real store, no network."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from doubles.waiting import eventually, stays

from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.doctor.finding import Code, Subject
from linli.kiosk.flows.actions import Action, Typed
from linli.kiosk.flows.maintenance_views import (
    AskRestart,
    Diagnosis,
    Enter,
    Menu,
    NetworkState,
    Pairing,
    Reach,
    Restart,
    Room,
    SelfTest,
    ShowFinding,
)
from linli.kiosk.flows.views import Home, Reader, Refused, Screen, Success
from linli.kiosk.flows.visit_views import Pad
from linli.kiosk.maintenance import pin
from linli.kiosk.maintenance.cards import line_for
from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.supervisor.restarts import ASKED_CODE, read_lines
from linli.kiosk.terminal import Terminal
from linli.town.clock import TownClock
from tests.system.kiosk_at_work import PEOPLE, ROOT, KioskAtWork

UID, PIN = b"\x04mainte", "274913"
MORE = f"""
maintainer_cards = ["{line_for(UID, bytes(16))}"]
maintenance_pin = "{pin.hashed(PIN)}"
"""


@dataclass
class Watched:
    """A terminal, its reader, and what its window was told."""

    terminal: Terminal
    reader: SimulatedReader
    screens: list[Screen]
    restarts: list[None] = field(default_factory=list)

    def tap(self, uid: bytes, view: type) -> object:
        self.reader.field.place(Ntag213(uid))
        eventually(lambda: isinstance(self.shown, view))
        self.reader.field.remove()
        return self.shown

    def act(self, action: Action, view: type) -> object:
        eventually(lambda: time.monotonic() > self.terminal.reception.answerable_from)
        self.terminal.act(action)
        eventually(lambda: isinstance(self.shown, view))
        return self.shown

    @property
    def shown(self) -> object:
        return self.screens[-1].view


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    reader = SimulatedReader(tmp_path / "reader")
    kiosk = KioskAtWork(tmp_path, reader, MORE)
    settings = read_settings(kiosk.settings, TerminalSettings)
    screens, asked = list[Screen](), list[None]()
    terminal = Terminal(
        settings,
        TownClock(tmp_path / "clock"),
        [Pn532("reader-1", reader.path)],
        screens.append,
        restart=lambda: asked.append(None),
    )
    terminal.start()
    eventually(lambda: screens and screens[-1].status.reader is Reader.READY)
    yield Watched(terminal, reader, screens, asked)
    terminal.close()
    reader.close()


def test_a_maintainers_card_and_pin_open_the_menu_without_any_network(watched: Watched) -> None:
    watched.tap(UID, Pad)
    watched.act(Typed(PIN), Menu)
    watched.act(Enter(Room.NETWORK), NetworkState)
    eventually(lambda: getattr(watched.shown, "ledger", None) is Reach.NOT_REACHED)
    watched.terminal.go_home()
    eventually(lambda: isinstance(watched.shown, Home))
    watched.terminal.act(Enter(Room.PAIRING))
    stays(lambda: isinstance(watched.shown, Home))


def test_the_self_test_looks_at_everything_while_the_terminal_runs(watched: Watched) -> None:
    watched.tap(UID, Pad)
    watched.act(Typed(PIN), Menu)
    watched.act(Enter(Room.SELF_TEST), SelfTest)
    eventually(lambda: not getattr(watched.shown, "under_way", True))
    assert isinstance(watched.shown, SelfTest)
    codes = {found.subject: found.code for found in watched.shown.findings}
    assert codes[Subject.READER] is Code.READER_WELL
    assert codes[Subject.DATABASE] is Code.DATABASE_WELL
    assert codes[Subject.LEDGER] is Code.REFUSED
    watched.act(ShowFinding(Subject.LEDGER), Diagnosis)


def test_a_restart_is_asked_for_once(watched: Watched) -> None:
    watched.tap(UID, Pad)
    watched.act(Typed(PIN), Menu)
    watched.act(Enter(Room.RESTART), AskRestart)
    watched.act(Restart(), AskRestart)
    eventually(lambda: watched.restarts)
    watched.terminal.act(Restart())
    stays(lambda: len(watched.restarts) == 1)


def test_the_next_person_is_served_and_the_menu_is_closed_behind_the_maintainer(
    watched: Watched,
) -> None:
    watched.tap(UID, Pad)
    watched.act(Typed(PIN), Menu)
    watched.tap(PEOPLE["r-1"], Success)
    watched.terminal.act(Enter(Room.PAIRING))
    stays(lambda: not isinstance(watched.shown, Pairing))


def test_a_maintainers_card_on_somebody_elses_screen_is_a_card_like_any_other(
    watched: Watched,
) -> None:
    watched.tap(PEOPLE["r-1"], Success)
    watched.tap(UID, Refused)


def test_a_program_that_asks_for_it_is_started_again_and_the_reason_kept(tmp_path: Path) -> None:
    kept, once = tmp_path / "restarts.jsonl", tmp_path / "once"
    program = ["/bin/sh", "-c", f"[ -e {once} ] && exec sleep 60; touch {once}; exit {ASKED_CODE}"]
    code = (
        "from pathlib import Path; from linli.kiosk.supervisor.run import Supervisor;"
        f"Supervisor('program', {program!r}, Path({str(kept)!r})).run()"
    )
    supervisor = psutil.Popen([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)})
    try:
        eventually(lambda: read_lines(kept))
        assert json.loads(read_lines(kept)[0])["reason"] == "asked"
        eventually(lambda: [child.name() for child in supervisor.children()] == ["sleep"])
    finally:
        supervisor.terminate()
        supervisor.wait(20)
