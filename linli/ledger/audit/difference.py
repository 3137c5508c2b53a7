"""One place where the ledger is not what it should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`where` names table and row; `kept` is what stands there, `derived` what should."""

    where: str
    kept: object
    derived: object

    def __str__(self) -> str:
        return f"{self.where}: the ledger has {self.kept}, but it should be {self.derived}"
