"""Secure cards at a terminal: it carries what the ledger says to a card, and back."""
