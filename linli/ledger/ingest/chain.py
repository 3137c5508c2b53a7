"""A terminal's batches are a chain: each carries the digest of the one before.

Batches may arrive in any order; a link is checked when both of its ends are there. Two batches
that contradict each other mean that one identity is in use twice, or that a terminal's disk was
put back to an older state. The first that came is believed, the other one is a fork.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from linli.ledger.database import insert_rows
from linli.ledger.ingest.schema import batch
from linli.ledger.prepared import Prepared
from linli.sync.signing import GENESIS, Opened


@dataclass(frozen=True, slots=True)
class Kept:
    """A batch that came before."""

    number: int
    digest: str
    previous: str
    forked: bool


_NEAR = Prepared(
    select(batch.c.number, batch.c.digest, batch.c.previous, batch.c.forked).where(
        batch.c.terminal == bindparam("of"),
        batch.c.number.between(bindparam("first"), bindparam("last")),
    )
)


def neighbours(connection: Connection, opened: Opened) -> list[Kept]:
    """What is known of this batch's number and of those next to it."""
    number = opened.batch.number
    near = {"of": opened.batch.terminal, "first": number - 1, "last": number + 1}
    return [Kept(*row) for row in _NEAR.all(connection, **near)]


def is_known(opened: Opened, known: Sequence[Kept]) -> bool:
    """Whether just this batch came before."""
    return any(kept.digest == opened.digest for kept in known)


def is_fork(opened: Opened, known: Sequence[Kept]) -> bool:
    """Whether just this batch came before and was parked."""
    return any(kept.digest == opened.digest and kept.forked for kept in known)


def contradiction(opened: Opened, known: Sequence[Kept]) -> str:
    """What the batch contradicts, as a sentence; empty where it fits. Pure."""
    number, previous = opened.batch.number, opened.batch.previous
    if (number == 1) != (previous == GENESIS):
        return f"batch {number} does not begin the chain, or does not follow anything"
    for kept in known:
        if kept.forked:
            if kept.number == number - 1 and kept.digest == previous:
                return f"batch {number} follows a batch {kept.number} that is itself a fork"
        elif kept.number == number and kept.digest != opened.digest:
            return f"another batch {number} came before: this identity is in use twice"
        elif kept.number == number - 1 and kept.digest != previous:
            return f"batch {number} does not follow the batch {kept.number} that came before"
        elif kept.number == number + 1 and kept.previous != opened.digest:
            return f"the batch {kept.number} that came before does not follow this batch {number}"
    return ""


def remember(connection: Connection, opened: Opened, *, forked: bool) -> None:
    row = {
        "terminal": opened.batch.terminal,
        "digest": opened.digest,
        "number": opened.batch.number,
        "previous": opened.batch.previous,
        "forked": forked,
    }
    insert_rows(connection, batch, [row])
