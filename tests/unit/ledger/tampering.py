"""What somebody with full rights on the database may do behind the ledger's back."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text


def tamper(engine: Engine, *changes: str) -> None:
    """Take the database's guards away, then run these statements."""
    with engine.connect().execution_options(linli_begin="") as connection:
        for statement in (*_without_guards(connection), *changes):
            connection.execute(text(statement))
        connection.commit()
    engine.dispose()


def _without_guards(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        checks = connection.execute(
            text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        )
        dropped = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name in checks]
        return ["SET session_replication_role = replica", *dropped]
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    pragmas = ("PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON")
    return [*pragmas, *(f"DROP TRIGGER {name}" for name in names.scalars())]
