"""A USB keyboard wedge's input device, taken away from everybody else.

Named by its link under /dev/input/by-id, which stays the same whichever port it is plugged into.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from evdev import InputDevice

from linli.devices.typed import EVENT_SIZE, Typing

MOST = 64 * EVENT_SIZE


def grabbed(path: Path) -> int:
    """The descriptor of the device at `path`. It is grabbed: what it types reaches neither the
    screen nor another program. Raises OSError."""
    device = InputDevice(str(path))
    device.grab()
    descriptor = os.dup(device.fd)
    device.close()
    os.set_blocking(descriptor, False)
    return descriptor


def found_keyboards(directory: Path) -> list[Path]:
    """Keyboards on the USB by their lasting names, as they stand in /dev/input/by-id."""
    with contextlib.suppress(OSError):
        return sorted(directory.glob("usb-*-event-kbd"))
    return []


class Keyboard:
    """A `LineSource`. Raises OSError from the constructor, with `path` in its text."""

    def __init__(self, path: Path, open_device: Callable[[Path], int] = grabbed) -> None:
        try:
            self._descriptor = open_device(path)
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno == errno.EBUSY:
                reason = "another program has it"
            elif error.errno == errno.ENOENT:
                others = ", ".join(other.name for other in found_keyboards(path.parent))
                reason = f"there is none; keyboards here: {others or 'none'}"
            raise OSError(error.errno or errno.EIO, f"cannot open {path}: {reason}") from error
        self._typing = Typing()

    def fileno(self) -> int:
        return self._descriptor

    def read(self) -> list[str]:
        data = os.read(self._descriptor, MOST)
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return self._typing.feed(data)

    def forget(self) -> None:
        self._typing.forget()

    def close(self) -> None:
        os.close(self._descriptor)
