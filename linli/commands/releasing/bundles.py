"""One bundle: wheels for one kind of machine, the hash of each, and which version it is."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path


class PublishingError(Exception):
    """What is asked cannot be published; the text says why."""


def build(wheels: Path, bundle: Path) -> str:
    """Writes the tar, the same for the same wheels; returns the version. Raises PublishingError."""
    found = sorted(wheels.glob("*.whl"))
    ours = [path for path in found if path.name.startswith("linli-")]
    if len(ours) != 1:
        raise PublishingError(f"{wheels} must hold one wheel of linli, and holds {len(ours)}")
    version = ours[0].name.split("-")[1]
    lines = [_line(path) for path in found]
    texts = {
        "bundle.json": json.dumps({"version": version}).encode(),
        "requirements.txt": ("\n".join(lines) + "\n").encode(),
    }
    with tarfile.open(bundle, "w", format=tarfile.USTAR_FORMAT) as out:
        for name, body in texts.items():
            _add(out, name, body)
        for path in found:
            _add(out, path.name, path.read_bytes())
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


def _add(out: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(body)
    out.addfile(member, io.BytesIO(body))
