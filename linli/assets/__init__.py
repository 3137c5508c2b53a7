"""Fonts, translations and the starting points standard, read as package resources."""
