"""The terminal board's verbs: standard group 0 (os) and our group 65, as typed calls.

Group 65 is written down in docs/protocol.md. Every verb raises what `Client.request` raises, and
MalformedAnswerError where an answer lacks what it must tell.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from linli.firmware_bridge.board_log import START, Cursor, Event, Events, Number
from linli.firmware_bridge.client import Client, Patience
from linli.firmware_bridge.errors import (
    MalformedAnswerError,
    RefusedError,
    UnsuitableBoardError,
)
from linli.firmware_bridge.fitting import check_fit
from linli.firmware_bridge.serial_line import SerialLine
from linli.firmware_bridge.smp import Op

OS, TERMINAL = 0, 65
"""Groups."""
ECHO, RESET = 0, 5
"""Commands of the os group."""
SPEED = 115_200
NONCE_BYTES = 16
ONCE = Patience(attempts=1)


class Verb(IntEnum):
    """Commands of group 65."""

    INFO = 0
    DOORS = 1
    OPEN = 2
    OUTCOME = 3
    LIGHT = 4
    BUZZER = 5
    SENSORS = 6
    HEARTBEAT = 7
    LOG = 8
    SETTINGS = 9


class Refusal(IntEnum):
    """Error codes of group 65."""

    NO_SUCH_DOOR = 1
    COIL_BUSY = 2
    OTHER_DOOR = 3
    """The nonce was used for another door."""
    NONCE_UNKNOWN = 4
    DOOR_OPEN = 5
    """The door stands open: it cannot be told whether it opens. The nonce is not used up."""
    STORAGE = 6
    """The nonce could not be kept, so the door was not opened."""
    WRONG_REQUEST = 7
    """A key is missing or a value has the wrong type or size."""


class Outcome(IntEnum):
    """What became of an opening."""

    UNDER_WAY = 0
    OPENED = 1
    JAMMED = 2
    """Pulsed, and the door did not open within the board's time."""
    INTERRUPTED = 3
    """The board was reset after it had begun: the door may have opened or not."""


class DoorState(IntEnum):
    CLOSED = 0
    OPEN = 1
    LEFT_OPEN = 2


class Pattern(IntEnum):
    """What lights and buzzer say; GUIDE leads to a door."""

    OFF = 0
    SUCCESS = 1
    TROUBLE = 2
    GUIDE = 3


class Info(Struct, frozen=True):
    """What this board is. `protocol` is the version of group 65; `boot` counts the board's starts;
    `longest` is the size in bytes of the longest packet it takes, `kept` how many nonces it keeps;
    `parts` names what is fitted of lights, buzzer, pir, tamper, temperature, ambient, power."""

    protocol: Number = field(name="v")
    firmware: str = field(name="fw")
    hardware: str = field(name="hw")
    boot: Number
    doors: Number
    kept: Number = field(name="nonces")
    longest: Number = field(name="buf")
    parts: frozenset[str]


class Opening(Struct, frozen=True):
    """`again`: this nonce had been used before, and nothing was done now."""

    door: Number
    outcome: Outcome
    again: bool = False


class Sensors(Struct, frozen=True):
    """None where the sensor is not fitted. `temperature` in tenths of a degree Celsius, `ambient`
    light in lux."""

    presence: bool | None = field(name="pir", default=None)
    tamper: bool | None = None
    temperature: int | None = field(name="temp", default=None)
    ambient: Number | None = field(name="lux", default=None)


class Settings(Struct, frozen=True):
    """What differs from cabinet to cabinet; the board keeps it without power.

    A coil is on for up to `pulse_ms` (2000 at most); a door that has not opened `within_ms` after
    that began is jammed; one that is open for `left_open_ms` was left open. `doors` is how many of
    the board's are in use, 0 for all. `contact_opens`: the switch of an open door is open."""

    pulse_ms: Number = field(name="pulse", default=500)
    within_ms: Number = field(name="within", default=1500)
    left_open_ms: Number = field(name="left", default=60_000)
    doors: Number = 0
    contact_opens: bool = field(name="opens", default=True)


class _Doors(Struct, frozen=True):
    doors: tuple[DoorState, ...]


class _Echo(Struct, frozen=True):
    text: str = field(name="r")


class _Log(Struct, frozen=True):
    events: tuple[Event, ...]
    lost: bool
    more: bool


class Board:
    """One terminal board, through one client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @classmethod
    def at(cls, path: str | Path) -> Board:
        """The board on the serial port `path` (/dev/serial/by-id/…), opened at first need."""
        return cls(Client(SerialLine(path, SPEED)))

    @property
    def client(self) -> Client:
        """For what is no verb of the board: the update of its firmware."""
        return self._client

    def close(self) -> None:
        self._client.close()

    # --- os ----------------------------------------------------------------------------------

    def echo(self, text: str) -> str:
        return _as(_Echo, self._client.write(OS, ECHO, {"d": text})).text

    def reset(self) -> None:
        """Restart the board. NoAnswerError may mean that it restarted before it could answer."""
        self._client.request(Op.WRITE, OS, RESET, {}, ONCE)

    # --- group 65 ----------------------------------------------------------------------------

    def info(self) -> Info:
        return _as(Info, self._client.read(TERMINAL, Verb.INFO))

    def require(self, parts: Collection[str] = ()) -> Info:
        """`info`, of a board that this program can work with and that has such `parts`. Raises
        UnsuitableBoardError."""
        try:
            info = self.info()
        except RefusedError as error:
            raise UnsuitableBoardError(
                "what is plugged in speaks SMP, and is no terminal board of ours"
            ) from error
        check_fit(
            protocol=info.protocol,
            firmware=info.firmware,
            hardware=info.hardware,
            kept=info.kept,
            parts=info.parts,
            needed=parts,
        )
        return info

    def doors(self) -> tuple[DoorState, ...]:
        """Door 1 comes first."""
        return _as(_Doors, self._client.read(TERMINAL, Verb.DOORS)).doors

    def open(self, door: int, nonce: bytes) -> Opening:
        """Begin to open a door, numbered from 1; ask `outcome` until it is no longer UNDER_WAY.

        A nonce opens at most once, however often it is sent; sent again it answers what became of
        the first. Raises RefusedError with a Refusal: then nothing was done. Raises ValueError
        unless the nonce has 16 bytes.
        """
        body = {"door": door, "nonce": _checked(nonce)}
        return _as(Opening, self._client.write(TERMINAL, Verb.OPEN, body))

    def outcome(self, nonce: bytes) -> Opening:
        """What became of an opening. RefusedError with NONCE_UNKNOWN: the board never began it,
        or so long ago that it has forgotten."""
        return _as(Opening, self._client.read(TERMINAL, Verb.OUTCOME, {"nonce": _checked(nonce)}))

    def light(self, pattern: Pattern, door: int = 0) -> None:
        """`door` is where GUIDE leads."""
        self._client.write(TERMINAL, Verb.LIGHT, {"p": pattern.value, "door": door})

    def buzz(self, pattern: Pattern) -> None:
        self._client.write(TERMINAL, Verb.BUZZER, {"p": pattern.value})

    def sensors(self) -> Sensors:
        return _as(Sensors, self._client.read(TERMINAL, Verb.SENSORS))

    def heartbeat(self, patience_s: float) -> None:
        """The host lives. After `patience_s` (rounded up to whole seconds) without another
        heartbeat the board takes the host's power away and gives it back; 0 ends the watch."""
        self._client.write(TERMINAL, Verb.HEARTBEAT, {"s": math.ceil(patience_s)})

    def settings(self) -> Settings:
        return _as(Settings, self._client.read(TERMINAL, Verb.SETTINGS))

    def configure(self, settings: Settings) -> Settings:
        """Keep other settings; returns what is kept. RefusedError with WRONG_REQUEST: they are not
        safe or the board has fewer doors; with COIL_BUSY or STORAGE as for `open`."""
        body = msgspec.to_builtins(settings)
        if not settings.doors:
            del body["doors"]
        return _as(Settings, self._client.write(TERMINAL, Verb.SETTINGS, body))

    def events(self, after: Cursor = START, most: int = 16) -> Events:
        """Up to `most` events after the cursor, oldest first."""
        body = {"boot": after.boot, "seq": after.sequence, "max": most}
        log = _as(_Log, self._client.read(TERMINAL, Verb.LOG, body))
        last = log.events[-1] if log.events else None
        cursor = Cursor(last.boot, last.sequence) if last else after
        return Events(log.events, cursor, log.lost, log.more)


S = TypeVar("S", bound=Struct)


def _as(kind: type[S], body: Mapping[str, Any]) -> S:
    try:
        return msgspec.convert(dict(body), kind)
    except msgspec.ValidationError as error:
        raise MalformedAnswerError(f"the board's answer does not fit: {error}") from error


def _checked(nonce: bytes) -> bytes:
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    return nonce
