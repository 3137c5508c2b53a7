"""The hidden menu of whoever looks after the terminal: a card, a PIN, and a few large buttons."""
