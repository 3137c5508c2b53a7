"""A process that does not outlive the one that began it (prctl(2), PR_SET_PDEATHSIG)."""

from __future__ import annotations

import ctypes
import signal

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
"""Loaded here, so that nothing is between fork and exec."""


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """Of this process, from now on: `by` comes when the thread that began it ends. A change of user
    ends that."""
    _libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(by))
