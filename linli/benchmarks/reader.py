"""`linli bench reader`: from the card on the reader to the verified card, and to the screen.

The line is a pseudo-terminal that gives bytes the time they take at 115,200 bit/s. The time of
the radio field and of the chips themselves is not in it. nfcpy's own tag layer reads the same
card over the same line in the same run.
"""

from __future__ import annotations

import contextlib
import signal
import tempfile
import time
from pathlib import Path

import nfc.clf
import nfc.tag
from nfc.clf import pn532, transport

from linli.benchmarks.figure import Figure, at_most, percentile, ratio_at_most
from linli.benchmarks.tap import WARM_S, play, seeded_town
from linli.cards.sun import read_message, verify
from linli.devices.readers.frontend import Frontend
from linli.devices.readers.pn532 import open_pn532
from linli.devices.readers.type4 import ndef_reading
from linli.devices.simulated.cards import Ntag424, SimulatedCard
from linli.devices.simulated.field import Field
from linli.devices.simulated.reader import SimulatedReader
from linli.town.marks import Mark, read_marks
from linli.town.town import Windows, virtual_windows

READINGS, PEER_READINGS = 200, 20
KEY, UID = bytes(range(16)), b"\x04bench!"
FEWER = 1 / 2.5


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        peer = _peer_bytes(directory)
        seconds, carried = _readings(directory)
        with virtual_windows(directory) as windows:
            shown = _shown(directory, windows)
    return [
        *_limits("card placed → success on the screen", shown, 90, 150),
        at_most("poll → verified card, p50", percentile(seconds, 50) * 1000, "ms", 30),
        ratio_at_most(
            "line of one tap, p50",
            percentile([float(count) for count in carried], 50),
            "bytes",
            "nfcpy's tag layer",
            peer,
            FEWER,
        ),
    ]


def _limits(name: str, seconds: list[float], middle: float, most: float) -> list[Figure]:
    return [
        at_most(f"{name}, p50", percentile(seconds, 50) * 1000, "ms", middle),
        at_most(f"{name}, p99", percentile(seconds, 99) * 1000, "ms", most),
    ]


def _readings(directory: Path) -> tuple[list[float], list[int]]:
    """Seconds and line bytes from the start of a poll that finds a card until its message is
    verified."""
    reader = _paced(directory / "ours")
    chip = open_pn532(reader.path)
    card = Ntag424(UID, KEY)
    seconds, carried = [], []
    for _ in range(READINGS):
        reader.field.place(card)
        before, began = reader.line.carried, time.perf_counter()
        if chip.find() is None or verify(read_message(_message(chip)), KEY).uid != UID:
            raise RuntimeError("the card was not read")
        seconds.append(time.perf_counter() - began)
        carried.append(reader.line.carried - before)
        chip.field_off()
    chip.close()
    reader.close()
    return seconds, carried


def _message(chip: Frontend) -> bytes:
    reading = ndef_reading()
    command = next(reading)
    while True:
        try:
            command = reading.send(chip.exchange(command))
        except StopIteration as done:
            return bytes(done.value or b"")


def _peer_bytes(directory: Path) -> float:
    """The same by nfcpy's tag layer: sense, activate, read and verify. Bytes need no pace."""
    reader = SimulatedReader(directory / "theirs")
    frontend = nfc.clf.ContactlessFrontend()
    frontend.device = pn532.init(transport.TTY(str(reader.path)))
    carried: list[float] = []
    while len(carried) < PEER_READINGS:
        reader.field.place(Ntag424(UID, KEY))
        before = reader.line.carried
        with contextlib.suppress(OSError):  # it gives up after 100 ms, on a busy machine too
            _read_by_nfcpy(frontend)
            carried.append(float(reader.line.carried - before))
    frontend.close()
    reader.close()
    return percentile(carried, 50)


def _read_by_nfcpy(frontend: nfc.clf.ContactlessFrontend) -> None:
    target = frontend.sense(nfc.clf.RemoteTarget("106A"), iterations=1)
    message = bytes(nfc.tag.activate(frontend, target).ndef.octets)
    if verify(read_message(message), KEY).uid != UID:
        raise RuntimeError("nfcpy did not read the card")


def _shown(directory: Path, windows: Windows) -> list[float]:
    """Seconds from laying a card down to the first frame that tells of success, over the seeded
    day; the board's program sleeps, since a centre's board has its own machine or core."""
    town = seeded_town(directory / "town", windows)
    placed: list[float] = []
    try:
        town.start()
        town.reader.line.paced = True
        _note_placings(town.reader.field, placed)
        town.board.process.send_signal(signal.SIGSTOP)
        time.sleep(WARM_S)
        play(town)
        town.board.process.send_signal(signal.SIGCONT)
    finally:
        town.stop()
    return _answers(placed, read_marks(town.trace("kiosk")))


def _note_placings(field: Field, placed: list[float]) -> None:
    place = field.place

    def noted(card: SimulatedCard) -> None:
        placed.append(time.monotonic())
        place(card)

    field.place = noted  # type: ignore[method-assign]


def _answers(placed: list[float], marks: list[Mark]) -> list[float]:
    """Of each placing whose first answer is a success: how long it took. A success is only ever
    shown after its commit."""
    frames = [(m["monotonic"], m["view"]) for m in marks if m["what"] == "frame"]
    found = []
    for at, until in zip(placed, [*placed[1:], float("inf")], strict=True):
        answers = [(shown, view) for shown, view in frames if at < shown < until]
        if answers and answers[0][1] == "success":
            found.append(float(answers[0][0]) - at)
    return found


def _paced(path: Path) -> SimulatedReader:
    reader = SimulatedReader(path)
    reader.line.paced = True
    return reader
