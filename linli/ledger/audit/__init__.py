"""Checks that the ledger is what its events make it."""
