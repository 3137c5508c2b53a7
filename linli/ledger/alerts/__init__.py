"""What is wrong with terminals now, and who is told of it."""
