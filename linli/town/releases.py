"""A new version of this very program for the town's other terminals, made, signed and served.

The wheel holds the package that runs here, under the next number. What the package needs of others
is not packed once more: a second wheel leads to where it is installed here, so that a slot is
filled within seconds. What draws is left out, as nobody sees those terminals.

The next version has a mistake, which shows at one terminal alone: there its program ends at once.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import http.server
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import linli
from linli.releasing import bundles, publishing
from linli.sync.updates import bundle_name
from linli.town.outposts import next_version

PROBATION_S = 5
"""A version proves itself for a minute on a Raspberry Pi; in a town a person waits for it."""
FALLS = "LINLI_TOWN_NEXT_VERSION_FALLS"
"""In the surroundings of a terminal at which the mistake shows."""
MISTAKE = f'''\
import os
import sys

if "{FALLS}" in os.environ and "--supervised" not in sys.argv:
    sys.exit(3)
'''
LEFT_OUT = ("__pycache__", "fonts", "mcu")
LIBRARIES = "linli_town_libraries"


class Releases:
    """`linli release begin`, `build` and `sign`, and a server for it. Terminals believe what leads
    back to `root`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._served, self._keys = directory / "served", directory / "keys"
        self.root = self._served / "metadata" / "1.root.json"
        self.version = next_version()
        handler = functools.partial(_Silent, directory=str(self._served))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="releases", daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, now: dt.datetime) -> None:
        """Nothing is offered yet."""
        publishing.begin(self._served, self._keys, _to_the_second(now))
        self._thread.start()

    def offer(self, now: dt.datetime) -> str:
        """The next version; returns its number."""
        wheels, bundle = self._directory / "wheels", self._directory / bundle_name()
        shutil.rmtree(wheels, ignore_errors=True)
        wheels.mkdir()
        _write_wheel(wheels, "linli", self.version, _package(self.version))
        leads = "\n".join(path for path in sys.path if path.endswith("-packages")) + "\n"
        _write_wheel(wheels, LIBRARIES, "1", {f"{LIBRARIES}.pth": leads.encode()})
        bundles.build(wheels, bundle)
        publishing.offer(self._served, bundle, self._keys, _to_the_second(now))
        return self.version

    def close(self) -> None:
        """Also before `start`."""
        if self._thread.ident is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


def _package(version: str) -> dict[str, bytes]:
    """The files of this package, under another number."""
    root = Path(linli.__file__).parent
    files = {f"linli/{path.relative_to(root)}": path.read_bytes() for path in _files(root)}
    own = files["linli/__init__.py"].decode()
    files["linli/__init__.py"] = own.replace(f'"{linli.__version__}"', f'"{version}"').encode()
    files["linli/__main__.py"] = MISTAKE.encode() + files["linli/__main__.py"]
    return files


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not set(path.relative_to(root).parts) & set(LEFT_OUT):
            yield path


def _write_wheel(wheels: Path, name: str, version: str, files: Mapping[str, bytes]) -> None:
    """The binary distribution format (packaging.python.org, specifications)."""
    about = f"{name}-{version}.dist-info"
    described = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: linli\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    lines = [f"{path},sha256={_hash(body)},{len(body)}" for path, body in described.items()]
    described[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(wheels / f"{name}-{version}-py3-none-any.whl", "w") as out:
        for path, body in described.items():
            out.writestr(path, body)


def _hash(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def _to_the_second(now: dt.datetime) -> dt.datetime:
    return now.astimezone(dt.UTC).replace(microsecond=0)
