"""The card readers: there, answering, and reading a card where somebody lays one."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from linli.devices.readers.base import CardReader, CardSeen, ReaderState
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.doctor.owned import hindrance, plugged_in
from linli.kiosk.doctor.person import Person, Question

ANSWER_S, CARD_S = 4.0, 20.0


class ReaderCheck:
    """Of a `reader` that is opened for it; `path` is None for one that finds its device itself."""

    subject = Subject.READER

    def __init__(self, path: Path | None, reader: CardReader, person: Person, root: Path) -> None:
        self._path, self._reader, self._person, self._root = path, reader, person, root

    def look(self) -> Finding:
        if self._path is not None:
            hindered = hindrance(self.subject, self._path, self._root)
            if hindered is not None:
                return hindered
        news: queue.Queue[CardSeen | ReaderState] = queue.Queue()
        self._reader.start(news.put)
        try:
            return self._heard(news)
        finally:
            self._reader.close()

    def _heard(self, news: queue.Queue[CardSeen | ReaderState]) -> Finding:
        if not _came(news, ANSWER_S, lambda new: isinstance(new, CardSeen) or new.up):
            return Finding(self.subject, State.BROKEN, Code.READER_SILENT)
        if not self._person.there:
            return Finding(self.subject, State.WELL, Code.READER_WELL)
        self._person.tell(Question.LAY_CARD)
        if _came(news, CARD_S, lambda new: isinstance(new, CardSeen)):
            return Finding(self.subject, State.WELL, Code.READER_READ_A_CARD)
        return Finding(self.subject, State.NOTICE, Code.READER_SAW_NO_CARD)


class NoReaderCheck:
    """Of a terminal whose settings name none."""

    subject = Subject.READER

    def __init__(self, root: Path) -> None:
        self._root = root

    def look(self) -> Finding:
        values = {"ports": ", ".join(plugged_in(self._root)) or "–"}
        return Finding(self.subject, State.BROKEN, Code.READER_NOT_SET, values)


class RunningReadersCheck:
    """Of the readers that this terminal is using: `up` says of each whether it answers."""

    subject = Subject.READER

    def __init__(self, up: Callable[[], Mapping[str, bool]], paths: Sequence[Path]) -> None:
        self._up, self._paths = up, paths

    def look(self) -> Finding:
        if all(self._up().values()):
            return Finding(self.subject, State.WELL, Code.READER_WELL)
        for path in self._paths:
            if not path.exists():
                values = {"path": str(path), "ports": "–"}
                return Finding(self.subject, State.BROKEN, Code.GONE, values)
        return Finding(self.subject, State.BROKEN, Code.READER_SILENT)


def _came(
    news: queue.Queue[CardSeen | ReaderState],
    within_s: float,
    wanted: Callable[[CardSeen | ReaderState], bool],
) -> bool:
    """A reader tells little: each of its words may wait as long as the whole."""
    try:
        while not wanted(news.get(timeout=within_s)):
            pass
    except queue.Empty:
        return False
    return True
