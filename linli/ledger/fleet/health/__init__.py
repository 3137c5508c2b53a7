"""How terminals are, and what of it needs a person."""
