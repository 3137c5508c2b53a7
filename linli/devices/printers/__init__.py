"""Slips of paper for people to take along: one door (`base.Printer`), one driver a file."""
