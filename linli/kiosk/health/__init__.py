"""How this terminal or board is, said to the ledger each minute (linli/sync/health_messages.py)."""
