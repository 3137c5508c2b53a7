"""The terminal's own SQLite: what happened here, committed before anybody is told."""
