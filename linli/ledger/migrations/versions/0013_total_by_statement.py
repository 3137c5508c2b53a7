"""On PostgreSQL the sum over all accounts is added up once for each statement.

A batch moves the points of all its people in one statement, and what is taken from one account is
given to another: the sum stays as it is, and its one row is not touched. It used to be rewritten
twice for every account. What a statement does add waits for the commit, as it did before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SEEN = {
    "account_insert": ("INSERT", "NEW TABLE AS came"),
    "account_update": ("UPDATE", "OLD TABLE AS went NEW TABLE AS came"),
    "account_delete": ("DELETE", "OLD TABLE AS went"),
}
ROW_BY_ROW = {
    "account_insert": ("INSERT", "WHEN (new.posted <> 0 OR new.pending <> 0)"),
    "account_update": ("UPDATE OF posted, pending", ""),
    "account_delete": ("DELETE", ""),
}


def upgrade() -> None:
    """SQLite has no triggers that see a whole statement, and one writer."""
    op.create_table(
        "ledger_step",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("posted", sa.BigInteger, nullable=False),
        sa.Column("pending", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION linli_account_sum() RETURNS trigger LANGUAGE plpgsql AS $$"
        " DECLARE more record; less record; BEGIN"
        " SELECT 0 AS posted, 0 AS pending INTO more;"
        " SELECT 0 AS posted, 0 AS pending INTO less;"
        " IF TG_OP <> 'DELETE' THEN SELECT coalesce(sum(posted), 0) AS posted,"
        " coalesce(sum(pending), 0) AS pending INTO more FROM came; END IF;"
        " IF TG_OP <> 'INSERT' THEN SELECT coalesce(sum(posted), 0) AS posted,"
        " coalesce(sum(pending), 0) AS pending INTO less FROM went; END IF;"
        " IF more.posted <> less.posted OR more.pending <> less.pending THEN"
        " INSERT INTO ledger_step (posted, pending)"
        " VALUES (more.posted - less.posted, more.pending - less.pending); END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION linli_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE ledger_total SET posted = posted + new.posted, pending = pending + new.pending;"
        " DELETE FROM ledger_step WHERE id = new.id; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER step_taken AFTER INSERT ON ledger_step DEFERRABLE"
        " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linli_step()"
    )
    for name, (event, tables) in SEEN.items():
        op.execute(f"DROP TRIGGER {name} ON account")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON account REFERENCING {tables}"
            " FOR EACH STATEMENT EXECUTE FUNCTION linli_account_sum()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, (event, condition) in ROW_BY_ROW.items():
            op.execute(f"DROP TRIGGER {name} ON account")
            op.execute(
                f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON account DEFERRABLE"
                f" INITIALLY DEFERRED FOR EACH ROW {condition} EXECUTE FUNCTION linli_account()"
            )
        op.execute("DROP FUNCTION linli_account_sum(), linli_step() CASCADE")
    op.drop_table("ledger_step")
