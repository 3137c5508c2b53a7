"""Numbered changes and snapshots for terminals and boards."""
