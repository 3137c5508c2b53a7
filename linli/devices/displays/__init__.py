"""How bright a screen is, and whether it is on at all."""
