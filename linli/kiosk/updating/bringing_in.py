"""A new version out of the releases, up to where it may be switched to: fetched, taken in,
installed and asked for its name, from wherever a power cut left it."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linli.kiosk.store.database import NEWEST
from linli.kiosk.updating import states
from linli.kiosk.updating.installing import MACHINES, give_back_room, install, take_in
from linli.kiosk.updating.slots import Slots
from linli.kiosk.updating.states import Standing
from linli.sync.updates import Offer, Refusal, ReleaseRefusedError, Releases, bundle_name

TIMES, KEPT_FREE = 5, 200_000_000
"""A bundle is on the disk as it came, as it is taken in, and unpacked; and so many bytes stay free
for what people do here meanwhile."""
NUMBERS = re.compile(r"\d+(\.\d+)*")


def free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


@dataclass(frozen=True)
class Incoming:
    """`running` is the version of the program that runs; `python` the machine's own, with pip."""

    slots: Slots
    releases: Releases
    running: str
    python: Path = MACHINES
    name: str = bundle_name()
    free: Callable[[Path], int] = free_bytes

    def bring(self, wanted: str | None = None) -> Standing:
        """To `verified`; unchanged where the newest version runs here already. With `wanted`, that
        version and no other; one that was taken in before a power cut needs no network any more.

        Raises ReleaseRefusedError, ReleasesNotReachedError, UpdateRefusedError, UpdateFailedError,
        SlotsBusyError, StandingError; and OSError (a full disk), after which all that was begun is
        gone, and may be tried again."""
        with self.slots.alone():
            standing = self.slots.read()
            try:
                return self._brought(standing, wanted)
            except OSError:
                give_back_room(self.slots)
                raise
            finally:
                shutil.rmtree(self._fetched, ignore_errors=True)

    @property
    def _fetched(self) -> Path:
        return self.slots.directory / ".fetched"

    def _brought(self, standing: Standing, wanted: str | None) -> Standing:
        begun = standing.candidate
        if wanted is None or begun is None or begun.version != wanted:
            offer = self._offered(standing, wanted)
            if offer is None:
                return standing
            if begun is None or begun.version != offer.version:
                self._take_in(standing, offer)
        after = install(self.slots, schema=NEWEST, python=self.python)
        shutil.rmtree(self.slots.bundle, ignore_errors=True)
        return after

    def _offered(self, standing: Standing, wanted: str | None) -> Offer | None:
        """None where the newest version runs here."""
        offer = self.releases.offered(self.name)
        if offer is None:
            said = f"there is nothing for this kind of machine ({self.name}) among the releases"
            raise ReleaseRefusedError(said, Refusal.WRONG_MACHINE)
        if wanted is not None and offer.version != wanted:
            said = f"the newest release is {offer.version}, not {wanted}"
            raise ReleaseRefusedError(said, Refusal.NOT_OFFERED)
        kept = standing.version or self.running
        if offer.version != kept and is_older(offer.version, kept):
            said = f"{offer.version} is older than {kept}, which runs here: publish a newer one"
            raise ReleaseRefusedError(said, Refusal.OLDER)
        return None if offer.version == kept else offer

    def _take_in(self, standing: Standing, offer: Offer) -> None:
        states.downloaded(standing, offer.version)  # refused before it is fetched
        needed = TIMES * offer.length + KEPT_FREE
        free = self.free(self.slots.directory)
        if free < needed:
            said = f"{needed // 10**6} MB are needed, and {free // 10**6} MB are free"
            raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)}: {said}")
        self.releases.fetch(self.name, self._fetched)
        take_in(self.slots, self._fetched)


def is_older(version: str, than: str) -> bool:
    """By the numbers that both begin with; what has none is not judged."""
    one, other = NUMBERS.match(version), NUMBERS.match(than)
    if one is None or other is None:
        return False
    return _numbers(one.group()) < _numbers(other.group())


def _numbers(text: str) -> list[int]:
    numbers = [int(part) for part in text.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers
