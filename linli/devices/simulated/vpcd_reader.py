"""A contactless PC/SC reader: the card on its antenna appears in pcscd by the driver vpcd
(vsmartcard, “Virtual Smart Card Architecture”, virtualsmartcard/src/vpcd).

The driver listens; a card is there for as long as somebody is connected. Messages have a length
of two bytes, high byte first; those of one byte are control: 0 off, 1 on, 2 reset, 4 ATR?
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading

from linli.devices.simulated.cards import CLASSIC_SAK, ISO_DEP_SAK, SimulatedCard
from linli.devices.simulated.field import Field
from linli.devices.simulated.iso_dep import ReaderBlocks

LOOK_S = 0.02
CHANGED_S = 0.45
"""How long a card that left stays away at the least. The service looks at this driver only every
400 ms and would take a quick swap for the card before; other readers tell it of each change."""
RATS_64 = b"\xe0\x50"
GET_UID = bytes.fromhex("FFCA0000")
POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
OK, REFUSED = b"\x90\x00", b"\x63\x00"
CLASSIC_1K, ULTRALIGHT = b"\x00\x01", b"\x00\x03"


class VpcdReader:
    """Above `field`; the driver is asked for at `port` of this machine.

    `close` leaves no thread and no descriptor."""

    def __init__(self, port: int, field: Field) -> None:
        self._port = port
        self._field = field
        self._stopped, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._run, name="simulated pc/sc", daemon=True)
        self._thread.start()

    def close(self) -> None:
        os.write(self._stop, b"!")
        self._thread.join()
        for end in (self._stopped, self._stop):
            os.close(end)

    def _run(self) -> None:
        while not select.select([self._stopped], [], [], LOOK_S)[0]:
            session = _activate(self._field)
            if session is None:
                continue
            with (
                contextlib.suppress(OSError),  # nobody listens: the service is not there
                socket.create_connection(("127.0.0.1", self._port)) as driver,
            ):
                self._serve(driver, session)
            if select.select([self._stopped], [], [], CHANGED_S)[0]:
                return

    def _serve(self, driver: socket.socket, session: _Session) -> None:
        """Until the card is away, does not answer, or the driver hangs up."""
        ends: list[socket.socket | int] = [driver, self._stopped]
        while True:
            ready, _, _ = select.select(ends, [], [], LOOK_S)
            if self._stopped in ready:
                return
            if driver in ready:
                message = _message(driver)
                if message is None or not _answered(driver, session, message):
                    return
            if not self._field.hears(session.card):
                return


class _Session:
    """A card that has been activated, with its blocks where it speaks ISO-DEP."""

    def __init__(self, field: Field, card: SimulatedCard, ats: bytes | None) -> None:
        self.card = card
        self.atr = _atr(card, ats)
        self._blocks = ReaderBlocks(field.send) if ats is not None else None

    def apdu(self, command: bytes) -> bytes | None:
        if command[:4] == GET_UID:
            return self.card.uid + OK
        return self._blocks.exchange(command) if self._blocks is not None else REFUSED


def _activate(field: Field) -> _Session | None:
    field.switch(on=False)
    field.switch(on=True)
    card = field.select()
    if card is None:
        return None
    if not card.sak & ISO_DEP_SAK:
        return _Session(field, card, None)
    ats = field.send(RATS_64)
    return _Session(field, card, ats) if ats is not None else None


def _answered(driver: socket.socket, session: _Session, message: bytes) -> bool:
    """Power is the field's: the card is activated anew for each session only."""
    if message in (POWER_OFF, POWER_ON, RESET):
        return True
    answer = session.atr if message == GET_ATR else session.apdu(message)
    if answer is None:
        return False
    driver.sendall(len(answer).to_bytes(2, "big") + answer)
    return True


def _message(driver: socket.socket) -> bytes | None:
    head = _exactly(driver, 2)
    return _exactly(driver, int.from_bytes(head, "big")) if head is not None else None


def _exactly(driver: socket.socket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        part = driver.recv(size - len(data))
        if not part:
            return None
        data += part
    return data


def _atr(card: SimulatedCard, ats: bytes | None) -> bytes:
    """PC/SC part 3, section 3.1.3.2.3: historical bytes from the ATS, or the name of a chip."""
    if ats is not None:
        historical = _historical(ats)
    else:
        name = CLASSIC_1K if card.sak & CLASSIC_SAK else ULTRALIGHT
        historical = bytes.fromhex("804F0CA00000030603") + name + bytes(4)
    body = bytes([0x80 | len(historical), 0x80, 0x01]) + historical
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes([check])


def _historical(ats: bytes) -> bytes:
    """Behind TL, T0 and the interface bytes that T0 announces (ISO/IEC 14443-4, 5.2)."""
    if len(ats) < 2:
        return b""
    interface = sum(bool(ats[1] & bit) for bit in (0x10, 0x20, 0x40))
    return ats[2 + interface :]
