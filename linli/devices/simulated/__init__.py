"""Simulated parts that sit below the real drivers and speak their bytes."""
