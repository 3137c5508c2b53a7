"""Gives back what pages that were shown left behind.

glibc keeps freed pieces of its heap for later; a board turns through large pictures for months, and
shares a small computer with the terminal."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable


def give_back() -> None:
    """Takes about a tenth of a second: not while something moves."""
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)


def _trim() -> Callable[[int], int] | None:
    """`malloc_trim` (mallopt(3)); None where the C library has none."""
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim
