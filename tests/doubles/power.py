"""A power cut at any moment that matters: before and after each commit and each command.

fuse = Fuse(); fuse.arm(3)                 # the third such moment from now raises PowerCut
database = FusedDatabase(engine, fuse)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from linli.sync.sqlite import Database


class PowerCut(BaseException):
    """Nothing after this line happens in this life of the program."""


class Fuse:
    def __init__(self) -> None:
        self._left: int | None = None

    def arm(self, moments: int) -> None:
        self._left = moments

    def mend(self) -> None:
        self._left = None

    def moment(self) -> None:
        if self._left is None:
            return
        if self._left == 0:
            self._left = None
            raise PowerCut
        self._left -= 1


class FusedDatabase(Database):
    def __init__(self, engine: Engine, fuse: Fuse) -> None:
        super().__init__(engine)
        self._fuse = fuse

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
            self._fuse.moment()
        self._fuse.moment()
