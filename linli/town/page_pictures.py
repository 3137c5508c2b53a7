"""Pages as a browser of the town saw them: kept whole as one file, and pictured by Debian's
Chromium where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import requests

from linli.town.web_visitor import WebVisitor

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"[^>]*>')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
WIDTH, HEIGHT = 1280, 1600
DRAWN_S = 40.0


class PagePictures:
    """They are saved into `shots`; None takes none."""

    def __init__(self, url: str, shots: Path | None) -> None:
        self._url, self._shots = url, shots

    def take(self, name: str, visitor: WebVisitor, height: int = HEIGHT) -> None:
        """Save the page that is open there as `name`.html, and `name`.png of so many pixels."""
        if self._shots is None:
            return
        page = self._shots / f"{name}.html"
        whole = STYLE.sub(lambda found: self._style(found[1]), SCRIPT.sub("", visitor.text))
        page.write_text(whole, encoding="utf-8")
        draw(page, page.with_suffix(".png"), height)

    def _style(self, address: str) -> str:
        return f"<style>{requests.get(self._url + address, timeout=10).text}</style>"


def draw(page: Path, picture: Path, height: int) -> bool:
    """Whether there was a browser to draw it."""
    program = shutil.which("chromium")
    if program is None:
        return False
    # Without its sandbox, since it may run as root; nothing of the page comes from elsewhere.
    with tempfile.TemporaryDirectory(prefix="linli-chromium-") as profile:
        command = [
            *(program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--user-data-dir={profile}", f"--window-size={WIDTH},{height}"),
            *(f"--screenshot={picture.resolve()}", page.resolve().as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=DRAWN_S, check=False)
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0
