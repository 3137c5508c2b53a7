"""The firmware at real GPIO: QEMU's lm3s6965evb, whose contacts are driven and whose coils are seen
at the pins of its PL061 ports (boards/lm3s says which is which)."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doubles.waiting import eventually

from linli.devices.simulated.firmware import EMULATOR, LM3S, image
from linli.devices.simulated.leash import Leashed, out_of_the_way
from linli.firmware_bridge.board import Board, DoorState, Outcome, Pattern, Settings
from linli.firmware_bridge.client import Client

NONCE = b"n" * 16
PORT_DATA = {"B": 0x400053FC, "E": 0x400243FC, "F": 0x400253FC, "G": 0x400263FC}
PORTS = "ABCDEFG"
CONTACT_OF_DOOR_1 = 4
PIR, TAMPER = 6, 7


class SocketLine:
    """A `Line` over a socket."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def ready(self) -> None: ...

    def write(self, data: bytes) -> None:
        self._end.sendall(data)

    def read(self, timeout_s: float) -> bytes:
        self._end.settimeout(max(0.001, timeout_s))
        with contextlib.suppress(TimeoutError):
            return self._end.recv(4096)
        return b""

    def drop_input(self) -> None:
        while self.read(0.0):
            pass

    def close(self) -> None: ...


class Pins:
    """The chip's pins through qtest. `heard` are the changes of coils as they came: (door, on)."""

    def __init__(self, qtest: socket.socket, ports: dict[str, str]) -> None:
        self._socket = qtest
        self._ports = ports
        self._answers: queue.Queue[str] = queue.Queue()
        self.heard: list[tuple[int, bool]] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self._do(f"irq_intercept_out {ports['B']}")

    def drive(self, port: str, pin: int, *, high: bool) -> None:
        self._do(f"set_irq_in {self._ports[port]} unnamed-gpio-in {pin} {int(high)}")

    def outputs(self, port: str) -> int:
        return int(self._do(f"readl {PORT_DATA[port]:#x}").split()[1], 16)

    def _do(self, command: str) -> str:
        self._socket.sendall(f"{command}\n".encode())
        answer = self._answers.get(timeout=10)
        assert answer.startswith("OK"), f"{command}: {answer}"
        return answer

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in self._socket.makefile("r"):
                words = line.split()
                if words[0] == "IRQ":
                    self.heard.append((int(words[2]) + 1, words[1] == "raise"))
                else:
                    self._answers.put(line)


def emulator(ends: dict[str, int]) -> list[str]:
    chardevs = [
        word for name, end in ends.items() for word in ("-chardev", f"socket,id={name},fd={end}")
    ]
    return [
        EMULATOR,
        *("-machine", "lm3s6965evb", "-kernel", str(image(LM3S))),
        *("-display", "none", "-monitor", "none", *chardevs),
        *("-serial", "chardev:line", "-mon", "chardev=control,mode=control"),
        *("-qtest", "chardev:qtest", "-qtest-log", "none", "-accel", "tcg"),
    ]


class Bench:
    def __init__(self) -> None:
        pairs = {name: socket.socketpair() for name in ("line", "control", "qtest")}
        self._ours = {name: ours for name, (ours, _) in pairs.items()}
        ends = {name: out_of_the_way(theirs.detach()) for name, (_, theirs) in pairs.items()}
        self._process = Leashed(emulator(ends), passed=list(ends.values()))
        for end in ends.values():
            os.close(end)
        self.board = Board(Client(SocketLine(self._ours["line"])))
        self.pins = Pins(self._ours["qtest"], self._find_ports())
        for door in range(1, 5):
            self.move(door, is_open=False)
        self.pins.drive("A", PIR, high=False)
        self.pins.drive("A", TAMPER, high=False)

    def move(self, door: int, *, is_open: bool) -> None:
        self.pins.drive("D", CONTACT_OF_DOOR_1 + door - 1, high=is_open)

    def close(self) -> None:
        self._process.kill()
        for ours in self._ours.values():
            ours.close()

    def _find_ports(self) -> dict[str, str]:
        qmp = self._ours["control"].makefile("rw", buffering=1)
        qmp.readline()
        ask(qmp, "qmp_capabilities")
        listed = ask(qmp, "qom-list", path="/machine/unattached")
        found = [one["name"] for one in listed if one["type"] == "child<pl061_luminary>"]
        found.sort(key=lambda name: int(name.removeprefix("device[").removesuffix("]")))
        paths = [f"/machine/unattached/{name}" for name in found]
        return dict(zip(PORTS, paths, strict=True))


def ask(qmp: Any, command: str, **arguments: object) -> Any:
    qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    while "return" not in (told := json.loads(qmp.readline())):
        assert "error" not in told, told
    return told["return"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def outcome(bench: Bench) -> Outcome:
    eventually(lambda: bench.board.outcome(NONCE).outcome is not Outcome.UNDER_WAY)
    return bench.board.outcome(NONCE).outcome


def test_a_coil_s_pin_goes_high_until_the_contact_s_pin_does(bench: Bench) -> None:
    bench.board.configure(Settings(pulse_ms=1900, within_ms=5000))
    bench.board.open(3, NONCE)
    eventually(lambda: bench.pins.heard == [(3, True)])
    assert bench.pins.outputs("B") & 0x0F == 0b0100
    bench.move(3, is_open=True)
    eventually(lambda: bench.pins.heard == [(3, True), (3, False)])
    assert outcome(bench) is Outcome.OPENED
    assert bench.board.doors() == (
        DoorState.CLOSED,
        DoorState.CLOSED,
        DoorState.OPEN,
        DoorState.CLOSED,
    )


def test_a_door_that_jams_leaves_its_pin_low(bench: Bench) -> None:
    bench.board.configure(Settings(pulse_ms=100, within_ms=200))
    bench.board.open(1, NONCE)
    assert outcome(bench) is Outcome.JAMMED
    assert bench.pins.heard == [(1, True), (1, False)]
    assert bench.pins.outputs("B") == 0


def test_a_reset_in_the_middle_takes_the_coil_s_pin_low(bench: Bench) -> None:
    bench.board.configure(Settings(pulse_ms=1900, within_ms=5000))
    bench.board.open(2, NONCE)
    eventually(lambda: bench.pins.heard == [(2, True)])
    bench.board.reset()
    eventually(lambda: bench.pins.outputs("B") == 0)
    assert outcome(bench) is Outcome.INTERRUPTED


def test_leds_buzzer_and_inputs_are_at_their_pins(bench: Bench) -> None:
    bench.board.light(Pattern.SUCCESS)
    assert bench.pins.outputs("F") & 0b101 == 0b001
    bench.board.light(Pattern.TROUBLE)
    eventually(lambda: bench.pins.outputs("F") & 0b101 == 0b100)
    bench.board.light(Pattern.GUIDE, 4)
    eventually(lambda: bench.pins.outputs("E") & 0x0F == 0b1000)
    bench.board.buzz(Pattern.TROUBLE)
    eventually(lambda: bench.pins.outputs("G") & 0b10)
    bench.pins.drive("A", PIR, high=True)
    bench.pins.drive("A", TAMPER, high=True)
    eventually(lambda: bench.board.sensors().presence and bench.board.sensors().tamper)
