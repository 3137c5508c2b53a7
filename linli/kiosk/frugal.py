"""How a window's program is sparing with memory: what it asks of the C library (glibc, mallopt(3),
malloc_trim(3)), of the kernel (madvise(2)) and of Python."""

from __future__ import annotations

import ctypes
import gc
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
MADV_DONTNEED = 4
SMAPS = Path("/proc/self/smaps")
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (....) \S+ \S+ \S+ +(/?)")
_OWN = re.compile(r"(?:Anonymous|Swap): +([0-9]+)")
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
    try:
        lines = SMAPS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return  # a kernel without it: what was used once stays
    for start, size in unaltered(lines):
        _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), MADV_DONTNEED)


def unaltered(smaps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Start and size of the mappings of files that can be read again from there as they are: of
    libraries, much is used once, and the shader compiler's most of all. What is still used comes
    back by itself, from the kernel's cache. A mapping of which any page is our own is left alone.
    Lines are as in proc_pid_smaps(5)."""
    start = size = 0
    for line in smaps:
        if (head := _MAPPING.match(line)) is not None:
            if size:
                yield start, size
            readable_only = head[3] in ("r-xp", "r--p") and head[4] == "/"
            start = int(head[1], 16)
            size = int(head[2], 16) - start if readable_only else 0
        elif (own := _OWN.match(line)) is not None and int(own[1]):
            size = 0
    if size:
        yield start, size
