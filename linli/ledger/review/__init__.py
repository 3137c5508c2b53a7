"""What the review panel decides, and what follows from it."""
