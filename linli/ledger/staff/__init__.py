"""Who works with the ledger: their roles, how they get in, and what they may do."""
