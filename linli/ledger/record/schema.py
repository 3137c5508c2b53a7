"""Tables of the public record: its leaves, the tree's complete subtrees, and its checkpoints."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from linli.ledger.database import MomentText, metadata

log_leaf = Table(
    "log_leaf",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("deed", String, ForeignKey("deed.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("salt", LargeBinary),
    UniqueConstraint("deed", "state", name="logged_once"),
)
"""`place` counts from 0. `salt` opens the leaf's commitment; deleted, nobody can say any more
whose deed it was (erasure)."""

log_node = Table(
    "log_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

log_checkpoint = Table(
    "log_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
    Column("made_at", MomentText, nullable=False),
)
"""`note` is the signed checkpoint as it is published, cosignatures and all."""

cosigner = Table(
    "cosigner",
    metadata,
    Column("login", String(32), ForeignKey("staff.login"), primary_key=True),
    Column("key", String, nullable=False),
    Column("since", MomentText, nullable=False),
)
"""The public key with which a panel's leader cosigns, as `name+id+key`. The private one is on a
machine of their own."""
