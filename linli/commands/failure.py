"""The one exception that ends a command with exit code 1 and a sentence instead of a trace."""

from __future__ import annotations


class Failure(Exception):  # noqa: N818 - it is what it says
    """What happened and what to do, in the user's words."""
