"""Tables of people: the org tree, account holders and their cards.

No full name is kept: the ledger masks it at the door (see masking.py)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from linli.ledger.database import MomentText, metadata

org = Table(
    "org",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("parent", String(48), ForeignKey("org.id")),
    Column("level", String(16), nullable=False),
    Column("name", String, nullable=False),
    Column("scope", String(48), index=True),
    Column("path", String, nullable=False),
    Column("counted_in", String, nullable=False),
)
"""`scope` is the community a node belongs to (None above communities); `path` the ids from the
root down to the node and `counted_in` those of them that keep point counts, space between."""

holder = Table(
    "holder",
    metadata,
    Column("account", String, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("home", String(48), ForeignKey("org.id"), nullable=False),
    Column("scope", String(48), nullable=False, index=True),
    Column("name_masked", String, nullable=False),
    Column("alias", String, nullable=False),
    Column("public_consent", Boolean, nullable=False),
    Column("under14", Boolean, nullable=False),
)

card = Table(
    "card",
    metadata,
    Column("id", String, primary_key=True),
    Column("uid", String, nullable=False, unique=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("chip", String(16), nullable=False),
    Column("key", String),
    Column("status", String(16), nullable=False),
    Column("blocked_at", MomentText),
    Index("ix_card_account", "account"),
)

hot_list = Table(
    "hot_list",
    metadata,
    Column("scope", String(48), primary_key=True),
    Column("version", Integer, nullable=False),
)
