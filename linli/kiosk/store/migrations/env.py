"""Alembic's entry: the connection is handed in by kiosk/store/database.py."""

from __future__ import annotations

from alembic import context

from linli.kiosk.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
