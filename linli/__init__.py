"""Linli (邻里): the neighbourhood centre's terminal, its board and its points ledger."""

__version__ = "0.1.0"
