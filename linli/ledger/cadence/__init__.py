"""The programme's rhythm: what is due when, done once, and caught up with after a pause."""
