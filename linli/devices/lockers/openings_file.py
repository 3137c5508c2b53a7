"""A small file of what was opened, for lock boards that keep nothing.

Lines of JSON, each on the disk before anything is done because of it:

    {"nonce": "00…", "door": 3}                       about to be opened
    {"nonce": "00…", "outcome": "opened"}             what became of it

A line torn by a power cut is the last one and was never acted upon: it is dropped.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from linli.devices.lockers.base import Outcome

KEPT = 1000
DECIDED = (Outcome.OPENED.value, Outcome.NOT_OPENED.value)


class OpeningsFileError(Exception):
    """The file cannot be read or written; the text says what to do."""


@dataclass(frozen=True)
class Entry:
    """`outcome` is UNKNOWN until it was decided."""

    door: int
    outcome: Outcome = Outcome.UNKNOWN


class OpeningsFile:
    """The last thousand openings. Not for more than one thread or process.

    Raises OpeningsFileError from every method where the disk does not do as told.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = _read(path)
        self._end: int | None = None

    def find(self, nonce: bytes) -> Entry | None:
        return self._entries.get(nonce)

    def begin(self, nonce: bytes, door: int) -> None:
        """On the disk when this returns."""
        self._append({"nonce": nonce.hex(), "door": door})
        self._entries[nonce] = Entry(door)

    def decide(self, nonce: bytes, outcome: Outcome) -> None:
        """What is UNKNOWN stays undecided, as it was."""
        if outcome.value not in DECIDED:
            return
        self._append({"nonce": nonce.hex(), "outcome": outcome.value})
        self._entries[nonce] = replace(self._entries[nonce], outcome=outcome)

    def close(self) -> None:
        if self._end is not None:
            os.close(self._end)
            self._end = None

    def _append(self, line: dict[str, Any]) -> None:
        """After a failure the end of the file is in doubt: the next one writes it anew."""
        try:
            if self._end is None:
                self._end = self._written_anew()
            data = _line(line)
            if os.write(self._end, data) != len(data):
                raise OSError("only a part was written")
            os.fsync(self._end)
        except OSError as error:
            self.close()
            raise OpeningsFileError(f"{self._path} cannot be written: {error}") from error

    def _written_anew(self) -> int:
        """A whole file takes the place of the old one; a descriptor at its end."""
        for nonce in list(self._entries)[:-KEPT]:
            del self._entries[nonce]
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_bytes(b"".join(_lines(*item) for item in self._entries.items()))
        end = os.open(beside, os.O_WRONLY | os.O_APPEND)
        try:
            os.fsync(end)
            beside.replace(self._path)
            directory = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
        except OSError:
            os.close(end)
            raise
        return end


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode() + b"\n"


def _lines(nonce: bytes, entry: Entry) -> bytes:
    begun = _line({"nonce": nonce.hex(), "door": entry.door})
    if entry.outcome is Outcome.UNKNOWN:
        return begun
    return begun + _line({"nonce": nonce.hex(), "outcome": entry.outcome.value})


def _read(path: Path) -> dict[bytes, Entry]:
    try:
        *lines, _torn = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OpeningsFileError(f"{path} cannot be read: {error}") from error
    entries: dict[bytes, Entry] = {}
    for number, line in enumerate(lines, 1):
        try:
            _take(json.loads(line), entries)
        except (ValueError, KeyError, TypeError) as error:
            raise OpeningsFileError(
                f"{path}, line {number} is damaged: what was opened is not known any more. Look "
                "into the locker, then move the file away"
            ) from error
    return entries


def _take(line: dict[str, Any], entries: dict[bytes, Entry]) -> None:
    nonce = bytes.fromhex(line["nonce"])
    if "door" in line:
        entries[nonce] = Entry(int(line["door"]))
    elif line["outcome"] in DECIDED:
        entries[nonce] = replace(entries[nonce], outcome=Outcome(line["outcome"]))
    else:
        raise ValueError("an outcome that is none")
