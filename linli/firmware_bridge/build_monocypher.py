"""Fetches the arithmetic of Ed25519 for the board's firmware from a pinned package:
`python -m linli.firmware_bridge.build_monocypher`.

Monocypher comes out of pymonocypher's source package, which carries it unchanged; nothing of that
is installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "pymonocypher==4.0.3.4"
ARCHIVE = "5e56e3d3eb770a53e0b9f6274146663c11a11f3d0de5cd48e3be0428d1b07a4a"
"""SHA-256, as the package's index publishes it."""
FILES = ("monocypher.c", "monocypher.h")
TARGET = Path(__file__).parent / "mcu" / "monocypher"
STAMP = TARGET / "stamp"


def main() -> None:
    if STAMP.is_file() and STAMP.read_text() == ARCHIVE:
        return
    with tempfile.TemporaryDirectory() as directory:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--no-deps", "--no-binary", "pymonocypher", "--dest", directory, PACKAGE],
            check=True,
        )
        (archive,) = Path(directory).glob("*.tar.gz")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != ARCHIVE:
            raise SystemExit(f"{archive.name} is not what was published: do not use it")
        TARGET.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as packed:
            for name in FILES:
                inside = packed.extractfile(f"{archive.name.removesuffix('.tar.gz')}/{name}")
                if inside is None:
                    raise SystemExit(f"{archive.name} has no {name}")
                (TARGET / name).write_bytes(inside.read())
    STAMP.write_text(ARCHIVE)


if __name__ == "__main__":
    main()
