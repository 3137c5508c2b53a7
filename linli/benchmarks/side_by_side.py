"""The same work done by several processes at once, as several workers of the ledger do it."""

from __future__ import annotations

import multiprocessing as mp
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

Share = TypeVar("Share")
READY_S = 120.0


class WorkerError(RuntimeError):
    """A process ended without its result; what it said is above."""


def side_by_side(
    work: Callable[[Share, Callable[[], None]], None], shares: Sequence[Share]
) -> float:
    """One process for each share. Each prepares itself, calls the function that it is given, which
    waits for the others, and does its work. Returns the seconds from the first's beginning to the
    last's end. `work` is a function of a module, and shares can be pickled. Raises WorkerError."""
    context = mp.get_context("spawn")  # a fork would share connections to the database
    barrier = context.Barrier(len(shares))
    results = context.Queue()
    processes = [
        context.Process(target=_run, args=(work, share, barrier, results)) for share in shares
    ]
    with _started(processes):
        spans: list[tuple[float, float]] = []
        while len(spans) < len(processes):
            spans += [results.get() for _ in range(results.qsize())]
            if any(process.exitcode for process in processes):
                raise WorkerError("a worker of the benchmark failed")
            time.sleep(0.01)
    return max(end for _, end in spans) - min(begin for begin, _ in spans)


@contextmanager
def _started(processes: Sequence[mp.process.BaseProcess]) -> Iterator[None]:
    for process in processes:
        process.start()
    try:
        yield
    except BaseException:
        for process in processes:
            process.kill()
        raise
    finally:
        for process in processes:
            process.join()


def _run(
    work: Callable[[Share, Callable[[], None]], None],
    share: Share,
    barrier: mp.synchronize.Barrier,
    results: mp.queues.Queue[tuple[float, float]],
) -> None:
    began = 0.0

    def ready() -> None:
        nonlocal began
        barrier.wait(READY_S)
        began = time.monotonic()  # the machine's: all processes have the same

    work(share, ready)
    results.put((began, time.monotonic()))
