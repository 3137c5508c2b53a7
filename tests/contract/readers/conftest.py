"""Each test of the contract is run on every bench."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.contract.readers import pcscd
from tests.contract.readers.acr122u_bench import Acr122uBench
from tests.contract.readers.bench import ReaderBench
from tests.contract.readers.pcsc_bench import PcscBench
from tests.contract.readers.pn532_bench import Pn532Bench
from tests.contract.readers.wedge_bench import WedgeBench

MakeBench = Callable[..., ReaderBench]
BENCHES: dict[str, MakeBench] = {
    "pn532": Pn532Bench,
    "acr122u": Acr122uBench,
    "pcsc": PcscBench,
    "wedge": WedgeBench,
}
READING = [name for name in BENCHES if name != "wedge"]
"""Those that read what is on a card."""


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pcscd.Pcscd]:
    """The PC/SC service, not yet started; skips where it cannot be."""
    lacking = pcscd.lacking()
    if lacking is not None:
        pytest.skip(lacking)
    service = pcscd.Pcscd(tmp_path_factory.mktemp("pcscd"))
    yield service
    service.stop()


@pytest.fixture(params=BENCHES)
def make_bench(request: pytest.FixtureRequest, tmp_path: Path) -> MakeBench:
    """Makes a bench in a directory of its own; a `monotonic` clock may be given."""
    return _maker(request, tmp_path)


@pytest.fixture(params=READING)
def reading(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReaderBench]:
    """A started bench of a reader that reads messages."""
    bench = _maker(request, tmp_path)()
    bench.start()
    yield bench
    bench.close()


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


def _maker(request: pytest.FixtureRequest, directory: Path) -> MakeBench:
    make = BENCHES[request.param]
    if make is PcscBench:
        make = partial(PcscBench, service=request.getfixturevalue("service"))
    return partial(make, directory)
