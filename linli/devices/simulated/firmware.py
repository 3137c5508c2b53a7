"""The terminal board's firmware, built on this machine from linli/firmware_bridge/mcu.

What was built is kept in the user's cache, under a name made from the sources: it is built once for
each state of them, by whoever asks first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import linli.firmware_bridge

SOURCES = Path(linli.firmware_bridge.__file__).parent / "mcu"
ENDINGS = {".c", ".h", ".ld", ".S", ""}
"""Of what firmware is made from; "" is the Makefile."""
HOST, SANITIZED, MPS2, LM3S = "board", "board-sanitized", "mps2.elf", "lm3s.elf"
BOOTLOADER, FOR_SLOT_A, FOR_SLOT_B = "mps2-boot.elf", "mps2-a.bin", "mps2-b.bin"
EMULATOR, CROSS_COMPILER = "qemu-system-arm", "arm-none-eabi-gcc"
PACKAGES = {
    "make": "make",
    "cc": "gcc libc6-dev",
    "openssl": "openssl",
    CROSS_COMPILER: "gcc-arm-none-eabi",
    EMULATOR: "qemu-system-arm",
}
"""Debian's, by the programs that are needed of them."""


class FirmwareError(RuntimeError):
    """The board's firmware cannot be built or run here; the text says what to do."""


def host_program(*, sanitized: bool = False) -> Path:
    """The firmware as a program of this machine; `sanitized` ends at the first wrong access to
    memory and at undefined behaviour. Raises FirmwareError."""
    _need("make", "cc", "openssl")
    return _made(SANITIZED if sanitized else HOST)


def can_emulate() -> bool:
    """Whether QEMU and the cross-compiler are installed."""
    return all(shutil.which(program) for program in (EMULATOR, CROSS_COMPILER, "make"))


def image(target: str = MPS2) -> Path:
    """The firmware for a machine of QEMU's: MPS2 or LM3S, or what a bootloader starts. Raises
    FirmwareError."""
    _need("make", CROSS_COMPILER, EMULATOR, "openssl")
    return _made(target)


def development_key() -> Path:
    """The key that signs images for what is built here; made when first asked for. It stays on this
    machine. Raises FirmwareError."""
    _need("openssl")
    key = _cache() / "development.pem"
    key.parent.mkdir(parents=True, exist_ok=True)
    with (key.parent / "development.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not key.exists():
            making = key.with_suffix(".making")
            making.touch(0o600)
            command = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(making)]
            subprocess.run(command, check=True, capture_output=True)
            making.replace(key)
    return key


def _need(*programs: str) -> None:
    missing = [PACKAGES[program] for program in programs if shutil.which(program) is None]
    if missing:
        raise FirmwareError(
            "the terminal board is simulated by its own firmware, which is built here from C: "
            f"apt-get install {' '.join(missing)}"
        )


def _made(target: str) -> Path:
    directory = _cache() / _digest(development_key().read_bytes())
    built = directory / target
    if built.exists():
        return built
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{target}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _make(directory, target)
    return built


def _make(directory: Path, target: str) -> None:
    """In a folder of its own first: nobody sees a program that is half written."""
    work = directory / f"{target}.making"
    command = ["make", "-s", "-C", str(SOURCES), f"BUILD={work}", f"KEY={development_key()}"]
    command.append(f"{work}/{target}")
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise FirmwareError(f"the board's firmware cannot be built: {made.stderr.strip()}")
    (work / target).replace(directory / target)
    shutil.rmtree(work)


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "linli" / "firmware"


def _digest(key: bytes) -> str:
    digest = hashlib.sha256(key)
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and path.suffix in ENDINGS:
            digest.update(f"{path.relative_to(SOURCES)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
