"""The serial line to the terminal board: frames, requests, and the board's verbs as typed calls."""
