"""How terminals come in: claims, certificates, starts, identities in use twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal", sa.Column("distrusted_at", MomentText))
    _claims()
    _certificates()
    op.create_table(
        "terminal_boot",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("boot", sa.String(64), nullable=False),
        sa.Column("heard_at", MomentText, nullable=False),
    )
    op.create_table(
        "identity_alarm",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_at", MomentText, nullable=False),
        sa.Column("last_at", MomentText, nullable=False),
        sa.Column("settled_at", MomentText),
        sa.Column("settled_by", sa.String),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="alarm_settled_by"),
    )


def _claims() -> None:
    op.create_table(
        "claim",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("boot", sa.String(64), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("until", MomentText, nullable=False),
        sa.Column("decided_at", MomentText),
        sa.Column("decided_by", sa.String),
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name")),
        sa.Column("centre_name", sa.String, nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="claim_decided_by"),
        sa.CheckConstraint("terminal IS NULL OR decided_at IS NOT NULL", name="claim_confirmed"),
    )
    op.create_index("ix_claim_key", "claim", ["public_key", "until"])
    op.create_index("ix_claim_address", "claim", ["address", "made_at"])


def _certificates() -> None:
    op.create_table(
        "terminal_certificate",
        sa.Column("serial", sa.String(40), primary_key=True),
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), nullable=False),
        sa.Column("pem", sa.LargeBinary, nullable=False),
        sa.Column("issued_at", MomentText, nullable=False),
        sa.Column("until", MomentText, nullable=False),
        sa.Column("revoked_at", MomentText),
    )
    op.create_index("ix_certificate_terminal", "terminal_certificate", ["terminal", "issued_at"])
    op.create_index("ix_certificate_until", "terminal_certificate", ["until"])


def downgrade() -> None:
    for name in ("identity_alarm", "terminal_boot", "terminal_certificate", "claim"):
        op.drop_table(name)
    op.drop_column("terminal", "distrusted_at")
