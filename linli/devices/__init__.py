"""What is plugged in: one small protocol per kind, real drivers and simulated parts behind it."""
