"""What `linli release` does."""
