"""Images signed by imgtool with a key of the tests' own choice.

images = SignedImages(directory)
images.for_host(slot=1, version="1.1.0", size=6000)
"""

from __future__ import annotations

import random
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from linli.devices.simulated.firmware import FOR_SLOT_A, FOR_SLOT_B, development_key, image
from linli.firmware_bridge.image import Image, read_image
from linli.firmware_bridge.signing import sign


class SignedImages:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def of(
        self,
        program: bytes,
        *,
        slot: int,
        version: str,
        board: str = "host",
        key: Path | None = None,
    ) -> Image:
        source, target = self._directory / "program.bin", self._directory / "image.bin"
        source.write_bytes(program)
        sign(board, slot, version, key or development_key(), source, target)
        return read_image(target.read_bytes())

    def for_host(self, slot: int, version: str, size: int = 3000) -> Image:
        """The host program does not run what is in it."""
        return self.of(random.Random(version).randbytes(size), slot=slot, version=version)

    def firmware(self, slot: int, version: str) -> Image:
        """The real one, for QEMU's mps2."""
        program = image((FOR_SLOT_A, FOR_SLOT_B)[slot]).read_bytes()
        return self.of(program, slot=slot, version=version, board="mps2")

    def strange_key(self) -> Path:
        path = self._directory / "strange.pem"
        key = Ed25519PrivateKey.generate()
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return path
