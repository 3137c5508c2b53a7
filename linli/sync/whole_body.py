"""What a server answers over HTTP, taken whole or not at all: neither without end nor for ever."""

from __future__ import annotations

import requests

from linli.sync.clock import Clock

CHUNK = 65536


class NotWholeError(OSError):
    """The server sends too much or too slowly; the text says which."""


def whole_body(response: requests.Response, most: int, within_s: float, clock: Clock) -> bytes:
    """The body of an answer that was asked for with `stream`, of `most` bytes at the most. Raises
    NotWholeError, and what reading it raises."""
    began, body = clock.monotonic(), bytearray()
    # `iter_content` would wait for a whole chunk from a server that sends a byte a second.
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        body += chunk
        if len(body) > most:
            raise NotWholeError(f"{response.url} sends more than {most} bytes")
        if clock.monotonic() - began > within_s:
            raise NotWholeError(f"{response.url} is too slow: not all within {within_s:.0f} s")
    return bytes(body)
