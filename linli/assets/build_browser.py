"""Fetches what pages run in the browser from a pinned package:
`python -m linli.assets.build_browser`.

htmx comes out of django-htmx's wheel, which carries it unchanged; nothing of Django is installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "django-htmx==1.29.0"
WHEEL = "0ec5be1645ed71e6787bd75e0250624f00274ac3bb1730f07b6629a95688929b"
"""SHA-256, as the package's index publishes it."""
INSIDE = "django_htmx/static/django_htmx/htmx-2.min.js"
TARGET = Path(__file__).parents[1] / "ledger" / "web" / "static" / "vendor" / "htmx.min.js"
STAMP = TARGET.with_suffix(".stamp")


def main() -> None:
    if TARGET.is_file() and STAMP.is_file() and STAMP.read_text() == WHEEL:
        return
    with tempfile.TemporaryDirectory() as directory:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--no-deps", "--only-binary", ":all:", "--dest", directory, PACKAGE], check=True
        )
        (wheel,) = Path(directory).glob("*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL:
            raise SystemExit(f"{wheel.name} is not the wheel that was published: do not use it")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as packed:
            TARGET.write_bytes(packed.read(INSIDE))
    STAMP.write_text(WHEEL)


if __name__ == "__main__":
    main()
