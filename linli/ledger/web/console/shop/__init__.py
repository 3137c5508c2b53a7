"""The console's shop: the counter, shelves, merchants, windows and settlements."""
