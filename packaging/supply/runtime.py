"""`python -m supply.runtime`: the part of requirements.txt that the program itself runs on, for the
Python and machine this is run with. The Debian package and the wheels of an update hold this and
nothing else."""

from __future__ import annotations

import platform
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires

from supply.lock import LOCK, ROOT
from supply.pins import Lock, LockError, Target, missing, reached, read_lock, write_lock


def here() -> Target:
    major, minor = sys.version_info[:2]
    return Target(f"{major}.{minor}", platform.machine(), 0)


def runtime() -> Lock:
    """Raises LockError where the lock, or this environment, lacks a package."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    lock = read_lock(LOCK.read_text("utf-8"))
    for name, one in lock.items():
        try:
            one.requires = tuple(requires(name) or ())
        except PackageNotFoundError:
            one.requires = ()  # for another Python or machine, or `missing` will say so
    if lacking := missing(asked, lock, [here()]):
        raise LockError(f"not in requirements.txt: {', '.join(lacking)}. Run `make lock`")
    return {name: lock[name] for name in reached(asked, lock, [here()])}


def main() -> None:
    try:
        print(write_lock(runtime()), end="")
    except LockError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
