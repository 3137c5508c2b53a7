"""Residents' phones: linked by a tap of their card, without a password, and let go again."""
