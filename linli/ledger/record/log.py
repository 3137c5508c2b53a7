"""The public record in the database: what reviews posted or took back becomes leaves of the tree,
and the tree's state is signed.

Leaves are appended when a checkpoint is made, not with each decision: nobody can see the log
between two checkpoints anyway, and a decision waits for nothing. `linli ledger verify` finds a deed
that a checkpoint passed over (docs/decisions/0006).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, insert, select

from linli.ledger.database import insert_rows
from linli.ledger.journal.accounts import ISSUANCE
from linli.ledger.journal.deed import CORRECTED, POSTED, VOIDED, Deed, read_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.people.schema import holder
from linli.ledger.record.schema import log_checkpoint, log_leaf, log_node
from linli.sync.record.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from linli.sync.record.leaves import State, build_leaf, leaf_bytes, open_for
from linli.sync.record.merkle import Frontier, ReadNode
from linli.sync.record.notes import Note, parse_note

Salt = Callable[[], bytes]
"""32 fresh random bytes: `functools.partial(secrets.token_bytes, 32)`."""


class RecordError(ValueError):
    """The record has no such leaf or checkpoint; the text says which."""


@dataclass(frozen=True, slots=True)
class _Due:
    """One leaf to be appended."""

    deed: Deed
    state: State
    salt: bytes


def make_checkpoint(
    connection: Connection, origin: str, key: Ed25519PrivateKey, salt: Salt, now: dt.datetime
) -> Checkpoint:
    """Append everything that was posted or taken back since the last one, and sign the tree. Where
    nothing was, the last checkpoint stands."""
    size = tree_size(connection)
    frontier = Frontier.read(size, read_node(connection))
    due = _due(connection, salt)
    scopes = _scopes(connection, {one.deed.account for one in due})
    leaves, nodes = [], []
    for one in due:
        leaf = _leaf(one, scopes[one.deed.account])
        leaves.append(
            {
                "place": frontier.size,
                "deed": one.deed.id,
                "state": one.state,
                "leaf": leaf,
                "salt": one.salt,
            }
        )
        frontier, made = frontier.append(leaf)
        nodes += [{"level": level, "place": place, "hash": hash_} for level, place, hash_ in made]
    insert_rows(connection, log_leaf, leaves)
    insert_rows(connection, log_node, nodes)
    checkpoint = Checkpoint(origin, frontier.size, frontier.root())
    known = select(log_checkpoint.c.size).where(log_checkpoint.c.size == frontier.size)
    if connection.execute(known).scalar() is None:
        note = str(sign_checkpoint(checkpoint, key)).encode()
        connection.execute(
            insert(log_checkpoint).values(size=frontier.size, note=note, made_at=now)
        )
    return checkpoint


# --- reading ---------------------------------------------------------------------------------


def tree_size(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(log_leaf)).scalar_one())


def newest_note(connection: Connection) -> Note:
    """The newest checkpoint as it is published. Raises RecordError before the first."""
    query = select(log_checkpoint.c.note).order_by(log_checkpoint.c.size.desc()).limit(1)
    kept = connection.execute(query).scalar()
    if kept is None:
        raise RecordError("no checkpoint was made yet")
    return parse_note(kept)


def newest_checkpoint(connection: Connection) -> Checkpoint:
    """Raises RecordError before the first."""
    return parse_checkpoint(newest_note(connection).text)


def read_leaves(connection: Connection, begin: int, end: int) -> Sequence[bytes]:
    """The leaves from `begin` up to before `end`."""
    query = select(log_leaf.c.leaf).where(log_leaf.c.place >= begin, log_leaf.c.place < end)
    return connection.execute(query.order_by(log_leaf.c.place)).scalars().all()


def read_node(connection: Connection) -> ReadNode:
    """The kept subtrees: proofs and roots cost a few lookups at any size."""

    def node(level: int, place: int) -> bytes:
        query = select(log_node.c.hash).where(log_node.c.level == level, log_node.c.place == place)
        hash_ = connection.execute(query).scalar()
        if hash_ is None:
            raise RecordError(f"the record has no subtree {place} of height {level}")
        return bytes(hash_)

    return node


# --- what is due -----------------------------------------------------------------------------


def _due(connection: Connection, salt: Salt) -> list[_Due]:
    """Posted deeds without a leaf, and corrected ones without theirs, in one order for good. A
    correction opens with the salt of its deed, so that everybody sees which leaf it takes back; one
    of a deed that no checkpoint ever showed needs none."""
    shown = log_leaf.alias("shown")
    taken_back = log_leaf.alias("taken_back")
    joined = (
        select(deed.c.id, shown.c.salt, deed.c.state, shown.c.place)
        .outerjoin(shown, (shown.c.deed == deed.c.id) & (shown.c.state == "posted"))
        .outerjoin(
            taken_back, (taken_back.c.deed == deed.c.id) & (taken_back.c.state == "corrected")
        )
        .where(
            ((deed.c.state == POSTED) & shown.c.place.is_(None))
            | (
                (deed.c.state == VOIDED)
                & shown.c.place.is_not(None)
                & taken_back.c.place.is_(None)
                & deed.c.flags.contains(CORRECTED)
            )
        )
    )
    rows = {row.id: row for row in connection.execute(joined)}
    due = []
    for found in sorted(read_deeds(connection, rows).values(), key=_in_order):
        if rows[found.id].state == POSTED:
            due.append(_Due(found, "posted", salt()))
        else:
            due.append(_Due(found, "corrected", bytes(rows[found.id].salt)))
    return due


def _in_order(of: Deed) -> tuple[str, dt.datetime, str]:
    return of.day, of.done_at, of.id


def _scopes(connection: Connection, accounts: set[str]) -> dict[str, str]:
    query = select(holder.c.account, holder.c.scope)
    return {r.account: r.scope for r in connection.execute(query) if r.account in accounts}


def _leaf(one: _Due, scope: str) -> bytes:
    leaf = build_leaf(
        open_for(one.deed.account, one.deed.id, one.salt),
        item=one.deed.item,
        item_class=one.deed.debit.removeprefix(f"{ISSUANCE}:"),
        points=one.deed.points,
        day=dt.date.fromisoformat(one.deed.day),
        standard=one.deed.standard_version,
        node=scope,
        state=one.state,
    )
    return leaf_bytes(leaf)
