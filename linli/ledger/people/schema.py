"""Tables of people: the org tree, account holders and their cards.

No full name is kept: the ledger masks it at the door (see masking.py)."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

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
    Column("closed_at", MomentText),
    Column("closed_as", String(8)),
    Column("enrolled_at", MomentText),
    Column("consent_said_at", MomentText),
)
"""`closed_as` says how an account was closed: left, merged or erased. `enrolled_at` is None for
those who were enrolled before it was written down. `public_consent` is what was said at
`consent_said_at`, or at the enrolment."""

holder_pin = Table(
    "holder_pin",
    metadata,
    Column("account", String, ForeignKey("holder.account"), primary_key=True),
    Column("hash", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("held_until", MomentText),
    Column("set_at", MomentText, nullable=False),
    CheckConstraint("failures >= 0", name="pin_failures"),
)
"""Six digits that a holder chose, as an argon2id hash. `failures` are the wrong tries since the
last right one. Deleted on erasure."""

card = Table(
    "card",
    metadata,
    Column("id", String, primary_key=True),
    Column("uid", String, nullable=False, unique=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("chip", String(16), nullable=False),
    Column("key", String),
    Column("next_key", String),
    Column("status", String(16), nullable=False),
    Column("blocked_at", MomentText),
    Index("ix_card_account", "account"),
)

card_stop = Table(
    "card_stop",
    metadata,
    Column("card", String, ForeignKey("card.id"), primary_key=True),
    Column("since", MomentText, primary_key=True),
    Column("until", MomentText, nullable=False),
)
"""Stops that are over: the card was found. The one that holds is `card.blocked_at`."""

card_before = Table(
    "card_before",
    metadata,
    Column("card", String, ForeignKey("card.id"), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), primary_key=True),
    Column("until", MomentText, nullable=False),
    Index("ix_card_before_account", "account"),
)
"""Accounts that a card pointed to before they were merged: taps in their name are known by it."""

merged = Table(
    "merged",
    metadata,
    Column("loser", String, ForeignKey("holder.account"), primary_key=True),
    Column("winner", String, ForeignKey("holder.account"), nullable=False),
    Column("at", MomentText, nullable=False),
    Column("moves", Integer, nullable=False),
    CheckConstraint("loser <> winner", name="merged_with_another"),
    Index("ix_merged_winner", "winner"),
)
"""Two accounts of one person, for good. `moves` counts the transfers `merge.{loser}.{number}` that
brought what the loser had to its bearer."""

hot_list = Table(
    "hot_list",
    metadata,
    Column("scope", String(48), primary_key=True),
    Column("version", Integer, nullable=False),
)
