"""What a USB keyboard wedge types, out of the raw events of its input device.

An event is `struct input_event` (linux/input.h): the time (two longs), type, code, value; thus 24
bytes where a long has eight, 16 where it has four. Keys are those of a US keyboard, which is what
such devices imitate unless they are told otherwise.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from evdev import ecodes

EVENT_SIZES = {8: 24, 4: 16}
EVENT_SIZE = EVENT_SIZES[struct.calcsize("l")]
"""Of this machine."""
TAIL = struct.Struct("<HHi")
PRESSED = 1
LONGEST = 1024
SHIFTS = {ecodes.KEY_LEFTSHIFT, ecodes.KEY_RIGHTSHIFT}
ENDS = {ecodes.KEY_ENTER, ecodes.KEY_KPENTER, ecodes.KEY_TAB}
PLAIN = {
    getattr(ecodes, f"KEY_{key}"): key.lower() for key in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
}
KEYPAD = {getattr(ecodes, f"KEY_KP{digit}"): str(digit) for digit in range(10)}
MARKS = {
    ecodes.KEY_MINUS: "-_",
    ecodes.KEY_EQUAL: "=+",
    ecodes.KEY_LEFTBRACE: "[{",
    ecodes.KEY_RIGHTBRACE: "]}",
    ecodes.KEY_SEMICOLON: ";:",
    ecodes.KEY_APOSTROPHE: "'\"",
    ecodes.KEY_GRAVE: "`~",
    ecodes.KEY_BACKSLASH: "\\|",
    ecodes.KEY_COMMA: ",<",
    ecodes.KEY_DOT: ".>",
    ecodes.KEY_SLASH: "/?",
    ecodes.KEY_SPACE: "  ",
}
SHIFTED_DIGITS = dict(zip("1234567890", "!@#$%^&*()", strict=True))


class Typing:
    """Collects whole lines. `event_size` is 24 or 16 bytes."""

    def __init__(self, event_size: int = EVENT_SIZE) -> None:
        self._size = event_size
        self._line = ""
        self._shifts: set[int] = set()
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """Lines that were ended by Enter or Tab, in order, without empty ones."""
        lines = []
        for code, value in self._keys(data):
            if code in SHIFTS:
                (self._shifts.add if value else self._shifts.discard)(code)
            elif value == PRESSED and code in ENDS:
                lines.append(self._line)
                self._line = ""
            elif value == PRESSED:
                self._line = (self._line + _letter(code, bool(self._shifts)))[-LONGEST:]
        return [line for line in lines if line]

    def forget(self) -> None:
        """What was typed so far belongs to nobody."""
        self._line = ""

    def _keys(self, data: bytes) -> Iterator[tuple[int, int]]:
        data = self._rest + data
        whole = len(data) - len(data) % self._size
        self._rest = data[whole:]
        for end in range(self._size, whole + 1, self._size):
            kind, code, value = TAIL.unpack(data[end - TAIL.size : end])
            if kind == ecodes.EV_KEY:
                yield code, value


def _letter(code: int, shift: bool) -> str:
    if code in MARKS:
        return MARKS[code][shift]
    if code in KEYPAD:
        return KEYPAD[code]
    plain = PLAIN.get(code, "")
    return SHIFTED_DIGITS.get(plain, plain.upper()) if shift else plain
