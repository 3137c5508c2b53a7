"""A tap's name as W3C Trace Context writes it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.sync.tracing import new_trace, trace_of, traceparent, traces_in


@settings(max_examples=30)
@given(st.binary(min_size=16, max_size=16))
def test_a_trace_comes_back_out_of_what_an_event_carries(random: bytes) -> None:
    trace = new_trace(random)
    parent = traceparent(trace)
    assert trace_of(parent) == trace != "0" * 32
    version, _, span, flags = parent.split("-")
    assert (version, flags, len(span)) == ("00", "01", 16)
    assert int(span, 16)
    assert traces_in(b'{"traceparent":"' + parent.encode() + b'"},' * 2) == [trace]


def test_two_taps_have_two_names() -> None:
    assert len({new_trace() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "00-" + "0" * 32 + "-" + "1" * 16 + "-01"),
        *("ff-" + "a" * 32 + "-" + "1" * 16 + "-01", "00-" + "A" * 32 + "-" + "1" * 16 + "-01"),
    ],
)
def test_what_is_no_traceparent_is_overlooked(text: str) -> None:
    assert trace_of(text) == ""
