"""What terminals are asked to do once, one by one or in waves."""
