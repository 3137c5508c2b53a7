"""What may be changed at a terminal from afar, and how it is tried."""
