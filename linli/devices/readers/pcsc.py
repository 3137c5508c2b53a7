"""Contactless readers behind the PC/SC service (pcscd), by pyscard."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from smartcard import scard

from linli.devices.readers.activation import UID_SIZES, Target
from linli.devices.readers.frontend import CardLostError, ReaderGoneError
from linli.devices.readers.pcsc_atr import chip_of_atr
from linli.devices.readers.polled import PolledReader
from linli.devices.readers.type4 import OK

GET_UID = bytes.fromhex("FFCA000000")
"""Get Data (PC/SC part 3, section 3.2.2.1.3); the reader itself answers it."""
MISSES = 16
"""Polls of 50 ms. The service looks at some readers only every 400 ms, so that a card which
flickers once is away for that long."""
NOTHING_THERE = {
    scard.SCARD_E_NO_SMARTCARD,
    scard.SCARD_W_REMOVED_CARD,
    scard.SCARD_W_RESET_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_E_NOT_TRANSACTED,
    scard.SCARD_E_PROTO_MISMATCH,
    scard.SCARD_E_SHARING_VIOLATION,
}
"""No card, or one that does not answer, or one that another program holds for a moment."""


class PcscReader(PolledReader):
    """A `CardReader`: the first whose name holds `wanted`, “ACR122U” say; any with ""."""

    def __init__(
        self, name: str, wanted: str = "", monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(name, lambda: PcscFrontend(wanted), monotonic)


class PcscFrontend:
    """A `Frontend`. Power and anticollision are the service's own affair: a card stays connected
    until it is taken away."""

    misses = MISSES

    def __init__(self, wanted: str) -> None:
        """Raises ReaderGoneError without the service, or without such a reader."""
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if result:
            raise ReaderGoneError("the PC/SC service does not answer: is pcscd running?")
        self._card: Any = None
        self._protocol = 0
        self._target: Target | None = None
        try:
            self._reader = self._named(wanted)
        except ReaderGoneError:
            self.close()
            raise

    def find(self) -> Target | None:
        if self._card is not None:
            result = scard.SCardStatus(self._card)[0]
            if not result:
                return self._target
            self._drop(result)
        if not self._present():
            return None
        result, card, protocol = scard.SCardConnect(
            self._context,
            self._reader,
            scard.SCARD_SHARE_SHARED,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        if result:
            _check(result)
            return None
        self._card, self._protocol = card, protocol
        self._target = self._identified()
        return self._target

    def exchange(self, command: bytes) -> bytes:
        if self._card is None:
            raise CardLostError("no card is connected")
        result, answer = scard.SCardTransmit(self._card, self._protocol, list(command))
        if result:
            self._drop(result)
            raise CardLostError(scard.SCardGetErrorMessage(result))
        return bytes(answer)

    def field_off(self) -> None:
        """The service keeps the field."""

    def close(self) -> None:
        if self._card is not None:
            scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
            self._card = None
        scard.SCardReleaseContext(self._context)

    def _named(self, wanted: str) -> str:
        _, names = scard.SCardListReaders(self._context, [])
        for name in names:
            if wanted in name:
                return str(name)
        which = f" called {wanted!r}" if wanted else ""
        raise ReaderGoneError(f"the PC/SC service knows no reader{which}")

    def _present(self) -> bool:
        result, states = scard.SCardGetStatusChange(
            self._context, 0, [(self._reader, scard.SCARD_STATE_UNAWARE)]
        )
        if result or states[0][1] & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise ReaderGoneError("the reader or the PC/SC service has gone")
        return bool(states[0][1] & scard.SCARD_STATE_PRESENT)

    def _identified(self) -> Target | None:
        """The connected card, or None for one without a UID (one with contacts, say) or one that
        left meanwhile."""
        result, _, _, _, atr = scard.SCardStatus(self._card)
        if result:
            self._drop(result)
            return None
        try:
            answer = self.exchange(GET_UID)
        except CardLostError:
            return None
        uid, status = answer[:-2], int.from_bytes(answer[-2:], "big")
        if status != OK or len(uid) not in UID_SIZES:
            return None
        return Target(uid, chip_of_atr(bytes(atr)))

    def _drop(self, result: int) -> None:
        """Let go of a card that stopped answering; the next `find` connects it from the start.
        Raises ReaderGoneError where it is the reader that stopped."""
        scard.SCardDisconnect(self._card, scard.SCARD_RESET_CARD)
        self._card = self._target = None
        _check(result)


def _check(result: int) -> None:
    """Raises ReaderGoneError unless `result` is about the card alone."""
    if result not in NOTHING_THERE:
        raise ReaderGoneError(f"the PC/SC service says: {scard.SCardGetErrorMessage(result)}")
