"""Keeps the kiosk's program alive, from a process of its own. Standard library only: it must not
fall over what the program falls over."""
