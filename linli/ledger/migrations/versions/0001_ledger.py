"""The first ledger: people, activities, standard, journal, ranking, ingest, feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    _people()
    _programme()
    _journal()
    _ranking()
    _ingest()
    _feed()
    op.execute("INSERT INTO zero (value) VALUES (0)")
    op.execute("INSERT INTO ledger_total (id, posted, pending) VALUES (1, 0, 0)")
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("account", "transfer"):
            op.execute(f"DROP FUNCTION IF EXISTS linli_{table}() CASCADE")
    for table in (
        *("change", "feed_head", "attendance", "parked", "batch", "received"),
        *("point_count", "standing", "transfer", "deed", "ledger_total", "zero", "account"),
        *("terminal", "standard", "activity", "hot_list", "card", "holder", "org"),
    ):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "org",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("parent", NAME, sa.ForeignKey("org.id")),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("scope", NAME, index=True),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("counted_in", sa.String, nullable=False),
    )
    op.create_table(
        "holder",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("home", NAME, sa.ForeignKey("org.id"), nullable=False),
        sa.Column("scope", NAME, nullable=False, index=True),
        sa.Column("name_masked", sa.String, nullable=False),
        sa.Column("alias", sa.String, nullable=False),
        sa.Column("public_consent", sa.Boolean, nullable=False),
        sa.Column("under14", sa.Boolean, nullable=False),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("uid", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("chip", sa.String(16), nullable=False),
        sa.Column("key", sa.String),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("blocked_at", MomentText),
    )
    op.create_index("ix_card_account", "card", ["account"])
    op.create_table(
        "hot_list",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _programme() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("item", sa.String(16), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("starts_at", MomentText, nullable=False),
        sa.Column("ends_at", MomentText, nullable=False),
        sa.Column("centre", NAME, nullable=False),
        sa.Column("early_min", sa.Integer, nullable=False),
        sa.Column("late_min", sa.Integer, nullable=False),
        sa.Column("out_late_min", sa.Integer, nullable=False),
        sa.Column("min_minutes", sa.Integer),
        sa.Column("cancelled", sa.Boolean, nullable=False),
    )
    op.create_table(
        "standard",
        sa.Column("version", sa.String(32), primary_key=True),
        sa.Column("effective_from", sa.String(10), nullable=False, unique=True),
        sa.Column("doc", sa.LargeBinary, nullable=False),
        sa.Column("imported_at", MomentText, nullable=False),
    )
    op.create_table(
        "terminal",
        sa.Column("name", NAME, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), nullable=False),
        sa.Column("centre", NAME, nullable=False),
        sa.Column("watermark", sa.BigInteger, nullable=False),
        sa.Column("registered_at", MomentText, nullable=False),
    )


def _journal() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("holder", sa.String, sa.ForeignKey("holder.account")),
        sa.Column("purse", sa.String(16), nullable=False),
        sa.Column("system", sa.Boolean, nullable=False),
        sa.Column("posted", sa.BigInteger, nullable=False),
        sa.Column("pending", sa.BigInteger, nullable=False),
        sa.CheckConstraint("system OR (posted >= 0 AND pending >= 0)", name="no_overdraft"),
    )
    op.create_index("ix_account_holder", "account", ["holder"])
    op.create_table(
        "zero", sa.Column("value", sa.BigInteger, primary_key=True, autoincrement=False)
    )
    op.create_table(
        "ledger_total",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(
                name,
                sa.BigInteger,
                sa.ForeignKey("zero.value", deferrable=True, initially="DEFERRED"),
                nullable=False,
            )
            for name in ("posted", "pending")
        ),
    )
    _deed_and_transfer()


def _deed_and_transfer() -> None:
    op.create_table(
        "deed",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("activity", sa.String, sa.ForeignKey("activity.id")),
        sa.Column("item", sa.String(16), nullable=False),
        sa.Column("done_at", MomentText, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("standard_version", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("surplus", sa.Boolean, nullable=False),
        sa.Column("flags", sa.String, nullable=False),
        sa.Column("transfer", sa.String, nullable=False),
    )
    op.create_index("ix_deed_account_item_day", "deed", ["account", "item", "day"])
    op.create_table(
        "transfer",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("debit", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("credit", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("deed", sa.String),
        sa.Column("item", sa.String(16)),
        sa.Column("standard_version", sa.String(32)),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("decided_at", MomentText),
        sa.Column("reason", sa.String, nullable=False),
        sa.CheckConstraint("points > 0", name="points_move"),
        sa.CheckConstraint("state IN ('pending', 'posted', 'voided')", name="transfer_state"),
        sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided_when"),
    )


def _ranking() -> None:
    op.create_table(
        "standing",
        sa.Column("period", sa.String(8), primary_key=True),
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("building", NAME, nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("pending", sa.Integer, nullable=False),
        sa.Column("posted", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("reached_at", MomentText, nullable=False),
    )
    op.create_index("ix_standing_rank", "standing", ["period", "scope", "kind", "points"])
    op.create_table(
        "point_count",
        sa.Column("period", sa.String(8), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("node", NAME, primary_key=True),
        sa.Column("points", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("accounts", sa.Integer, nullable=False),
        sa.CheckConstraint("accounts >= 0", name="accounts_counted"),
    )


def _ingest() -> None:
    op.create_table(
        "received",
        sa.Column("terminal", NAME, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("boot", sa.String, nullable=False),
        sa.Column("claimed_at", MomentText),
        sa.Column("clockgood", sa.Boolean, nullable=False),
        sa.Column("monotonicms", sa.BigInteger, nullable=False),
        sa.Column("received_at", MomentText, nullable=False),
        sa.Column("batch", sa.BigInteger, nullable=False),
        sa.Column("account", sa.String),
        sa.Column("activity", sa.String),
        sa.Column("applied", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(24)),
    )
    op.create_index("ix_received_account", "received", ["account", "activity"])
    op.create_index("ix_received_boot", "received", ["terminal", "boot", "clockgood", "seq"])
    op.create_table(
        "batch",
        sa.Column("terminal", NAME, primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("forked", sa.Boolean, nullable=False),
    )
    op.create_index("ix_batch_number", "batch", ["terminal", "number"])
    op.create_table(
        "parked",
        sa.Column("terminal", sa.String, primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("signed", sa.Boolean, nullable=False),
        sa.Column("seq", sa.BigInteger),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_at", MomentText, nullable=False),
        sa.Column("last_at", MomentText, nullable=False),
    )
    op.create_index("ix_parked_rubbish", "parked", ["signed", "last_at"])
    op.create_table(
        "attendance",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("activity", sa.String, primary_key=True),
        sa.Column("in_at", MomentText),
        sa.Column("out_at", MomentText),
        sa.Column("flags", sa.String, nullable=False),
    )
    op.create_index("ix_attendance_in", "attendance", ["in_at"])
    op.create_index("ix_attendance_out", "attendance", ["out_at"])


def _feed() -> None:
    op.create_table(
        "feed_head",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("stream", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "change",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("stream", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", MomentText, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
    )
    waiting = sa.column("published", sa.Boolean) == sa.false()
    op.create_index(
        "ix_change_waiting",
        "change",
        ["scope", "stream", "number"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


FROZEN = ("id", "debit", "credit", "points", "deed", "item", "standard_version", "made_at")
"""Columns of a transfer that never change. A decided transfer does not change at all."""


def _sqlite_triggers() -> None:
    changed = " OR ".join(f"new.{column} IS NOT old.{column}" for column in FROZEN)
    for name, when, effect in (
        (
            "account_moved AFTER UPDATE OF posted, pending ON account",
            "",
            "UPDATE ledger_total SET posted = posted + new.posted - old.posted,"
            " pending = pending + new.pending - old.pending",
        ),
        (
            "account_opened AFTER INSERT ON account",
            "WHEN new.posted <> 0 OR new.pending <> 0",
            "UPDATE ledger_total SET posted = posted + new.posted, pending = pending + new.pending",
        ),
        (
            "account_closed AFTER DELETE ON account",
            "",
            "UPDATE ledger_total SET posted = posted - old.posted, pending = pending - old.pending",
        ),
        (
            "transfer_decided BEFORE UPDATE ON transfer",
            f"WHEN old.state <> 'pending' OR {changed}",
            "SELECT RAISE(ABORT, 'a transfer only goes from pending to posted or voided')",
        ),
        (
            "transfer_kept BEFORE DELETE ON transfer",
            "",
            "SELECT RAISE(ABORT, 'a transfer is never deleted')",
        ),
    ):
        op.execute(f"CREATE TRIGGER {name} FOR EACH ROW {when} BEGIN {effect}; END")


def _postgresql_triggers() -> None:
    changed = " OR ".join(f"new.{column} IS DISTINCT FROM old.{column}" for column in FROZEN)
    op.execute(
        "CREATE FUNCTION linli_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP <> 'INSERT' THEN UPDATE ledger_total SET"
        " posted = posted - old.posted, pending = pending - old.pending; END IF;"
        " IF TG_OP <> 'DELETE' THEN UPDATE ledger_total SET"
        " posted = posted + new.posted, pending = pending + new.pending; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION linli_transfer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a transfer is never deleted'"
        " USING ERRCODE = 'restrict_violation'; END IF;"
        f" IF old.state <> 'pending' OR {changed} THEN RAISE EXCEPTION"
        " 'a transfer only goes from pending to posted or voided'"
        " USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN new; END $$"
    )
    for event in ("UPDATE OF posted, pending", "DELETE"):
        op.execute(
            f"CREATE TRIGGER account_{event.split()[0].lower()} AFTER {event} ON account"
            " FOR EACH ROW EXECUTE FUNCTION linli_account()"
        )
    op.execute(
        "CREATE TRIGGER account_insert AFTER INSERT ON account FOR EACH ROW"
        " WHEN (new.posted <> 0 OR new.pending <> 0) EXECUTE FUNCTION linli_account()"
    )
    op.execute(
        "CREATE TRIGGER transfer_kept BEFORE UPDATE OR DELETE ON transfer"
        " FOR EACH ROW EXECUTE FUNCTION linli_transfer()"
    )
