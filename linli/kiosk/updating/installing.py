"""Fills a slot from a bundle: a directory of wheels with `requirements.txt`, which gives for each
its version and SHA-256 (pip's hash-checking mode), and `bundle.json`: `{"version": …}`.

Whether a bundle is ours is decided before, where it comes in. Here nothing is taken from elsewhere:
no index, no cache, no source package.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from linli.kiosk.updating import states
from linli.kiosk.updating.slots import Slots
from linli.kiosk.updating.states import Candidate, Standing, Step

MACHINES = Path(sys.base_prefix) / "bin" / "python3"
"""Has pip; a slot has none."""
ASKED = (
    "import linli, linli.commands.app; from linli.kiosk.store.database import OPENED_BY;"
    "print(linli.__version__, OPENED_BY)"
)
INSTALL_S, ASK_S = 1800, 120
"""A slow SD card under a whole program; a program that is asked for its version the first time."""


class UpdateFailedError(Exception):
    """A bundle cannot be installed here; the text says why. What ran goes on running."""


def take_in(slots: Slots, bundle: Path) -> Standing:
    """Copy a bundle to where it is installed from, and begin with it.

    Raises UpdateFailedError for what is no bundle, UpdateRefusedError, OSError (a full disk)."""
    version = version_of(bundle)
    states.downloaded(slots.read(), version)  # refused before anything is copied
    slots.directory.mkdir(parents=True, exist_ok=True)
    if slots.bundle.exists():
        _forget_unfinished(slots)
        shutil.rmtree(slots.bundle)
    beside = slots.directory / ".bundle.new"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(bundle, beside)
    os.sync()
    beside.replace(slots.bundle)
    return slots.change(lambda standing: states.downloaded(standing, version))


def install(slots: Slots, *, schema: str, python: Path = MACHINES) -> Standing:
    """Bring what was taken in to `verified`, from wherever a power cut left it. `schema` is the
    NEWEST migration of terminal.db that the version that runs knows: a roll-back must find it open.

    Raises UpdateFailedError, after which the version counts as rolled back once more; and OSError,
    after which it may be tried again."""
    candidate = _candidate(slots.read())
    try:
        if candidate.step is Step.DOWNLOADED:
            _unpack(slots, candidate, python)
            candidate = _candidate(slots.change(states.unpacked))
        if candidate.step is Step.UNPACKED:
            _verify(slots, candidate, schema)
            slots.change(states.verified)
    except UpdateFailedError:
        slots.change(states.given_up)
        raise
    return slots.read()


def give_back_room(slots: Slots) -> None:
    """Leave what was begun, which nothing starts from yet: a disk that ran full is needed for what
    people do here. Raises StandingError, OSError."""
    begun = slots.read().candidate
    if begun is not None and begun.step in (Step.SWITCHED, Step.PROBATION):
        return
    _forget_unfinished(slots)
    shutil.rmtree(slots.bundle, ignore_errors=True)
    if begun is not None:
        shutil.rmtree(slots.path(begun.slot), ignore_errors=True)


def version_of(bundle: Path) -> str:
    """Raises UpdateFailedError."""
    try:
        return str(json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UpdateFailedError(f"{bundle} is no bundle: {error}") from error


def _forget_unfinished(slots: Slots) -> None:
    def without(standing: Standing) -> Standing:
        return Standing(standing.slot, standing.version, None, standing.rolled_back)

    slots.change(without)


def _unpack(slots: Slots, candidate: Candidate, python: Path) -> None:
    slot, bundle = slots.empty(candidate.slot), slots.bundle
    made = [str(python), "-m", "venv", "--without-pip", str(slot)]
    _run(made, INSTALL_S, "no slot could be made")
    pip = [str(python), "-m", "pip", "--isolated", "--disable-pip-version-check", "--quiet"]
    where = ["--python", str(slot / "bin" / "python")]
    only = ["--no-index", "--no-cache-dir", "--only-binary", ":all:", "--find-links", str(bundle)]
    what = ["--require-hashes", "--requirement", str(bundle / "requirements.txt")]
    failed = f"{candidate.version} does not install"
    _run([*pip, *where, "install", *only, *what], INSTALL_S, failed)
    os.sync()  # each file, before it is written down that they are there


def _verify(slots: Slots, candidate: Candidate, schema: str) -> None:
    """In an interpreter of its own: what it imports must be there, and be what was announced."""
    program = slots.path(candidate.slot) / "bin" / "python"
    told = _run([str(program), "-I", "-c", ASKED], ASK_S, f"{candidate.version} does not start")
    version, _, opened_by = told.strip().partition(" ")
    if version != candidate.version:
        raise UpdateFailedError(f"the bundle of {candidate.version} holds {version}")
    if opened_by > schema:
        raise UpdateFailedError(
            f"after {version} this version ({schema}) could not open terminal.db again (it takes "
            f"{opened_by}): install a version between them first"
        )


def _run(command: list[str], seconds: float, failed: str) -> str:
    try:
        # What is held open for others goes on with it: the lock of the slots.
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, close_fds=False
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise UpdateFailedError(f"{failed}: {error}") from error
    if os.strerror(errno.ENOSPC) in done.stderr:
        raise OSError(errno.ENOSPC, f"{failed}: {os.strerror(errno.ENOSPC)}")
    if done.returncode != 0:
        raise UpdateFailedError(f"{failed}: {done.stderr.strip()[-500:]}")
    return done.stdout


def _candidate(standing: Standing) -> Candidate:
    if standing.candidate is None:
        raise UpdateFailedError("no update is under way")
    return standing.candidate
