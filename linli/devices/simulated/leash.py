"""A program that ends when we end, however we do."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Sequence

KEEPER = """
exec 3<"/dev/fd/$1" 4<&0 5>&2 2>/dev/null
shift
"$@" <&4 2>&5 3<&- & program=$!
(read -r _ <&3; kill -9 $program) & watcher=$!
wait $program
kill $watcher
"""
"""A shell in between: it waits at a pipe whose other end only we hold."""
SHELLS_OWN = 10
"""Descriptors below are the shell's."""


class Leashed:
    """`command`, with descriptors that are `passed` on under numbers of 10 and more."""

    def __init__(
        self, command: Sequence[str], passed: Sequence[int] = (), stdio: int | None = None
    ) -> None:
        """`stdio` becomes its standard input and output."""
        end, self._leash = os.pipe()
        held = out_of_the_way(end)
        try:
            self._process = subprocess.Popen(
                ["sh", "-c", KEEPER, "leash", str(held), *command],
                stdin=subprocess.DEVNULL if stdio is None else stdio,
                stdout=stdio,
                pass_fds=(held, *passed),
                start_new_session=True,
            )
        except BaseException:
            os.close(self._leash)
            raise
        finally:
            os.close(held)

    @property
    def pid(self) -> int:
        """Of the shell; the program is its child."""
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """Between any two instructions; returns when it has ended. May be called once."""
        os.close(self._leash)
        self._process.wait()


def out_of_the_way(descriptor: int) -> int:
    """A copy in place of it, with a number that the shell does not use itself."""
    copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, SHELLS_OWN)
    os.close(descriptor)
    return copy
