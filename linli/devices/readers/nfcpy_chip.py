"""nfcpy's chip sets behind typed verbs; `nfc` itself has no types.

Used are its chip sets (`nfc.clf.pn532.Chipset` and those derived from it: commands, frames,
checks) and its set-up (`nfc.clf.pn532.Device`: line test, analogue settings). Not used are
`ContactlessFrontend.connect` and the tag layer: they send four commands where one does, fire on
every poll for a card that lies still, and block for seconds when closed.
"""

from __future__ import annotations

import contextlib
import logging
import struct
from collections.abc import Callable, Iterator
from typing import Protocol

from nfc.clf import pn532

from linli.devices.readers.activation import MalformedActivationError, Target, parse_target
from linli.devices.readers.frontend import CardLostError, ReaderGoneError, ReaderLineError
from linli.devices.readers.presence import MISSES

EXCHANGE_S = 0.5
AUTOMATIC_RATS = 0x10
"""SetParameters flag: the chip activates ISO-DEP by itself (UM0701-02, 7.2.9)."""
RF_FIELD, MAX_RETRIES = 0x01, 0x05
"""RFConfiguration items (UM0701-02, 7.3.1)."""
TYPE_A_106 = 0

SILENT = logging.Logger("pn532", logging.CRITICAL + 1)
"""What goes wrong comes back as an exception; frames hold card numbers and belong in no log."""
logging.getLogger("nfc.clf").setLevel(logging.CRITICAL + 1)


class Transport(Protocol):
    """The cable below a chip set, in nfcpy's own terms."""

    @property
    def gone(self) -> bool:
        """The device was pulled out; stays so."""

    def close(self) -> None: ...


class NfcpyChip:
    """A `Frontend`: one PN532, set up and polling for type A cards."""

    misses = MISSES

    def __init__(self, transport: Transport, open_chipset: Callable[[], pn532.Chipset]) -> None:
        """Raises ReaderLineError if no chip of that kind answers."""
        self._transport = transport
        with self._translated():
            self._chipset = open_chipset()
            pn532.Device(self._chipset, SILENT)
            self._chipset.set_parameters(AUTOMATIC_RATS)
            self._chipset.rf_configuration(MAX_RETRIES, b"\x01\x00\x01")

    def find(self) -> Target | None:
        with self._translated():
            data = self._chipset.in_list_passive_target(1, TYPE_A_106, b"")
        try:
            return parse_target(bytes(data)) if data is not None else None
        except MalformedActivationError as error:
            raise ReaderLineError(str(error)) from error

    def exchange(self, command: bytes) -> bytes:
        with self._translated():
            try:
                data, _ = self._chipset.in_data_exchange(command, EXCHANGE_S)
            except pn532.Chipset.Error as error:
                raise CardLostError(str(error)) from error
            return bytes(data)

    def field_off(self) -> None:
        """A card that has been activated stays silent to the next search; without power it
        forgets (ISO/IEC 14443-3, 6.3). The next search switches the field on again."""
        with self._translated():
            self._chipset.rf_configuration(RF_FIELD, b"\x02")

    def close(self) -> None:
        """Field off if the chip still listens, port closed in any case."""
        with contextlib.suppress(ReaderLineError):
            if not self._transport.gone:
                self.field_off()
        self._transport.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """nfcpy answers a broken line with whatever its own parsing stumbles over."""
        try:
            yield
        except pn532.Chipset.Error as error:
            raise ReaderLineError(f"the chip refused: {error}") from error
        except OSError as error:
            if self._transport.gone:
                raise ReaderGoneError("the reader was pulled out") from error
            raise ReaderLineError(f"no sound answer: {error.strerror}") from error
        except (IndexError, TypeError, ValueError, struct.error) as error:
            raise ReaderLineError(f"an answer that makes no sense: {error}") from error
