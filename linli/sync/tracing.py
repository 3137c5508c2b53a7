"""One name for a tap on its whole way, as W3C Trace Context writes it
(https://www.w3.org/TR/trace-context/, version 00), in the attribute that CloudEvents has for it
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/distributed-tracing.md).
"""

from __future__ import annotations

import os
import re

TRACE_BYTES, HALF = 16, 16
_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_BEFORE = b'"traceparent":"00-'
_DIGITS = re.compile(rb"[0-9a-f]{32}-")
NOTHING = "0" * 32


def new_trace(random: bytes | None = None) -> str:
    """A trace id: 32 hexadecimal digits, not all of them 0."""
    made = (os.urandom(TRACE_BYTES) if random is None else random).hex()
    return made if made != NOTHING else "0" * 31 + "1"


def traceparent(trace: str) -> str:
    """What an event carries. The parent id, which nothing here tells apart, is the id's end."""
    parent = trace[HALF:]
    return f"00-{trace}-{parent if int(parent, 16) else trace[:HALF]}-01"


def trace_of(parent: str) -> str:
    """The trace id; empty for what is no traceparent, which is as good as none."""
    found = _PARENT.fullmatch(parent)
    return found[1] if found and found[1] != NOTHING else ""


def traces_in(payload: bytes) -> list[str]:
    """The trace ids in a batch as it came, each once, without reading the whole of it."""
    _, *after = payload.split(_BEFORE)
    found = [one[:32].decode() for one in after if _DIGITS.match(one)]
    return list(dict.fromkeys(found))
