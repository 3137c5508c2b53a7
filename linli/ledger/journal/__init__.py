"""Double-entry transfers, deeds and balances."""
