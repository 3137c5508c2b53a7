"""One bundle: wheels for one kind of machine and the hash of each, or the firmware of one kind of
terminal board; and which version it is."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from linli.firmware_bridge.image import ImageError, read_image
from linli.sync.updates import firmware_name


class PublishingError(Exception):
    """What is asked cannot be published; the text says why."""


def build(source: Path, bundle: Path) -> str:
    """Writes the tar, the same for the same files; returns the version. `source` holds the wheels
    of a program, or the images of a board's firmware. Raises PublishingError, OSError."""
    images = sorted(source.glob("*.img"))
    if images:
        return _build_firmware(images, bundle)
    found = sorted(source.glob("*.whl"))
    ours = [path for path in found if path.name.startswith("linli-")]
    if len(ours) != 1:
        raise PublishingError(f"{source} must hold one wheel of linli, and holds {len(ours)}")
    version = ours[0].name.split("-")[1]
    lines = [_line(path) for path in found]
    texts = {
        "bundle.json": json.dumps({"version": version}).encode(),
        "requirements.txt": ("\n".join(lines) + "\n").encode(),
    }
    _write(bundle, texts, found)
    return version


def _build_firmware(files: Sequence[Path], bundle: Path) -> str:
    """Both slots of one board: which of them is free differs from board to board."""
    try:
        images = [read_image(file.read_bytes()) for file in files]
    except ImageError as error:
        raise PublishingError(f"{files[0].parent}: {error}") from error
    kinds = {(image.board, image.version) for image in images}
    if len(kinds) != 1 or sorted(image.slot for image in images) != [0, 1]:
        raise PublishingError(
            f"{files[0].parent} must hold the images of one firmware for slots A and B of one board"
        )
    ((board, version),) = kinds
    if bundle.name != firmware_name(board):
        raise PublishingError(
            f"call it {firmware_name(board)}: a terminal with that board asks for it by this name"
        )
    _write(bundle, {"bundle.json": json.dumps({"version": version}).encode()}, files)
    return version


def version_in(bundle: Path) -> str:
    """Raises PublishingError."""
    try:
        with tarfile.open(bundle, "r:") as opened:
            told = opened.extractfile("bundle.json")
            if told is None:
                raise PublishingError(f"{bundle} is no bundle")
            return str(json.load(told)["version"])
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise PublishingError(f"{bundle} is no bundle: {error}") from error


def _line(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


def _write(bundle: Path, texts: Mapping[str, bytes], files: Sequence[Path]) -> None:
    with tarfile.open(bundle, "w", format=tarfile.USTAR_FORMAT) as out:
        for name, body in texts.items():
            _add(out, name, body)
        for path in files:
            _add(out, path.name, path.read_bytes())


def _add(out: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(body)
    out.addfile(member, io.BytesIO(body))
