"""Settings of terminals, changed from afar."""
