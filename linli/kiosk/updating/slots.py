"""The two slots and what is written down about them, below one directory:

    standing.json    how far an update has come: the truth
    current          a link to the slot that starts, following standing.json; none for the package's
    a/, b/           a virtual environment each
    bundle/          what the update under way is installed from
    NOTE.json        small things that others write down about an update
    lock             held by whoever fills a slot, and by the programs that it runs for that

Each change is whole on the disk before the next is begun, so that a power cut leaves the one before
or the one after.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from linli.kiosk.updating.states import SLOTS, Candidate, Standing, Step
from linli.sync.whole_file import sync_directory, write_whole


class StandingError(Exception):
    """What is written down cannot be read; the text says in which file, and what to do."""


class SlotsBusyError(Exception):
    """Another program fills a slot here at this moment."""


class Slots:
    """Nothing is made before the first update."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._written = directory / "standing.json"
        self._link = directory / "current"

    @property
    def bundle(self) -> Path:
        return self.directory / "bundle"

    def path(self, slot: str) -> Path:
        return self.directory / slot

    def read(self) -> Standing:
        """Raises StandingError."""
        try:
            return _standing(json.loads(self._written.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Standing()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StandingError(
                f"{self._written} cannot be read ({error}): move it away and update again"
            ) from error

    def change(self, by: Callable[[Standing], Standing]) -> Standing:
        """Write down what `by` makes of the standing, and let the link follow.

        Raises what `by` raises, with nothing changed; StandingError; OSError."""
        before = self.read()
        after = by(before)
        if after != before:
            self._write(self._written, asdict(after))
        self.settle(after)
        return after

    def settle(self, standing: Standing) -> None:
        """Make `current` say what is written down; a power cut may have come between."""
        wanted = standing.starts_from
        if self._pointed() == wanted:
            return
        if wanted is None:
            self._link.unlink()
        else:
            beside = self.directory / ".current.new"
            beside.unlink(missing_ok=True)
            beside.symlink_to(wanted)
            beside.replace(self._link)
        sync_directory(self.directory)

    def empty(self, slot: str) -> Path:
        """The slot's directory, gone. It must not be the one that starts."""
        if self.read().starts_from == slot:
            raise StandingError(f"slot {slot} starts here: it is not emptied")
        path = self.path(slot)
        if path.exists():
            shutil.rmtree(path)
        return path

    def note(self, name: str, told: Mapping[str, object]) -> None:
        """On the disk when it returns. Raises OSError; then it is as before."""
        self._write(self.directory / f"{name}.json", told)

    def noted(self, name: str) -> Mapping[str, object]:
        """Empty where nothing was noted, or what was cannot be read."""
        try:
            told = json.loads((self.directory / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else fills a slot meanwhile. Programs that are run in it hold it on: one that
        outlives this one still writes. Raises SlotsBusyError, OSError."""
        self.directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.set_inheritable(descriptor, True)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SlotsBusyError(f"another update is under way in {self.directory}") from error
            yield
        finally:
            os.close(descriptor)

    def _pointed(self) -> str | None:
        return os.readlink(self._link) if self._link.is_symlink() else None

    def _write(self, path: Path, told: Mapping[str, object]) -> None:
        write_whole(path, json.dumps(told).encode())


def _standing(told: dict[str, object]) -> Standing:
    candidate, slot, version = told["candidate"], told["slot"], told["version"]
    counted = told["rolled_back"]
    if slot not in (None, *SLOTS) or not isinstance(counted, dict):
        raise ValueError("it names a slot that there is not")
    return Standing(
        None if slot is None else str(slot),
        None if version is None else str(version),
        _candidate(candidate) if isinstance(candidate, dict) else None,
        {str(name): int(times) for name, times in counted.items()},
    )


def _candidate(told: dict[str, object]) -> Candidate:
    slot = str(told["slot"])
    if slot not in SLOTS:
        raise ValueError("it names a slot that there is not")
    return Candidate(str(told["version"]), slot, Step(str(told["step"])), int(str(told["starts"])))
