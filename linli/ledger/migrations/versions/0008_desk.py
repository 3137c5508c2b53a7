"""The service desk: closed and merged accounts, cards that were found again or changed hands,
personal data and who looked at it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts()
    _personal()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS linli_audit_log() CASCADE")
    for table in ("audit_head", "audit_log", "person", "merged", "card_before", "card_stop"):
        op.drop_table(table)
    for column in ("closed_as", "closed_at"):
        op.drop_column("holder", column)


def _accounts() -> None:
    op.add_column("holder", sa.Column("closed_at", MomentText))
    op.add_column("holder", sa.Column("closed_as", sa.String(8)))
    op.create_table(
        "card_stop",
        sa.Column("card", sa.String, sa.ForeignKey("card.id"), primary_key=True),
        sa.Column("since", MomentText, primary_key=True),
        sa.Column("until", MomentText, nullable=False),
    )
    op.create_table(
        "card_before",
        sa.Column("card", sa.String, sa.ForeignKey("card.id"), primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("until", MomentText, nullable=False),
    )
    op.create_index("ix_card_before_account", "card_before", ["account"])
    op.create_table(
        "merged",
        sa.Column("loser", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("winner", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("at", MomentText, nullable=False),
        sa.Column("moves", sa.Integer, nullable=False),
        sa.CheckConstraint("loser <> winner", name="merged_with_another"),
    )
    op.create_index("ix_merged_winner", "merged", ["winner"])


def _personal() -> None:
    op.create_table(
        "person",
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("phone", sa.LargeBinary),
        sa.Column("id_tail", sa.LargeBinary),
        sa.Column("birthday", sa.LargeBinary),
        sa.Column("phone_index", sa.LargeBinary),
        sa.Column("kept_at", MomentText, nullable=False),
    )
    op.create_index("ix_person_phone", "person", ["phone_index"])
    op.create_index("ix_person_key", "person", ["key_id"])
    op.create_table(
        "audit_log",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", MomentText, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("account", sa.String),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_log_account", "audit_log", ["account"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "digest": "0" * 64}])


def _sqlite_triggers() -> None:
    for name, when in (
        ("audit_log_frozen BEFORE UPDATE ON audit_log", ""),
        ("audit_log_kept BEFORE DELETE ON audit_log", ""),
        (
            # INSERT OR REPLACE deletes without asking the trigger above.
            "audit_log_new BEFORE INSERT ON audit_log",
            "WHEN EXISTS (SELECT 1 FROM audit_log WHERE number = new.number)",
        ),
    ):
        op.execute(
            f"CREATE TRIGGER {name} FOR EACH ROW {when}"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION linli_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'the audit log is only added to'"
        " USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_kept BEFORE UPDATE OR DELETE ON audit_log"
        " FOR EACH ROW EXECUTE FUNCTION linli_audit_log()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION linli_audit_log()"
    )
