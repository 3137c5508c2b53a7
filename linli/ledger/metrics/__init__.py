"""How the ledger does, in figures for Prometheus."""
