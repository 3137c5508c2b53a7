"""Another firmware of the terminal board, as a job: fetched out of the releases, sent while people
go on, tried while no door is open and nobody stands there, and proven by what the board tells once
it is confirmed. The board decides by itself whether it takes an image, and goes back by itself.

After a power cut all of it is done again: what the board has it is not sent twice, and a firmware
that is on trial there is confirmed, or was given up by the board.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from linli.firmware_bridge.board import Board, DoorState
from linli.firmware_bridge.errors import BoardError
from linli.firmware_bridge.image import Image, ImageError, read_image
from linli.firmware_bridge.update import RevertedError, UpdateError, Updater
from linli.kiosk.jobs.doing import SUCCEEDED, Done, failed
from linli.kiosk.jobs.errand import Errand
from linli.kiosk.jobs.refusals import NOT_BROUGHT, why_not_brought
from linli.sync.job_messages import UpdateFirmware
from linli.sync.jobs import JobState
from linli.sync.updates import Refusal, ReleaseRefusedError, Releases, firmware_name

ASK_S = 5.0
"""A job that was not asked for so long is over: what is under way for it is left."""
MakeUpdater = Callable[[Callable[[], None]], Updater]


class LeftError(BoardError):
    """Nobody asks for this update any more."""


class UpdateFirmwareDoer:
    """`into` is a directory of its own for what is fetched; `updater` makes one for the board, from
    what is waited for before its restart."""

    def __init__(
        self,
        board: Board,
        releases: Releases,
        into: Path,
        alone: Callable[[], bool],
        updater: MakeUpdater | None = None,
        ask_s: float = ASK_S,
    ) -> None:
        self._board, self._releases, self._into, self._alone = board, releases, into, alone
        self._updater = updater or (lambda moment: Updater(board.client, moment=moment))
        self._ask_s = ask_s
        self._errand = Errand("firmware")
        self._asked = threading.Event()

    def begin(self, job_id: str, task: UpdateFirmware) -> Done | None:
        return self.look(job_id, task)

    def look(self, job_id: str, task: UpdateFirmware) -> Done | None:
        self._asked.set()
        known = self._errand.of(job_id)
        if known is None:
            self._errand.begin(job_id, lambda: self._updated(task.version))
        return known

    @property
    def under_way(self) -> bool:
        return self._errand.under_way

    # --- on the errand's thread ------------------------------------------------------------------

    def _updated(self, version: str) -> Done:
        try:
            installed = self._updater(self._moment).update(self._images(version))
        except RevertedError as error:
            return Done(JobState.ROLLED_BACK, "reverted", str(error))
        except LeftError as error:
            return failed("left", str(error))
        except UpdateError as error:
            return failed("board-refuses", str(error))
        except BoardError as error:
            return failed("board-silent", str(error))
        except ImageError as error:
            return failed(Refusal.MALFORMED.value, str(error))
        except NOT_BROUGHT as error:
            return why_not_brought(error)
        finally:
            shutil.rmtree(self._into, ignore_errors=True)
        if installed.version != version:
            return failed("not-running", f"the board runs {installed.version}, not {version}")
        return SUCCEEDED

    def _images(self, version: str) -> list[Image]:
        """Of both slots. Raises what `Releases` raises, BoardError, ImageError, OSError."""
        name = firmware_name(self._board.info().hardware)
        offered = self._releases.newest(name)
        if offered is None:
            said = f"there is no firmware for this board ({name}) among the releases"
            raise ReleaseRefusedError(said, Refusal.WRONG_MACHINE)
        if offered != version:
            said = f"the newest firmware is {offered}, not {version}"
            raise ReleaseRefusedError(said, Refusal.NOT_OFFERED)
        self._releases.fetch(name, self._into)
        return [read_image(file.read_bytes()) for file in sorted(self._into.glob("*.img"))]

    def _moment(self) -> None:
        """Waits until nobody would miss the board. Raises LeftError, BoardError."""
        while True:
            self._asked.clear()
            if not self._asked.wait(self._ask_s):
                raise LeftError("its time was spent before the board could be restarted")
            closed = all(state is DoorState.CLOSED for state in self._board.doors())
            if closed and self._alone():
                return
