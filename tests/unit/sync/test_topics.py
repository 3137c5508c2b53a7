"""Topic names, as docs/protocol.md lists them."""

from __future__ import annotations

import pytest
from paho.mqtt.client import topic_matches_sub

from linli.sync import topics
from linli.sync.messages import Stream


def test_topics_are_those_of_the_protocol() -> None:
    assert [
        topics.events("t-1"),
        topics.ack("t-1"),
        topics.presence("t-1"),
        topics.feed("s-1", Stream.CHANGES),
        topics.head("s-1", Stream.HOLDERS),
        topics.standard("s-1"),
        topics.hot_list("s-1"),
    ] == [
        "linli/v1/t/t-1/events",
        "linli/v1/t/t-1/ack",
        "linli/v1/t/t-1/presence",
        "linli/v1/scope/s-1/changes",
        "linli/v1/scope/s-1/holders/head",
        "linli/v1/scope/s-1/standard",
        "linli/v1/scope/s-1/hotlist",
    ]


def test_the_ledgers_filter_takes_every_terminals_events_and_nothing_else() -> None:
    assert topic_matches_sub(topics.ALL_EVENTS, topics.events("t-1"))
    assert not topic_matches_sub(topics.ALL_EVENTS, topics.ack("t-1"))


def test_a_terminal_is_read_back_from_its_topics() -> None:
    for topic in (topics.events("t-1"), topics.ack("t-1"), topics.presence("t-1")):
        assert topics.terminal_of(topic) == "t-1"


@pytest.mark.parametrize(
    "topic",
    ["", "linli/v1/t", "linli/v2/t/t-1/events", "linli/v1/scope/s-1/changes"],
)
def test_another_topic_belongs_to_no_terminal(topic: str) -> None:
    with pytest.raises(ValueError, match="not a terminal's topic"):
        topics.terminal_of(topic)
