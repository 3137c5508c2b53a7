"""Who does the updates that a terminal is asked for, as it is set up.

What reads releases takes a while to load and much memory: it is loaded when the first update is
asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from linli import __version__
from linli.firmware_bridge.board import Board
from linli.kiosk.enrolling.client import require_https
from linli.kiosk.jobs.doing import Doer, Done, refused
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.supervisor.restarts import reasons_since
from linli.kiosk.updating.begin import DIRECTORY_VARIABLE
from linli.kiosk.updating.slots import Slots
from linli.sync.clock import Clock
from linli.sync.job_messages import UpdateApp, UpdateFirmware

if TYPE_CHECKING:
    from linli.sync.updates import Releases


class CannotHereError(Exception):
    """This terminal is not set up for it; the text says what is missing, and `reason` in a word."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(said)
        self.reason = reason


class WhenAsked:
    """A doer that is made when it is first asked."""

    def __init__(self, make: Callable[[], Doer[Any]]) -> None:
        self._make = make
        self._made: Doer[Any] | None = None

    def begin(self, job_id: str, task: Struct) -> Done | None:
        return self._asked(lambda doer: doer.begin(job_id, task))

    def look(self, job_id: str, task: Struct) -> Done | None:
        return self._asked(lambda doer: doer.look(job_id, task))

    def _asked(self, ask: Callable[[Doer[Any]], Done | None]) -> Done | None:
        try:
            self._made = self._made or self._make()
        except CannotHereError as error:
            return refused(error.reason, str(error))
        return ask(self._made)


def update_doers(
    settings: TerminalSettings,
    clock: Clock,
    board: Board | None,
    alone: Callable[[], bool],
    restart: Callable[[], None],
    environment: Mapping[str, str] = os.environ,
) -> dict[type[Struct], Doer[Any]]:
    """For UpdateApp and UpdateFirmware. `alone` says whether nobody stands there, `restart` has the
    program end and be started anew by whoever watches over it."""
    directory = environment.get(DIRECTORY_VARIABLE)
    beside = Path(directory or settings.data / "updates")

    def of_app() -> Doer[UpdateApp]:
        from linli.kiosk.jobs.update_app import Here, UpdateAppDoer
        from linli.kiosk.updating.bringing_in import Incoming

        releases = _releases(settings, beside, clock)
        if directory is None:
            said = "it was not started by the launcher of the package, which starts updates"
            raise CannotHereError("no-launcher", said)
        slots, restarts = Slots(beside), settings.data / "restarts.jsonl"
        here = Here(alone, restart, lambda since: reasons_since(restarts, since))
        return UpdateAppDoer(slots, Incoming(slots, releases, __version__), clock, here)

    def of_firmware() -> Doer[UpdateFirmware]:
        from linli.kiosk.jobs.update_firmware import UpdateFirmwareDoer

        if board is None:
            raise CannotHereError("no-board", "no terminal board is set up here")
        releases = _releases(settings, beside, clock)
        return UpdateFirmwareDoer(board, releases, settings.data / "firmware", alone)

    return {UpdateApp: WhenAsked(of_app), UpdateFirmware: WhenAsked(of_firmware)}


def _releases(settings: TerminalSettings, directory: Path, clock: Clock) -> Releases:
    """Raises CannotHereError."""
    from linli.sync.updates import BELIEVED, Releases

    told = settings.releases
    if told is None:
        said = "its settings have no [releases] table with an address"
        raise CannotHereError("no-releases", said)
    try:
        require_https(told.address)
        root = told.root.read_bytes()
    except OSError as error:
        said = f"{told.root} cannot be read: {error.strerror}"
        raise CannotHereError("no-root", said) from error
    except ValueError as error:
        said = f"{told.address} is no address with https://"
        raise CannotHereError("no-https", said) from error
    return Releases(told.address, root, directory / BELIEVED, clock)
