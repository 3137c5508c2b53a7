"""Surveys of the neighbours (问卷调查): asked, answered, counted without names."""
