"""How a window's program is sparing with memory: what it asks of the C library (glibc, mallopt(3),
malloc_trim(3)) and of Python."""

from __future__ import annotations

import ctypes
import gc

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
_libc = ctypes.CDLL(None)


def frugal() -> None:
    """Pictures are allocated by themselves and given back when they are gone, and threads share
    their arenas: it is a tenth of the terminal's memory. Call it before the first thread."""
    _libc.mallopt(M_MMAP_THRESHOLD, 128 * 1024)
    _libc.mallopt(M_ARENA_MAX, 2)


def tidy() -> None:
    """Gives back what is not used any more. It takes tens of milliseconds."""
    gc.collect()
    _libc.malloc_trim(0)
