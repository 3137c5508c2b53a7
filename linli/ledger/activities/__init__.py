"""What there is to come to."""
