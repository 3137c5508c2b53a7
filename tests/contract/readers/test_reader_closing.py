"""What is left when a reader is closed: nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.simulated.cards import Ntag213, Ntag424
from tests.contract.readers.bench import KEY, ReaderBench, uid


def left_open() -> tuple[set[str], list[str]]:
    return {t.name for t in threading.enumerate()}, sorted(os.listdir("/proc/self/fd"))


def test_closing_leaves_no_thread_no_descriptor_and_no_file(
    make_bench: Callable[..., ReaderBench], tmp_path: Path
) -> None:
    before = left_open()
    bench = make_bench()
    bench.start()
    bench.field.place(Ntag424(uid(1), KEY))
    bench.card()
    bench.unplug()
    bench.replug()
    bench.state()
    bench.state()
    bench.close()
    assert left_open() == before
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_told_after_closing(bench: ReaderBench) -> None:
    bench.reader.close()
    bench.field.place(Ntag213(uid(1)))
    time.sleep(0.2)
    assert bench.told.empty()


def test_closing_twice_or_before_starting_is_fine(idle: ReaderBench) -> None:
    idle.reader.close()
    idle.reader.close()
    assert idle.told.empty()


def test_closing_during_an_outage_ends_the_reader(bench: ReaderBench) -> None:
    bench.unplug()
    assert not bench.state().up
    bench.reader.close()
    assert not any(thread.name == "reader front" for thread in threading.enumerate())
