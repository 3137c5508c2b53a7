"""Peers that are Python programs: each in a virtual environment of its own, no part of Linli."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


class NoPeerError(RuntimeError):
    """A peer is not to be had on this machine; the text says why."""


def run_peer(environment: Path, name: str, *arguments: str, given: str = "") -> str:
    """What `{name}_peer.py` prints when it reads `given`. Its environment is made where there is
    none, from `{name}-requirements.txt`. Raises NoPeerError."""
    python = environment / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(environment)])
    requirements = str(HERE / f"{name}-requirements.txt")
    _run([str(python), "-m", "pip", "install", "--quiet", "-r", requirements])
    # -P: or what lies beside the program would be found for what it imports.
    return _run([str(python), "-P", str(HERE / f"{name}_peer.py"), *arguments], given)


def _run(command: list[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "no word").splitlines()[-1]
        raise NoPeerError(f"the peer cannot be run: {last}")
    return done.stdout
