"""`linli terminal update`, from what is published to what starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from linli.sync.updates import bundle_name
from tests.unit.kiosk.updating.bundles import bundle
from tests.unit.sync.updates.repository import Repository, archive

ROOT = Path(__file__).parents[2]


class Terminal:
    def __init__(self, directory: Path) -> None:
        self.data, self.stick = directory / "data", directory / "stick"
        self.data.mkdir()
        self.published = Repository(self.stick)
        self.root = directory / "root.json"
        self.root.write_bytes(self.published.first_root)

    def publish(self, version: str) -> None:
        made = bundle(self.stick.parent / version, version)
        files = {path.name: path.read_bytes() for path in made.iterdir()}
        self.published.put_bundle(version, archive(files), name=bundle_name())
        self.published.publish()

    def update(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(sys.executable, "-m", "linli", "terminal", "update", str(self.stick)),
                *("--data", str(self.data), "--root", str(self.root), "--python", sys.executable),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    @property
    def starts(self) -> str:
        link = self.data / "updates" / "current"
        if not link.is_symlink():
            return "the package's"
        ask = [link / "bin" / "python", "-I", "-c", "import linli; print(linli.__version__)"]
        return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_update_that_is_published_is_what_starts_next(terminal: Terminal) -> None:
    terminal.publish("2.0")
    done = terminal.update()
    assert done.stdout == "2.0 starts on probation at the next start.\n", done.stderr
    assert terminal.starts == "2.0"
    assert terminal.update().stdout == done.stdout


def test_update_that_somebody_else_has_signed_is_not_unpacked(terminal: Terminal) -> None:
    terminal.publish("2.0")
    stranger = Repository(terminal.stick.parent / "stranger")
    terminal.root.write_bytes(stranger.first_root)
    done = terminal.update()
    assert done.returncode == 1
    assert "is not believed" in done.stderr
    assert terminal.starts == "the package's"


def test_update_that_was_rolled_back_twice_is_not_fetched_again(terminal: Terminal) -> None:
    terminal.publish("2.0")
    updates = terminal.data / "updates"
    updates.mkdir()
    standing = {"slot": None, "version": None, "candidate": None, "rolled_back": {"2.0": 2}}
    (updates / "standing.json").write_text(json.dumps(standing))
    done = terminal.update()
    assert done.returncode == 1
    assert "2.0 was rolled back 2 times here" in done.stderr
    assert not (updates / ".fetched").exists()
