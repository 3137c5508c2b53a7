"""What terminals ask while somebody stands before them (`sync/asks.py`), answered at once."""
