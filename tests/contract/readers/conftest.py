"""Each test of the contract is run on every bench."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.readers.acr122u_bench import Acr122uBench
from tests.contract.readers.bench import ReaderBench
from tests.contract.readers.pn532_bench import Pn532Bench

MakeBench = Callable[..., ReaderBench]
BENCHES: dict[str, MakeBench] = {"pn532": Pn532Bench, "acr122u": Acr122uBench}


@pytest.fixture(params=BENCHES)
def make_bench(request: pytest.FixtureRequest, tmp_path: Path) -> MakeBench:
    """Makes a bench in a directory of its own; a `monotonic` clock may be given."""

    def make(**options: Callable[[], float]) -> ReaderBench:
        return BENCHES[request.param](tmp_path, **options)

    return make


@pytest.fixture
def idle(make_bench: MakeBench) -> Iterator[ReaderBench]:
    """A bench whose driver has not been started."""
    bench = make_bench()
    yield bench
    bench.close()


@pytest.fixture
def bench(idle: ReaderBench) -> ReaderBench:
    idle.start()
    return idle
