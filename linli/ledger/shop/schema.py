"""Tables of the shop: what there is to redeem, what was redeemed, vouchers, and leases."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from linli.ledger.database import MomentText, metadata

shop_window = Table(
    "shop_window",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column("quarter", String(7), primary_key=True),
    Column("opens", MomentText, nullable=False),
    Column("closes", MomentText, nullable=False),
    CheckConstraint("opens < closes", name="window_has_time"),
)

ware = Table(
    "ware",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("title", String, nullable=False),
    Column("points", Integer, nullable=False),
    Column("all_year", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    CheckConstraint("kind IN ('good', 'service')", name="ware_kind"),
    CheckConstraint("points > 0", name="ware_has_price"),
)

ware_picture = Table(
    "ware_picture",
    metadata,
    Column("ware", String(48), ForeignKey("ware.id"), primary_key=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("jpeg", LargeBinary, nullable=False),
)
"""`digest` is the SHA-256 (hex) of the picture: who has it never needs to fetch it again."""

stock = Table(
    "stock",
    metadata,
    Column("ware", String(48), ForeignKey("ware.id"), primary_key=True),
    Column("centre", String(48), primary_key=True),
    Column("remaining", Integer),
    CheckConstraint("remaining >= 0", name="stock_is_there"),
)
"""Where a ware is to be had. `remaining` is None for a service: it does not run out."""

merchant = Table(
    "merchant",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("number", String(32), nullable=False),
)
"""`number` is the merchant's own, as its settlements show it."""

offer = Table(
    "offer",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("merchant", String(48), ForeignKey("merchant.id"), nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("points", Integer, nullable=False),
    Column("period", String(8), nullable=False),
    Column("per_person", Integer),
    Column("in_all", Integer),
    Column("community_fen", Integer, nullable=False),
    Column("merchant_fen", Integer, nullable=False),
    Column("valid_days", Integer, nullable=False),
    Column("all_year", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    CheckConstraint("points > 0", name="offer_has_price"),
    CheckConstraint("community_fen >= 0 AND merchant_fen >= 0", name="offer_costs"),
    CheckConstraint("valid_days > 0", name="offer_is_valid"),
    CheckConstraint("period IN ('day', 'week', 'month', 'quarter', 'year')", name="offer_period"),
)
"""`per_person` and `in_all` are the vouchers of one `period`; None is no limit."""

redemption = Table(
    "redemption",
    metadata,
    Column("id", String, primary_key=True),
    Column("holder", String, ForeignKey("holder.account"), nullable=False, index=True),
    Column("ware", String(48), ForeignKey("ware.id")),
    Column("centre", String(48)),
    Column("offer", String(48), ForeignKey("offer.id")),
    Column("title", String, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("credit", String, ForeignKey("account.id"), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("refunded_at", MomentText),
    Column("refund_request", String(64)),
    Column("refund_reason", String),
    CheckConstraint("(ware IS NULL) <> (offer IS NULL)", name="redeemed_one_thing"),
    CheckConstraint("(ware IS NULL) = (centre IS NULL)", name="ware_has_centre"),
    CheckConstraint("pieces > 0 AND points > 0", name="redeemed_something"),
    CheckConstraint("(refunded_at IS NULL) = (refund_reason IS NULL)", name="refunded_why"),
    Index("ix_redemption_offer", "offer", "made_at"),
)
"""The id is the holder, a point, and the request's id. Title and points are those of the day."""

voucher = Table(
    "voucher",
    metadata,
    Column("redemption", String, ForeignKey("redemption.id"), primary_key=True),
    Column("code", String(16), nullable=False, unique=True),
    Column("merchant", String(48), ForeignKey("merchant.id"), nullable=False),
    Column("community_fen", Integer, nullable=False),
    Column("merchant_fen", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("expires_at", MomentText, nullable=False),
    Column("used_at", MomentText),
    Column("used_request", String(64)),
    Column("stars", Integer),
    CheckConstraint("state IN ('issued', 'used', 'refunded', 'expired')", name="voucher_state"),
    CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="voucher_used_when"),
    CheckConstraint("(used_at IS NULL) = (used_request IS NULL)", name="voucher_used_how"),
    CheckConstraint("stars IS NULL OR (state = 'used' AND stars BETWEEN 1 AND 5)", name="rated"),
    UniqueConstraint("merchant", "used_request", name="used_by_one_request"),
    Index("ix_voucher_used", "merchant", "used_at"),
    Index("ix_voucher_due", "state", "expires_at"),
)

lease = Table(
    "lease",
    metadata,
    Column("id", String, primary_key=True),
    Column("terminal", String(48), ForeignKey("terminal.name"), nullable=False, index=True),
    Column("holder", String, ForeignKey("holder.account"), nullable=False, index=True),
    Column("centre", String(48), nullable=False),
    Column("points", Integer, nullable=False),
    Column("spent", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("retired", Integer, nullable=False),
    Column("opened_at", MomentText, nullable=False),
    Column("closed_at", MomentText),
    Column("closed_seq", BigInteger),
    Column("told", Integer),
    Column("recalled_at", MomentText),
    CheckConstraint("points > 0", name="lease_of_something"),
    CheckConstraint("spent >= 0 AND returned >= 0 AND retired >= 0", name="lease_parts"),
    CheckConstraint("spent + returned + retired <= points", name="lease_never_overspent"),
    CheckConstraint("(closed_seq IS NULL) = (told IS NULL)", name="lease_told"),
)
"""`returned` went back by the terminal's word (`told` points, in its event `closed_seq`),
`retired` by staff who retired the terminal. It was asked to give the lease back at
`recalled_at`."""

lease_spend = Table(
    "lease_spend",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("lease", String, ForeignKey("lease.id"), nullable=False, index=True),
    Column("points", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("what", String, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("conflict", String(16)),
    Column("received_at", MomentText, nullable=False),
    Column("ware", String(48)),
    Column("pieces", Integer, nullable=False),
    Column("from_stock", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("refunded_at", MomentText),
    Column("refund_request", String(64)),
    Column("refund_reason", String),
    CheckConstraint("taken >= 0 AND taken <= points AND points > 0", name="spend_taken"),
    CheckConstraint("(conflict IS NULL) = (taken = points)", name="spend_conflict"),
)
"""`taken` is less than `points` where the lease no longer held them: `conflict` says why.
`from_stock` pieces left the shelf, `missing` were not on it."""

handed_out = Table(
    "handed_out",
    metadata,
    Column("transfer", String, ForeignKey("transfer.id"), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", MomentText, nullable=False),
)
"""What somebody was given over the counter, by the transfer that paid for it."""

settlement = Table(
    "settlement",
    metadata,
    Column("merchant", String(48), ForeignKey("merchant.id"), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("vouchers", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("community_fen", BigInteger, nullable=False),
    Column("merchant_fen", BigInteger, nullable=False),
    Column("made_at", MomentText, nullable=False),
)
"""What a merchant is owed for a month that is over."""

merchant_login = Table(
    "merchant_login",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("merchant", String(48), ForeignKey("merchant.id"), nullable=False, index=True),
    Column("made_by", String(64), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("expires_at", MomentText, nullable=False),
    Column("ended_at", MomentText),
)
"""One-time login codes by the SHA-256 of each: who reads the table gets in nowhere. `ended_at` is
when it was used, or another took its place."""

merchant_device = Table(
    "merchant_device",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("merchant", String(48), ForeignKey("merchant.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("since", MomentText, nullable=False),
    Column("seen_at", MomentText, nullable=False),
    Column("ended_at", MomentText),
    Column("ended_by", String(64)),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="device_ended_by_somebody"),
)
"""Phones that a merchant is logged in on; `digest` is the SHA-256 of what the phone holds."""

retired_terminal = Table(
    "retired_terminal",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", MomentText, nullable=False),
)

locker_door = Table(
    "locker_door",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("door", Integer, primary_key=True, autoincrement=False),
    Column("ware", String(48), ForeignKey("ware.id")),
    Column("filled", Boolean, nullable=False),
    Column("filled_at", MomentText),
    CheckConstraint("door > 0", name="door_has_number"),
    CheckConstraint("ware IS NOT NULL OR NOT filled", name="filled_with_something"),
)
"""What staff put behind the doors of a terminal's locker. `filled` until it was given out, or did
not come out."""

door_trouble = Table(
    "door_trouble",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("door", Integer, nullable=False),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("order_id", String, nullable=False),
    Column("ware", String, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("came_of_it", String(16), nullable=False),
    Column("at", MomentText, nullable=False),
    Column("settled_at", MomentText),
    Column("settled_by", String(64)),
    Column("found", String(16)),
    CheckConstraint(
        "(settled_at IS NULL) = (found IS NULL) AND (found IS NULL) = (settled_by IS NULL)",
        name="trouble_settled",
    ),
    Index("ix_door_trouble_account", "account"),
)
"""What a terminal's event `seq` said of a door, for staff to look at; `order_id` is "" where
nothing was paid. `came_of_it` is what the ledger did about it, `found` what staff found."""
