"""Secure cards are made and given newer keys: the master keys, clerks' orders, and the talks with
cards that terminals carry (`sync/card_asks.py`)."""
