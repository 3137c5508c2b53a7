"""Ledger databases by the dozen: each a copy of one that was migrated once, on either server."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, create_engine

from doubles.cluster import Cluster
from linli.ledger.database import open_database
from linli.sync.sqlite import open_engine


class Databases(Protocol):
    def fresh(self) -> Engine:
        """An empty ledger of its own, up to date; `close` takes it away again."""

    def close(self, engine: Engine) -> None: ...


@contextmanager
def on_sqlite(directory: Path) -> Iterator[Databases]:
    template = directory / "template.db"
    open_database(template).dispose()
    yield _Files(directory, template)


class _Files:
    def __init__(self, directory: Path, template: Path) -> None:
        self._directory, self._template = directory, template
        self._numbers = itertools.count()

    def fresh(self) -> Engine:
        path = self._directory / f"{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        return open_engine(path, durable=False)

    def close(self, engine: Engine) -> None:
        engine.dispose()
        Path(str(engine.url.database)).unlink()


@contextmanager
def on_postgresql(cluster: Cluster) -> Iterator[Databases]:
    open_database(cluster.create("ledger_template")).dispose()
    yield _Copies(cluster)
    cluster.drop("ledger_template")


class _Copies:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._numbers = itertools.count()

    def fresh(self) -> Engine:
        url = self._cluster.create(f"ledger_{next(self._numbers)}", "ledger_template")
        return create_engine(url)

    def close(self, engine: Engine) -> None:
        engine.dispose()
        self._cluster.drop(str(engine.url.database))
