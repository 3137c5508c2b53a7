"""The staff console: one module for each kind of work."""
