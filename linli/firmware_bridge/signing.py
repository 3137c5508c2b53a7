"""Signs a program for a slot of a board, with imgtool (of the extra `dev`):
`python -m linli.firmware_bridge.signing BOARD SLOT VERSION KEY PROGRAM IMAGE`.

The key is an Ed25519 key as PEM. It is no part of the product: whoever has it can put any program
into every board.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from linli.firmware_bridge.image import (
    ADDRESSES,
    BOARD,
    HEADER_SIZE,
    LARGEST,
    ImageError,
    read_image,
)

TRAILER = 0x1000
"""More than imgtool keeps free for MCUboot's swapping, which is not done here."""


def sign(board: str, slot: int, version: str, key: Path, program: Path, image: Path) -> None:
    """Write `program`, linked for `slot` (0 or 1) of `board`, as `image`. Its security counter is
    made from the version, so that an older one is refused. Raises ImageError."""
    command = [sys.executable, "-m", "imgtool.main", "sign", "--key", str(key), "--align", "4"]
    command += [
        "--header-size",
        hex(HEADER_SIZE),
        "--pad-header",
        "--slot-size",
        hex(LARGEST + TRAILER),
    ]
    command += ["--version", version, "--security-counter", "auto"]
    command += ["--rom-fixed", hex(ADDRESSES[board][slot]), "--custom-tlv", hex(BOARD), board]
    command += [str(program), str(image)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ImageError(f"{program.name} cannot be signed: {done.stderr.strip()}")
    read_image(image.read_bytes())


if __name__ == "__main__":
    board, slot, version, key, program, image = sys.argv[1:]
    sign(board, int(slot), version, Path(key), Path(program), Path(image))
