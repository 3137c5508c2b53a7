"""Stand-ins for what a test does not run: the other end of the wire, the clock, the hand."""
