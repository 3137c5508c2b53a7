"""Simulated terminals say over a real broker what real ones would."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.waiting import eventually
from msgspec import Raw

from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.link import Link
from linli.sync.messages import Presence, PresenceState, encode
from linli.sync.parsing import parse
from linli.sync.shadow_messages import Desired, Reported, ShadowFault, ShadowState


@pytest.fixture
def ledger(broker: Broker) -> Iterator[Link]:
    link = Link("ledger", "127.0.0.1", broker.port, "b0", SystemClock(), "0", presence=False)
    yield link
    link.close()


@pytest.fixture
def crowd(broker: Broker, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    names = tmp_path / "names.txt"
    names.write_text("c01-t1 c01\nc01-t2 c01\n", encoding="utf-8")
    command = [sys.executable, "-m", "linli.benchmarks.crowd", str(broker.port), str(names)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        yield program
        program.kill()


def test_a_crowd_comes_online_and_answers_settings_as_terminals_do(
    ledger: Link, crowd: subprocess.Popen[str]
) -> None:
    said: dict[str, Reported] = {}
    there: dict[str, PresenceState] = {}
    ledger.subscribe(
        topics.reported("+"),
        lambda topic, payload: said.update({topics.terminal_of(topic): parse(payload, Reported)}),
    )
    ledger.subscribe(
        topics.presence("+"),
        lambda topic, payload: there.update(
            {topics.terminal_of(topic): parse(payload, Presence).state}
        ),
    )
    ledger.start()
    assert crowd.stdout is not None
    assert crowd.stdout.readline() == "online\n"
    for name, doc in (("c01-t1", b'{"large_type":true}'), ("c01-t2", b'{"larg_type":true}')):
        wish = encode(Desired(version=7, doc=Raw(doc)))
        eventually(lambda n=name, w=wish: ledger.publish(topics.desired(n), w, retain=True))
    eventually(lambda: len(said) == 2 and len(there) == 2)
    assert set(there.values()) == {PresenceState.ONLINE}
    assert (said["c01-t1"].version, said["c01-t1"].state) == (7, ShadowState.TRYING)
    assert (said["c01-t2"].state, said["c01-t2"].error) == (
        ShadowState.REFUSED,
        ShadowFault.UNKNOWN_KEY,
    )
