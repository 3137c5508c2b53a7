"""What the ledger answers over HTTP."""
