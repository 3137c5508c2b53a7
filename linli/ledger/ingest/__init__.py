"""Events in, deeds out: exactly once, in any order."""
