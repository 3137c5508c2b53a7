"""How a code is written for people, on paper and on every screen."""

from __future__ import annotations

GROUP = 4


def spelled(code: str) -> str:
    """In groups that can be read out: 7KQ4-M2XA-90TB."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
