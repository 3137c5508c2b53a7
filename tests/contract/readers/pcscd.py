"""The PC/SC service itself, started for tests: on a socket and a configuration of its own, with
the driver of a virtual reader (Debian's pcscd and vsmartcard-vpcd)."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from pathlib import Path

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET = "PCSCLITE_CSOCK_NAME"
HANDED_OVER = 3
"""The first descriptor that a service gets from who starts it (systemd, sd_listen_fds(3))."""
CONFIGURATION = """FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x{port:X}
LIBPATH {driver}
CHANNELID 0x{port:X}
"""


def lacking() -> str | None:
    """Why the service cannot be started here, None if it can."""
    if shutil.which("pcscd") is None or not DRIVER.exists():
        return "pcscd and vsmartcard-vpcd are not installed: make test installs them"
    if os.geteuid() != 0:
        return "pcscd starts its virtual reader as root only"
    return None


class Pcscd:
    """`directory` holds its socket. libpcsclite remembers where the socket is from its first
    use on, so one process of tests has one such directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.socket = directory / "pcscd.comm"
        os.environ[SOCKET] = str(self.socket)
        self._program: subprocess.Popen[bytes] | None = None

    def start(self, port: int | None) -> None:
        """With a virtual reader whose driver listens at `port`, or with no reader at all."""
        configuration = self._directory / "reader.conf"
        text = CONFIGURATION.format(port=port, driver=DRIVER) if port is not None else ""
        configuration.write_text(text)
        self.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.socket))
            listening.listen()
            start = f"LISTEN_PID=$$ LISTEN_FDS=1 exec pcscd --foreground --config {configuration}"
            self._program = subprocess.Popen(
                ["/bin/sh", "-c", start],
                preexec_fn=lambda: _hand_over(listening.fileno()),
                close_fds=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def stop(self) -> None:
        """As a crash would. Does nothing if it does not run."""
        if self._program is not None:
            self._program.kill()
            self._program.wait()
            self._program = None
            self.socket.unlink(missing_ok=True)


def free_port() -> int:
    """Of this machine, with the one above it, which the driver's second slot takes."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port


def _hand_over(descriptor: int) -> None:
    os.dup2(descriptor, HANDED_OVER)
    os.set_inheritable(HANDED_OVER, True)
