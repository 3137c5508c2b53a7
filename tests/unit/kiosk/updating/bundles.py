"""Bundles of a very small program called linli, and a quick way to install them."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

SCHEMA = "0003"
UNZIP = """
import pathlib, sys, zipfile
given = sys.argv
slot = pathlib.Path(given[given.index("--python") + 1]).parents[1]
(packages,) = slot.glob("lib/*/site-packages")
for wheel in pathlib.Path(given[given.index("--find-links") + 1]).glob("*.whl"):
    zipfile.ZipFile(wheel).extractall(packages)
"""


def quick_python(directory: Path) -> Path:
    """The machine's Python, whose pip only unzips: a second less, where pip is not the point."""
    directory.mkdir(exist_ok=True)
    unzip, quick = directory / "unzip.py", directory / "python"
    unzip.write_text(UNZIP)
    quick.write_text(
        f'#!/bin/sh\n[ "$2" = pip ] && exec {sys.executable} -I -S {unzip} "$@"\n'
        f'exec {sys.executable} "$@"\n'
    )
    quick.chmod(0o755)
    return quick


def bundle(
    directory: Path,
    version: str,
    *,
    says: str | None = None,
    body: str = "",
    opened_by: str = SCHEMA,
) -> Path:
    """Its `linli.commands.app` holds `body`; `says` is the version it claims once installed."""
    directory.mkdir(parents=True)
    wheel = directory / f"linli-{version}-py3-none-any.whl"
    files = {
        "linli/__init__.py": f'__version__ = "{says or version}"\n',
        "linli/__main__.py": "from linli.commands.app import main\nmain()\n",
        "linli/commands/__init__.py": "",
        "linli/kiosk/__init__.py": "",
        "linli/kiosk/store/__init__.py": "",
        "linli/kiosk/store/database.py": f'OPENED_BY = "{opened_by}"\n',
        "linli/commands/app.py": body or "def main() -> None: ...\n",
        f"linli-{version}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: linli\nVersion: {version}\n"
        ),
        f"linli-{version}.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    }
    record = f"linli-{version}.dist-info/RECORD"
    lines = [f"{name},sha256={_hash(text)},{len(text)}" for name, text in files.items()]
    with zipfile.ZipFile(wheel, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
        out.writestr(record, "\n".join([*lines, f"{record},,"]) + "\n")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (directory / "requirements.txt").write_text(f"linli=={version} --hash=sha256:{digest}\n")
    (directory / "bundle.json").write_text(json.dumps({"version": version}))
    return directory


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
