"""Deeds that no card witnessed: declared from a phone, or entered by hand at a desk."""
