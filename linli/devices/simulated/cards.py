"""Cards as a hand holds them to the reader: they answer the field's frames as the chips do.

Frames are without CRC. What a chip does not understand it does not answer.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from linli.cards import layout
from linli.cards.file_settings import FREE
from linli.cards.ntag424 import ADDITIONAL_FRAME, FACTORY_KEY, GET_VERSION
from linli.cards.secure_messaging import NATIVE
from linli.devices.simulated.iso_dep import CardBlocks
from linli.devices.simulated.ntag424_chip import Ntag424Chip
from linli.devices.simulated.ntag424_native import RefusedError, Status
from linli.devices.simulated.type4_files import (
    NDEF_FILE,
    NOT_ALLOWED,
    OK,
    SECURITY_STATUS,
    SELECT,
    UPDATE_BINARY,
    Files,
    ndef_file,
)

TYPE2_SAK, CLASSIC_SAK, ISO_DEP_SAK = 0x00, 0x08, 0x20
PHONE_ATS = bytes.fromhex("0578807002")
NTAG424_ATS = bytes.fromhex("067777710280")
"""FSC 128 bytes, FWI 7 (NT4H2421Gx, 9.4)."""


class SimulatedCard(Protocol):
    """One card. `sens_res` is in the order the PN532 gives it, high byte first."""

    uid: bytes
    sens_res: bytes
    sak: int

    def power_up(self) -> None:
        """The field came on: whatever was going on is forgotten."""

    def answer(self, frame: bytes) -> bytes | None:
        """The answer to a frame once selected; None is silence."""


class Ntag213:
    """A type 2 tag with nothing but its UID to show (NXP NTAG213 data sheet, section 10)."""

    sens_res, sak = b"\x00\x44", TYPE2_SAK
    READ, GET_VERSION = 0x30, b"\x60"
    PAGES = 45

    def __init__(self, uid: bytes) -> None:
        self.uid = _sized(uid, 7)
        check = uid[0] ^ uid[1] ^ uid[2] ^ 0x88, uid[3] ^ uid[4] ^ uid[5] ^ uid[6]
        pages = [
            *(uid[:3] + bytes([check[0]]), uid[3:], bytes([check[1], 0x48, 0, 0])),
            *(bytes.fromhex("E1101200"), bytes.fromhex("0300FE00")),
        ]
        self._memory = b"".join(pages).ljust(4 * self.PAGES, b"\0")

    def power_up(self) -> None:
        """Nothing to forget: the memory is read-only here."""

    def answer(self, frame: bytes) -> bytes | None:
        if frame == self.GET_VERSION:
            return bytes.fromhex("0004040201000F03")
        if len(frame) == 2 and frame[0] == self.READ and frame[1] < self.PAGES:
            around = self._memory + self._memory
            return around[4 * frame[1] : 4 * frame[1] + 16]
        return None


class MifareClassic:
    """A chip that proves nothing without keys nobody trusts any more: only its UID is used."""

    sens_res, sak = b"\x00\x04", CLASSIC_SAK

    def __init__(self, uid: bytes) -> None:
        self.uid = _sized(uid, 4)

    def power_up(self) -> None:
        """Nothing to forget."""

    def answer(self, frame: bytes) -> bytes | None:
        """Silent: every command needs an authentication first."""
        return None


class IsoDepCard(ABC):
    """What ISO-DEP cards share: blocks around `apdu`, which each kind answers in its way."""

    sens_res, sak, ats = b"\x03\x44", ISO_DEP_SAK, NTAG424_ATS

    def __init__(self, uid: bytes) -> None:
        self.uid = uid
        self._blocks = CardBlocks(self.ats, self.apdu)

    def power_up(self) -> None:
        self._blocks.reset()

    def answer(self, frame: bytes) -> bytes | None:
        return self._blocks.answer(frame)

    @abstractmethod
    def apdu(self, command: bytes) -> bytes | None:
        """The answer to one command APDU; None is silence."""


class Ntag424(IsoDepCard):
    """An NTAG 424 DNA with dynamic messages, made elsewhere: all its keys are `key`.

    `counter` is SDMReadCtr as it stands; it lives as long as the object. `random` gives the
    numbers the chip draws. `Ntag424.blank(uid)` is one as delivered, to be made into a card."""

    def __init__(
        self,
        uid: bytes,
        key: bytes,
        counter: int = 0,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        super().__init__(_sized(uid, 7))
        self.chip = Ntag424Chip(uid, random, counter)
        for slot in self.chip.keys:
            slot.change(key, 1)
        self.chip.write(0, layout.template())
        self.chip.settings = layout.settings()
        self._files = Files(self._file)
        self._message: bytes | None = None

    @classmethod
    def blank(cls, uid: bytes, random: Callable[[int], bytes] = secrets.token_bytes) -> Ntag424:
        card = cls(uid, FACTORY_KEY, random=random)
        card.chip = Ntag424Chip(uid, random)
        return card

    @property
    def counter(self) -> int:
        return self.chip.counter

    def power_up(self) -> None:
        super().power_up()
        self._files.reset()
        self.chip.power_up()
        self._message = None

    def apdu(self, command: bytes) -> bytes | None:
        if not self._files.reads(command):
            self._message = None
        if command[:1] == bytes([NATIVE]):
            return self._native(command)
        if command[1:2] == bytes([UPDATE_BINARY]):
            return self._update(command)
        if command[1:3] == bytes([SELECT, 0x04]):
            self.chip.leave()
        return self._files.answer(command)

    def read_url(self) -> str:
        """Read the card once, as any phone may: the next message's address."""
        file = self.chip.mirrored()
        return "https://" + file[7 : 2 + int.from_bytes(file[:2], "big")].decode("ascii")

    def _native(self, command: bytes) -> bytes:
        """Without the application only the chip's own description is there (NT4H2421Gx, 8.2.1)."""
        described = command[1:2] in (bytes([GET_VERSION]), bytes([ADDITIONAL_FRAME]))
        if not self._files.application and not described:
            return bytes([0x91, Status.NO_KEY])
        return self.chip.answer(command)

    def _update(self, command: bytes) -> bytes:
        """ISOUpdateBinary, which knows no secure messaging (10.9.3)."""
        if self._files.selected != NDEF_FILE or len(command) < 5:
            return NOT_ALLOWED
        try:
            self.chip.write(int.from_bytes(command[2:4], "big"), command[5 : 5 + command[4]])
        except RefusedError:
            return SECURITY_STATUS
        return OK

    def _file(self, identifier: int) -> bytes | None:
        """SDMReadCtr grows at the first read after another command; the reads that follow are
        the rest of the same message (NT4H2421Gx, 9.3.2)."""
        if identifier != NDEF_FILE or self.chip.settings.access.read != FREE:
            return None
        if self._message is None:
            self._message = self.chip.mirrored()
        return self._message


class ReplayedCard(IsoDepCard):
    """The cloner's card: an imitated UID and one recorded message, the same at every reading."""

    def __init__(self, uid: bytes, url: str) -> None:
        super().__init__(_sized(uid, 7))
        message = ndef_file(url)
        self._files = Files(lambda identifier: message if identifier == NDEF_FILE else None)

    def power_up(self) -> None:
        super().power_up()
        self._files.reset()

    def apdu(self, command: bytes) -> bytes | None:
        return self._files.answer(command)


class RandomUidPhone(IsoDepCard):
    """A phone: it draws another UID whenever the field comes on, and has no message for us."""

    sens_res, ats = b"\x00\x04", PHONE_ATS

    def __init__(self, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._random = random
        super().__init__(b"\x08" + random(3))
        self._files = Files(None)

    def power_up(self) -> None:
        super().power_up()
        self._files.reset()
        self.uid = b"\x08" + self._random(3)

    def apdu(self, command: bytes) -> bytes | None:
        return self._files.answer(command)


class MuteCard(IsoDepCard):
    """Activates and then never answers: a card that is broken, or too far away."""

    def __init__(self, uid: bytes) -> None:
        super().__init__(_sized(uid, 7))

    def apdu(self, command: bytes) -> bytes | None:
        return None


def _sized(uid: bytes, size: int) -> bytes:
    if len(uid) != size:
        raise ValueError(f"this chip's UID has {size} bytes, not {len(uid)}")
    return uid
