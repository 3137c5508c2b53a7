"""`linli terminal update`: a new version, from the network or a stick, up to its first start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from linli import __version__
from linli.commands.failure import Failure
from linli.kiosk.enrolling.client import require_https
from linli.kiosk.settings import RELEASES_ROOT
from linli.kiosk.updating import states
from linli.kiosk.updating.bringing_in import Incoming
from linli.kiosk.updating.installing import MACHINES, UpdateFailedError
from linli.kiosk.updating.slots import Slots, SlotsBusyError, StandingError
from linli.kiosk.updating.states import Standing, Step, UpdateRefusedError
from linli.sync.clock import SystemClock
from linli.sync.updates import BELIEVED, ReleaseRefusedError, Releases, ReleasesNotReachedError


def update(
    source: Annotated[str, typer.Argument(help="https://…, or the directory of a stick.")],
    data: Annotated[Path, typer.Option("--data", help="Of the terminal.")] = Path("/var/lib/linli"),
    root: Annotated[
        Path, typer.Option("--root", help="The metadata that all trust begins with.")
    ] = RELEASES_ROOT,
    python: Annotated[
        Path, typer.Option("--python", help="The machine's own, with pip.", hidden=True)
    ] = MACHINES,
) -> None:
    """Fetch the newest version, and unpack it beside the one that runs if it is signed. It starts
    on probation at the next start of the terminal, and comes back by itself where it fails.

    Run it as the user that the terminal runs as. After a power cut run it again."""
    _require_owner(data)
    slots = Slots(data / "updates")
    try:
        standing = slots.read()
        if standing.candidate is None or standing.candidate.step in (
            Step.DOWNLOADED,
            Step.UNPACKED,
            Step.VERIFIED,
        ):
            standing = _brought_in(slots, source, root, python)
    except (ReleaseRefusedError, ReleasesNotReachedError) as error:
        raise Failure(f"no update: {error}") from error
    except (
        UpdateRefusedError,
        UpdateFailedError,
        StandingError,
        SlotsBusyError,
        ValueError,
    ) as error:
        raise Failure(f"no update: {error}") from error
    except OSError as error:
        raise Failure(f"no update, and it may be tried again: {error}") from error
    if standing.candidate is None:
        typer.echo(f"{standing.version or __version__} is the newest, and runs here.")
    else:
        typer.echo(f"{standing.candidate.version} starts on probation at the next start.")


def _brought_in(slots: Slots, source: str, root: Path, python: Path) -> Standing:
    """Switched to the newest version, if there is a newer one."""
    if "://" in source:
        require_https(source)
    try:
        believed = root.read_bytes()
    except OSError as error:
        raise Failure(
            f"no update: {root} cannot be read ({error.strerror}): it says whose releases are"
            " believed, and is brought by hand from the machine with the keys"
        ) from error
    releases = Releases(source, believed, slots.directory / BELIEVED, SystemClock())
    standing = Incoming(slots, releases, __version__, python).bring()
    return standing if standing.candidate is None else slots.change(states.switched)


def _require_owner(data: Path) -> None:
    try:
        owner = data.stat().st_uid
    except OSError as error:
        raise Failure(f"{data} is no terminal's: {error.strerror}") from error
    if owner != os.geteuid():
        raise Failure(f"{data} is another user's: run this as the user of the terminal")
