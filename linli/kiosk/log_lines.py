"""The newest lines of this program's log, for whoever looks after it from afar.

Nothing of a person is in them: it is taken out where a line is made, before it is written anywhere.
Only values that are known to be about machines are kept, and of their text what looks like a masked
name, a number of a card or phone, a key or a token is left out.

They are kept in memory, and in a file below /run where the unit has a directory of its own there
(RuntimeDirectory= of systemd.exec(5)), so that what was said before a crash can be read after it.
Neither wears the disk.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

MOST = 2000
LINE = 2000
"""Characters of a line."""
FILE, FILE_BYTES = "log.jsonl", 512 * 1024
"""Its name, and when it is begun anew: the one before is kept beside it."""
LEFT_OUT = "…"
NAMES = """
answer attempt attempts batch bootid bytes code count declined detail display door duty error event
exception failures fault file heard how job kind level link locker number online output part path
percent problem reader reason release renewed row rows scanner scope seconds seq slot stage state
status step stream subject target task terminal timestamp topic trace up url version view wave what
why
"""
OF_MACHINES = frozenset(NAMES.split())
"""Names of values that say nothing of a person."""
EXACT = frozenset({"timestamp", "trace", "bootid", "version", "batch"})
"""Of these, numbers and tokens are what is wanted."""
PERSONAL = re.compile(
    r"[㐀-䶿一-鿿𠀀-𲎯]{1,3}\*+[㐀-䶿一-鿿𠀀-𲎯]*"  # a masked name
    r"|\d{6,}"  # of a card, phone or identity card, or a PIN
    r"|\b[0-9a-fA-F]{8,}\b"  # a chip's number, a key
)
WORD = re.compile(r"[A-Za-z0-9_-]{24,}")
Event = MutableMapping[str, Any]


def without_people(_logger: Any, _method: str, event: Event) -> Event:
    """A processor of structlog."""
    return {name: _said(name, value) for name, value in event.items()}


def _said(name: str, value: Any) -> Any:
    if name not in OF_MACHINES:
        return LEFT_OUT
    if isinstance(value, bool | int | float | None) or name in EXACT:
        return value
    return PERSONAL.sub(LEFT_OUT, WORD.sub(_word, str(value)))


def _word(found: re.Match[str]) -> str:
    """A long one with digits and capitals in it is a ticket."""
    word = found[0]
    plain = word.islower() or not any(letter.isdigit() for letter in word)
    return word if plain else LEFT_OUT


class LogLines:
    """The newest MOST lines, oldest first. `directory` is below /run. From any thread."""

    def __init__(self, directory: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._file = _File(directory / FILE) if directory is not None else None
        before = self._file.read() if self._file is not None else []
        self._lines: deque[str] = deque(before, MOST)
        self._followers: list[Callable[[str], None]] = []

    def keep(self, _logger: Any, _method: str, event: Event) -> Event:
        """A processor of structlog, after `without_people`."""
        line = _line(event)
        with self._lock:
            self._lines.append(line)
            if self._file is not None and not self._file.add(line):
                self._file = None
            followers = list(self._followers)
        for follower in followers:
            follower(line)
        return event

    def newest(self, most: int) -> list[str]:
        with self._lock:
            return list(self._lines)[-most:]

    def follow(self, told: Callable[[str], None]) -> Callable[[], None]:
        """`told` hears of each new line, on the thread that says it, until what is returned is
        called. It must be quick, and say nothing itself."""
        with self._lock:
            self._followers.append(told)

        def leave() -> None:
            with self._lock:
                self._followers.remove(told)

        return leave


def _line(event: Event) -> str:
    """One line of JSON, LINE characters at most: of what is too long the end counts, where a
    traceback says what happened."""
    text = json.dumps(event, ensure_ascii=False, default=str)
    over = len(text) - LINE
    if over <= 0:
        return text
    longest = max(event, key=lambda name: len(str(event[name])))
    # What is escaped takes two characters or more.
    room = max(0, len(str(event[longest])) - 2 * over)
    shorter = {**event, longest: LEFT_OUT + str(event[longest])[-room:] if room else LEFT_OUT}
    text = json.dumps(shorter, ensure_ascii=False, default=str)
    kept = {name: event.get(name) for name in ("timestamp", "level")}
    return text if len(text) <= LINE else json.dumps({**kept, "event": LEFT_OUT})


class _File:
    def __init__(self, path: Path) -> None:
        self._path, self._before = path, path.with_suffix(".before")
        self._bytes = 0

    def read(self) -> list[str]:
        lines: list[str] = []
        for path in (self._before, self._path):
            try:
                lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
                self._bytes = path.stat().st_size
            except OSError:
                self._bytes = 0  # the first start
        return lines[-MOST:]

    def add(self, line: str) -> bool:
        """False where it cannot be written, which is no reason to say less elsewhere."""
        data = line.encode() + b"\n"
        try:
            if self._bytes + len(data) > FILE_BYTES:
                self._path.replace(self._before)
                self._bytes = 0
            with self._path.open("ab") as file:
                file.write(data)
        except OSError:
            return False
        self._bytes += len(data)
        return True


def unit_directory(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The unit's own below /run (RuntimeDirectory= of systemd.exec(5)); None where there is none,
    as without systemd."""
    named = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(named) if named else None
