"""Tables of the settings that are wanted of terminals from afar, and what they said about them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from linli.ledger.database import MomentText, metadata

terminal_wish = Table(
    "terminal_wish",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("doc", LargeBinary, nullable=False),
    Column("wished_at", MomentText, nullable=False),
    Column("wished_by", String(64), nullable=False),
)
"""The settings that a terminal is to have over its own file, JSON, as they were last changed; who
changed what before is in the audit log. `version` counts the changes."""

terminal_report = Table(
    "terminal_report",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("error", String(32), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("heard_at", MomentText, nullable=False),
)
"""The last word of a terminal about its settings; `error` is empty where there is none."""
