"""The central points ledger: the only place where points become real."""
