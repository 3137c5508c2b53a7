"""A power cut at any change that is made to the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

CHANGES = ("fsync", "replace", "rename", "unlink", "symlink")
"""What changes a name on the disk, or makes it stay."""


class PowerCutError(BaseException):
    """Nothing that the program does can catch it."""


class Power:
    """Counts the changes to the disk; cuts at one of them, before or after it is done."""

    def __init__(self, patch: pytest.MonkeyPatch, cut_at: int | None, *, done: bool) -> None:
        self.changes, self._cut_at, self._done = 0, cut_at, done
        for name in CHANGES:
            patch.setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*given: Any, **named: Any) -> Any:
            if self.changes + 1 == self._cut_at and not self._done:
                raise PowerCutError
            result = change(*given, **named)
            self.changes += 1  # not where there was nothing to change
            if self.changes == self._cut_at:
                raise PowerCutError
            return result

        return changed
