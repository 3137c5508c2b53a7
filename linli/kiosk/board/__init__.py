"""The public screen with the live ranking: its own program, window and cache."""
