"""Ledger databases by the dozen: each a copy of one that was migrated once, on either server.

An engine whose database was taken away opens the next one, under the same name: it has compiled
most statements by then, which was a third of the time."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, create_engine

from linli.ledger.database import open_database
from linli.sync.sqlite import open_engine
from linli.town.cluster import Cluster

Settle = Callable[[Engine], object]
"""Puts into an empty ledger what most tests begin with."""


class Databases(Protocol):
    def fresh(self) -> Engine:
        """An empty ledger of its own, up to date; `close` takes it away again."""

    def settled(self) -> Engine:
        """The same with what `settle` puts into it, which was done once."""

    def close(self, engine: Engine) -> None: ...


@contextmanager
def on_sqlite(directory: Path, settle: Settle) -> Iterator[Databases]:
    template, settled = directory / "template.db", directory / "settled.db"
    open_database(template).dispose()
    shutil.copyfile(template, settled)
    engine = open_engine(settled)
    settle(engine)
    engine.dispose()
    yield _Files(directory, template, settled)


class _Files:
    def __init__(self, directory: Path, template: Path, settled: Path) -> None:
        self._directory, self._template, self._settled = directory, template, settled
        self._numbers = itertools.count()
        self._idle: list[Engine] = []

    def fresh(self) -> Engine:
        return self._copy(self._template)

    def settled(self) -> Engine:
        return self._copy(self._settled)

    def _copy(self, template: Path) -> Engine:
        engine = self._idle.pop() if self._idle else self._new()
        shutil.copyfile(template, str(engine.url.database))
        return engine

    def _new(self) -> Engine:
        return open_engine(self._directory / f"{next(self._numbers)}.db", durable=False)

    def close(self, engine: Engine) -> None:
        engine.dispose()
        path = Path(str(engine.url.database))
        path.unlink()
        if list(path.parent.glob(f"{path.name}-*")):
            return  # somebody has it open still: nobody else may have that name
        self._idle.append(engine)


@contextmanager
def on_postgresql(cluster: Cluster, settle: Settle) -> Iterator[Databases]:
    open_database(cluster.create("ledger_template")).dispose()
    engine = create_engine(cluster.create("ledger_settled", "ledger_template"))
    settle(engine)
    engine.dispose()
    yield _Copies(cluster)
    for name in ("ledger_settled", "ledger_template"):
        cluster.drop(name)


class _Copies:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._numbers = itertools.count()
        self._idle: list[Engine] = []

    def fresh(self) -> Engine:
        return self._copy("ledger_template")

    def settled(self) -> Engine:
        return self._copy("ledger_settled")

    def _copy(self, template: str) -> Engine:
        if not self._idle:
            url = self._cluster.create(f"ledger_{next(self._numbers)}", template)
            return create_engine(url)
        engine = self._idle.pop()
        self._cluster.create(str(engine.url.database), template)
        return engine

    def close(self, engine: Engine) -> None:
        engine.dispose()
        self._cluster.drop(str(engine.url.database))
        self._idle.append(engine)
