"""The touchscreen terminal and the public board."""
