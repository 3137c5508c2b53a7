"""What staff want on the boards of their community."""
