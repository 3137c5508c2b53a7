"""Small programs of the system that are asked and answer in text: amixer, ddcutil, vcgencmd."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence

PATIENCE_S = 5.0
Run = Callable[[Sequence[str]], str]
"""`run(["amixer", "scontrols"])`: what it prints. Raises ProgramError."""


class ProgramError(OSError):
    """It is not there, said no, or did not end; the text says which, in its own last line."""


def run(command: Sequence[str]) -> str:
    """A `Run` on this computer, in the language of programs."""
    try:
        done = subprocess.run(
            list(command),
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError as error:
        raise ProgramError(f"{command[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise ProgramError(f"{command[0]} did not end within {PATIENCE_S:.0f} s") from error
    except OSError as error:
        raise ProgramError(f"{command[0]} does not start: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ProgramError(f"{command[0]}: {said[-1] if said else done.returncode}")
    return done.stdout.decode(errors="replace")
