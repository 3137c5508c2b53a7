"""Standings and ranks of every period and node."""
