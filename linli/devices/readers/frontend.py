"""What a polled reader asks of its electronics, whichever cable they hang on."""

from __future__ import annotations

from typing import Protocol

from linli.devices.readers.activation import Target
from linli.devices.readers.base import CardLostError


class ReaderLineError(Exception):
    """The reader did not do as told; the text says what was seen. Trying again may help."""


class ReaderGoneError(ReaderLineError):
    """The reader cannot be reached any more: open it again once it is back."""


__all__ = ["CardLostError", "Frontend", "ReaderGoneError", "ReaderLineError"]


class Frontend(Protocol):
    """One open reader, for one thread. Every verb but `close` may raise ReaderLineError.

    `misses`: polls in a row without the card before it counts as taken away."""

    misses: int

    def find(self) -> Target | None:
        """The card in the field, ready for `exchange`, or None."""

    def exchange(self, command: bytes) -> bytes:
        """The answer to an APDU of an ISO-DEP card. Raises CardLostError as well."""

    def field_off(self) -> None:
        """The card that was found is done with; the next search begins anew."""

    def close(self) -> None:
        """Free the device, also one that is gone."""
