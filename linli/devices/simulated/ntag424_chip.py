"""What an NTAG 424 DNA does with one command, and what it refuses (NT4H2421Gx, sections 8–10).

It trusts nobody: without the right key nothing that is guarded is read, written or changed, and a
command that breaks a session's rules ends the session. Left out, because no part of the product
uses it: LRP, the originality signature, SetConfiguration, ReadData, file 3 and GetFileCounters.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from linli.cards.authentication import (
    CAPABILITIES,
    FIRST,
    NON_FIRST,
    Challenge,
    new_session,
    rotated,
)
from linli.cards.file_settings import FREE, Access, FileSettings, MalformedSettingsError, Mode
from linli.cards.ntag424 import (
    CHANGE_FILE_SETTINGS,
    CHANGE_KEY,
    GET_CARD_UID,
    GET_FILE_SETTINGS,
    GET_KEY_VERSION,
    GET_VERSION,
    KEYS,
    NDEF_FILE,
    WRITE_DATA,
    key_check,
)
from linli.cards.secure_messaging import (
    LAST_COUNTER,
    MAC_SIZE,
    CardAnswerError,
    Session,
    answer_iv,
    answer_mac,
    command_iv,
    command_mac,
    decrypt,
    encrypt,
    padded,
    unpadded,
)
from linli.devices.simulated.ntag424_keys import Slot, factory_slots
from linli.devices.simulated.ntag424_mirrors import PADDING, fitting, mirrored
from linli.devices.simulated.ntag424_native import RefusedError, Status, unwrapped
from linli.devices.simulated.type4_files import NDEF_FILE_SIZE

HARDWARE = bytes.fromhex("04040230001105")
SOFTWARE = bytes.fromhex("04040201021105")
PRODUCTION = bytes.fromhex("CF399BD4402119")
FACTORY = FileSettings(Mode.PLAIN, Access(read=FREE, write=FREE, read_write=FREE, change=0))
"""File 2 as delivered: anybody writes it, key 0 changes that (8.2.3.4, table 7)."""
READ_COUNTER_END = 0xFFFFFF


@dataclass(frozen=True)
class _Asked:
    """A proof is awaited: RndB was sent, under the key of this number."""

    challenge: Challenge
    first: bool


class Ntag424Chip:
    """State lives as long as the object; `power_up` forgets what a chip forgets without power.

    `content` is file 2 as written; what is read of it is made by `mirrored`. `random` draws the
    chip's own numbers."""

    def __init__(
        self, uid: bytes, random: Callable[[int], bytes] = secrets.token_bytes, counter: int = 0
    ) -> None:
        self.uid = uid
        self.keys: list[Slot] = factory_slots()
        self.settings = FACTORY
        self.content = bytes(NDEF_FILE_SIZE)
        self.counter = counter
        self._random = random
        self._commands: dict[int, Callable[[bytes], bytes]] = {
            GET_KEY_VERSION: self._get_key_version,
            GET_CARD_UID: self._get_card_uid,
            CHANGE_KEY: self._change_key,
            GET_FILE_SETTINGS: self._get_file_settings,
            CHANGE_FILE_SETTINGS: self._change_file_settings,
            WRITE_DATA: self._write_data,
        }
        self.power_up()

    def power_up(self) -> None:
        self.leave()
        self._awaited: _Asked | None = None
        self._frames: list[bytes] = []

    def leave(self) -> None:
        """No session any more: another application was selected, or something went wrong."""
        self.session: Session | None = None

    def answer(self, apdu: bytes) -> bytes:
        """The answer to one native command (8.4)."""
        try:
            command, data = unwrapped(apdu)
            status, content = self._obeyed(command, data)
        except RefusedError as refused:
            self.leave()
            self._awaited, self._frames = None, []
            status, content = refused.status, b""
        return content + bytes([0x91, status])

    def _obeyed(self, command: int, data: bytes) -> tuple[Status, bytes]:
        awaited, self._awaited = self._awaited, None
        frames, self._frames = self._frames, []
        match command:
            case 0xAF if awaited is not None:
                return Status.OK, self._proof(awaited, data)
            case 0xAF if frames:
                self._frames = frames[1:]
                return (Status.MORE if self._frames else Status.OK), frames[0]
            case _ if command == FIRST:
                return Status.MORE, self._challenge(data, first=True)
            case _ if command == NON_FIRST:
                return Status.MORE, self._challenge(data, first=False)
            case _ if command == GET_VERSION:
                self._frames = [SOFTWARE, self.uid + PRODUCTION]
                return Status.MORE, HARDWARE
            case _ if command in self._commands:
                return Status.OK, self._commands[command](data)
        raise RefusedError(Status.ILLEGAL)

    # --- authentication ----------------------------------------------------------------------

    def _challenge(self, data: bytes, *, first: bool) -> bytes:
        if not data or (first and (len(data) < 2 or len(data) != 2 + data[1])):
            raise RefusedError(Status.LENGTH)
        slot = self._slot(data[0])
        if slot.locked or not (first or self.session):
            raise RefusedError(Status.DENIED)
        if slot.delayed():
            raise RefusedError(Status.DELAY)
        random_b = self._random(16)
        self._awaited = _Asked(Challenge(data[0], b"", random_b), first)
        return encrypt(slot.key, bytes(16), random_b)

    def _proof(self, awaited: _Asked, data: bytes) -> bytes:
        if len(data) != 32:
            raise RefusedError(Status.LENGTH)
        number, random_b = awaited.challenge.key_number, awaited.challenge.random_b
        slot = self.keys[number]
        plain = decrypt(slot.key, bytes(16), data)
        if not hmac.compare_digest(plain[16:], rotated(random_b)):
            slot.failed()
            raise RefusedError(Status.AUTHENTICATION)
        slot.proved()
        challenge = Challenge(number, plain[:16], random_b)
        if awaited.first or self.session is None:
            ti = self._random(4)
            self.session = new_session(slot.key, challenge, ti)
            said = ti + rotated(plain[:16]) + CAPABILITIES + CAPABILITIES
        else:
            before = self.session
            self.session = new_session(slot.key, challenge, before.ti, before.counter)
            said = rotated(plain[:16])
        return encrypt(slot.key, bytes(16), said)

    # --- protected commands ------------------------------------------------------------------

    def _opened(self, command: int, data: bytes, header: int, *, hidden: bool) -> bytes:
        """Header and plain data of a command of this session, whose counter then has grown."""
        session = self.session
        if session is None:
            raise RefusedError(Status.AUTHENTICATION)
        content, mac = data[:-MAC_SIZE], data[-MAC_SIZE:]
        if len(content) < header or session.counter >= LAST_COUNTER:
            raise RefusedError(Status.LENGTH)
        if not hmac.compare_digest(mac, command_mac(session, command, content)):
            raise RefusedError(Status.INTEGRITY)
        plain = content[header:]
        if hidden and plain:
            if len(plain) % 16:
                raise RefusedError(Status.LENGTH)
            try:
                plain = unpadded(decrypt(session.encryption, command_iv(session), plain))
            except CardAnswerError as error:
                raise RefusedError(Status.INTEGRITY) from error
        self.session = session.after()
        return content[:header] + plain

    def _said(self, content: bytes = b"", *, hidden: bool = False) -> bytes:
        """Protected by the session as it stands after the command."""
        session = self.session
        if session is None:
            return content
        if hidden and content:
            content = encrypt(session.encryption, answer_iv(session), padded(content))
        return content + answer_mac(session, content)

    def _get_card_uid(self, data: bytes) -> bytes:
        self._opened(GET_CARD_UID, data, 0, hidden=False)
        return self._said(self.uid, hidden=True)

    def _get_key_version(self, data: bytes) -> bytes:
        if self.session is not None:
            data = self._opened(GET_KEY_VERSION, data, 1, hidden=False)
        if len(data) != 1:
            raise RefusedError(Status.LENGTH)
        return self._said(bytes([self._slot(data[0]).version]))

    def _change_key(self, data: bytes) -> bytes:
        plain = self._opened(CHANGE_KEY, data, 1, hidden=True)
        session = self.session
        if session is None or session.key_number != 0:
            raise RefusedError(Status.AUTHENTICATION)
        slot, content = self._slot(plain[0]), plain[1:]
        if plain[0] == session.key_number:
            if len(content) != 17:
                raise RefusedError(Status.LENGTH)
            slot.change(content[:16], content[16])
            self.leave()
            return b""
        if len(content) != 21:
            raise RefusedError(Status.LENGTH)
        key = bytes(a ^ b for a, b in zip(content[:16], slot.key, strict=True))
        if not hmac.compare_digest(key_check(key), content[17:]):
            raise RefusedError(Status.INTEGRITY)
        slot.change(key, content[16])
        return self._said()

    # --- the file ----------------------------------------------------------------------------

    def _get_file_settings(self, data: bytes) -> bytes:
        if self.session is not None:
            data = self._opened(GET_FILE_SETTINGS, data, 1, hidden=False)
        if len(data) != 1:
            raise RefusedError(Status.LENGTH)
        if data[0] != NDEF_FILE:
            raise RefusedError(Status.NOT_FOUND)
        settings = self.settings.encode()
        size = len(self.content).to_bytes(3, "little")
        return self._said(b"\0" + settings[:3] + size + settings[3:])

    def _change_file_settings(self, data: bytes) -> bytes:
        plain = self._opened(CHANGE_FILE_SETTINGS, data, 1, hidden=True)
        if plain[0] != NDEF_FILE:
            raise RefusedError(Status.NOT_FOUND)
        self._require(self.settings.access.change)
        try:
            settings = FileSettings.decode(plain[1:])
        except MalformedSettingsError as error:
            raise RefusedError(Status.PARAMETER) from error
        if not fitting(settings.dynamic, len(self.content)):
            raise RefusedError(Status.PARAMETER)
        self.settings = settings
        return self._said()

    def _write_data(self, data: bytes) -> bytes:
        """The file's own mode is PLAIN on all cards of this scheme."""
        if len(data) < 7 or len(data) - 7 != int.from_bytes(data[4:7], "little"):
            raise RefusedError(Status.LENGTH)
        if data[0] != NDEF_FILE:
            raise RefusedError(Status.NOT_FOUND)
        self.write(int.from_bytes(data[1:4], "little"), data[7:])
        if self.session is not None:
            self.session = self.session.after()
        return b""

    def write(self, offset: int, data: bytes) -> None:
        """Raises RefusedError."""
        self._require(self.settings.access.write, self.settings.access.read_write)
        if offset + len(data) > len(self.content):
            raise RefusedError(Status.BOUNDARY)
        self.content = self.content[:offset] + data + self.content[offset + len(data) :]

    def _require(self, *rights: int) -> None:
        if FREE in rights:
            return
        if self.session is None or self.session.key_number not in rights:
            raise RefusedError(Status.AUTHENTICATION if self.session is None else Status.DENIED)

    def mirrored(self) -> bytes:
        """The file as the next reading finds it: SDMReadCtr has grown by one (9.3)."""
        dynamic = self.settings.dynamic
        if dynamic is None or self.counter >= READ_COUNTER_END:
            return self.content
        self.counter += 1
        keys = self.keys[dynamic.meta_read].key, self.keys[dynamic.file_read].key
        return mirrored(self.content, dynamic, self.uid, self.counter, keys, self._random(PADDING))

    def _slot(self, number: int) -> Slot:
        if number >= KEYS:
            raise RefusedError(Status.NO_KEY)
        return self.keys[number]
