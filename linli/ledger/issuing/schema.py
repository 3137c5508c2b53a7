"""Tables of master keys, orders of cards, talks with cards, and which keys a card has."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    text,
)

from linli.ledger.database import MomentText, metadata

card_master = Table(
    "card_master",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("key_id", String(32), nullable=False),
    Column("sealed", LargeBinary),
    Column("made_at", MomentText, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("retired_at", MomentText),
    CheckConstraint("generation BETWEEN 1 AND 255", name="generation_is_a_version"),
    CheckConstraint("(sealed IS NULL) = (retired_at IS NOT NULL)", name="retired_is_gone"),
)
"""A community's master keys, sealed by the ring of personal data. A retired one is deleted."""

card_keys = Table(
    "card_keys",
    metadata,
    Column("card", String, ForeignKey("card.id"), primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("next", Integer),
    Index("ix_card_keys_scope", "scope", "generation"),
)
"""Cards made by this ledger: of whose master keys, of which generation theirs are, and which they
shall have; `next` is None where there is nothing to do. Whoever moves keeps the keys they have."""

card_order = Table(
    "card_order",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("card", String, nullable=False),
    Column("replaces", String, ForeignKey("card.id")),
    Column("made_at", MomentText, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("expires_at", MomentText, nullable=False),
    Column("state", String(8), nullable=False),
    Column("uid", String),
    Column("ended_at", MomentText),
    Column("ended_by", String(64)),
    CheckConstraint("state IN ('open', 'done', 'gone')", name="order_state"),
    CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="order_ended"),
    Index("ix_card_order_scope", "scope", "state"),
    Index(
        "ux_card_order_open",
        "account",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ux_card_order_uid",
        "uid",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
"""A clerk's wish for one card. `uid` is the one that was begun for it: no other is taken then.
One account has one open order, one chip one open order."""

card_talk = Table(
    "card_talk",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("terminal", String(48), ForeignKey("terminal.name"), nullable=False),
    Column("order_id", String(16), ForeignKey("card_order.id")),
    Column("uid", String, nullable=False),
    Column("step", Integer, nullable=False),
    Column("heard", String(64), nullable=False),
    Column("said", LargeBinary, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("sealed", LargeBinary),
    Column("expires_at", MomentText, nullable=False),
    Index("ix_card_talk_uid", "uid"),
    Index("ix_card_talk_expires", "expires_at"),
)
"""One conversation with a card. `heard` is the digest of the answers that brought it to `step`, and
`said` what was answered: the same again is answered the same. `sealed` is what must be remembered,
None once it is over."""
