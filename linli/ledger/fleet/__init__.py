"""Looking after terminals from afar."""
