"""Where a terminal keeps its shadow, and the settings it starts by."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from linli.kiosk.remote.document import DocumentError, over
from linli.kiosk.settings import TerminalSettings
from linli.sync.shadow import Document, Shadow, failed, in_force, started
from linli.sync.whole_file import write_whole

log = structlog.get_logger()
FILE = "remote-settings.json"


class ShadowFile:
    """A small file, whole at every moment."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Shadow:
        """One that is not there or makes no sense is one in which nothing was kept: the terminal
        stands by its own file then."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Shadow)
        except FileNotFoundError:
            return Shadow()
        except (OSError, msgspec.DecodeError, RecursionError) as error:
            log.warning("remote settings not read", error=str(error))
            return Shadow()

    def write(self, shadow: Shadow) -> None:
        """On the disk when it returns. Raises OSError; then the file is as before."""
        write_whole(self._path, msgspec.json.encode(shadow))


@dataclass(frozen=True)
class Begun:
    """One start of the program: `local` is the terminal's own file, `settings` what it runs by,
    `shadow` what is kept, in `file`; `trying` says whether a trial is in force."""

    local: TerminalSettings
    settings: TerminalSettings
    shadow: Shadow
    file: ShadowFile
    trying: bool = False


def begin(local: TerminalSettings) -> Begun:
    """Counts the start of a trial before its settings are used. Where that cannot be written down
    the trial waits: uncounted, it could be started for ever."""
    file = ShadowFile(local.data / FILE)
    before = file.read()
    after = started(before)
    try:
        if after != before:
            file.write(after)
        settings = over(local, in_force(after))
        return Begun(local, settings, after, file, trying=after.trial is not None)
    except OSError as error:
        log.warning("a trial of settings waits", error=str(error))
    except DocumentError as error:
        # The file was changed since, or an older program came back.
        log.warning("remote settings do not fit any more", error=str(error))
        after = failed(after, error.fault, str(error))
        with contextlib.suppress(OSError):
            file.write(after)
        return Begun(local, run_by(local, after.good.doc), after, file)
    return Begun(local, run_by(local, before.good.doc), before, file)


def run_by(local: TerminalSettings, document: Document) -> TerminalSettings:
    """The settings by a document that was kept; the file alone where it does not fit any more."""
    try:
        return over(local, document)
    except DocumentError as error:
        log.warning("the last good settings do not fit any more", error=str(error))
        return local
