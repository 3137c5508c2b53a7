"""On PostgreSQL the sum over all accounts is added up at commit.

It is one row. Taken with the first account that a transaction moves, it made every other writer
wait from then on, and two of them with an account in common could wait for each other.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

EVENTS = {
    "account_update": ("UPDATE OF posted, pending", ""),
    "account_delete": ("DELETE", ""),
    "account_insert": ("INSERT", "WHEN (new.posted <> 0 OR new.pending <> 0)"),
}


def upgrade() -> None:
    _triggers("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED")


def downgrade() -> None:
    _triggers("TRIGGER", "")


def _triggers(kind: str, when: str) -> None:
    """SQLite has one writer, and no triggers that wait for the commit."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, (event, condition) in EVENTS.items():
        op.execute(f"DROP TRIGGER {name} ON account")
        op.execute(
            f"CREATE {kind} {name} AFTER {event} ON account {when}"
            f" FOR EACH ROW {condition} EXECUTE FUNCTION linli_account()"
        )
