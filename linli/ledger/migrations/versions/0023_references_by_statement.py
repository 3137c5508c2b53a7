"""On PostgreSQL, whose points a transfer moves and whose deed it is, is checked once for each
statement.

A foreign key asks for every row, and locks the row that it points to, each time in a query of its
own: for a deed and its transfer that were four, an eighth of all that the database does about a
tap. A trigger that sees the whole statement asks once for all rows, and nobody has to be locked:
accounts, holders and activities are never deleted or renamed, which the database holds now too.
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

REFERENCES = {
    "transfer": (("debit", "account", "id"), ("credit", "account", "id")),
    "deed": (("account", "holder", "account"), ("activity", "activity", "id")),
}
KEPT = {"account": "id", "holder": "account", "activity": "id"}
EVENTS = {"transfer": ("INSERT",), "deed": ("INSERT", "UPDATE")}
"""A transfer's accounts never change (0001)."""
CHECK = (
    " SELECT came.{column} INTO lost FROM came WHERE came.{column} IS NOT NULL AND NOT EXISTS"
    " (SELECT FROM {parent} WHERE {parent}.{key} = came.{column}) LIMIT 1; IF found THEN"
    " RAISE EXCEPTION '{table}_{column}_fkey: there is no {parent} %', lost"
    " USING ERRCODE = 'foreign_key_violation'; END IF;"
)
BY_INDEX = "SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off"
"""A plan that is kept from when the tables were small must not read them whole later."""


def upgrade() -> None:
    """SQLite checks its references without a query for each."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, references in REFERENCES.items():
        checks = ""
        for column, parent, key in references:
            op.drop_constraint(f"{table}_{column}_fkey", table, type_="foreignkey")
            checks += CHECK.format(table=table, column=column, parent=parent, key=key)
        op.execute(
            f"CREATE FUNCTION linli_{table}_refers() RETURNS trigger LANGUAGE plpgsql {BY_INDEX}"
            f" AS $$ DECLARE lost text; BEGIN{checks} RETURN NULL; END $$"
        )
        for event in EVENTS[table]:
            op.execute(
                f"CREATE TRIGGER {table}_refers_{event.lower()} AFTER {event} ON {table}"
                " REFERENCING NEW TABLE AS came"
                f" FOR EACH STATEMENT EXECUTE FUNCTION linli_{table}_refers()"
            )
    op.execute(
        "CREATE FUNCTION linli_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'a row of % is never deleted or renamed: others speak of it',"
        " TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table, key in KEPT.items():
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION linli_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_named BEFORE UPDATE OF {key} ON {table} FOR EACH ROW"
            f" WHEN (old.{key} IS DISTINCT FROM new.{key}) EXECUTE FUNCTION linli_kept()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP FUNCTION linli_transfer_refers(), linli_deed_refers(), linli_kept() CASCADE")
    for table, references in REFERENCES.items():
        for column, parent, key in references:
            op.create_foreign_key(f"{table}_{column}_fkey", table, parent, [column], [key])
