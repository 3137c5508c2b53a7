"""Whose word the ledger takes: terminals and boards with their keys."""
