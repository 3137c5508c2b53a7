"""`python -m supply.lock`: locks what pyproject.toml asks for, with hashes.

What is pinned stays as it is; what is missing is pinned to the newest that fits; what nobody asks
for any more goes. To have another version, change it in requirements.txt (or delete the line) and
run this again. It asks pip, as pip is configured on this machine, which file each kind of machine
would take, of what has no hashes yet or is installed here in another version; with `--all` of
everything, as when there is a new kind of machine. Nothing is installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.pins import (
    TARGETS,
    Lock,
    LockError,
    Pinned,
    Target,
    missing,
    preface_of,
    reached,
    read_lock,
    roots,
    unmet,
    write_lock,
)

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.txt"
BUILDERS = ROOT / "packaging" / "builders.txt"
JUDGES = ROOT / "packaging" / "judges.txt"
BUILD_WITH = ("editables", "hatchling", "setuptools")
"""What packages without a wheel, and Linli itself, are built with."""
OLDEST_GLIBC = 5
AT_ONCE = 2
PREFACE = 'Written by `make lock`; see CONTRIBUTING.md, "Dependencies".'
BUILDERS_PREFACE = f"{PREFACE}\nInstalled first: what is not a wheel yet is built with these."


def main() -> None:
    every = "--all" in sys.argv[1:]
    asked = roots(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    try:
        lock = locked([*asked, *BUILD_WITH], read_lock(LOCK.read_text(encoding="utf-8")), every)
        judges = looked_up(read_lock(JUDGES.read_text(encoding="utf-8")), every)
    except LockError as error:
        sys.exit(str(error))
    preface = preface_of(JUDGES.read_text(encoding="utf-8"))
    builders = {name: lock[name] for name in reached(BUILD_WITH, lock)}
    LOCK.write_text(write_lock(lock, PREFACE), encoding="utf-8")
    BUILDERS.write_text(write_lock(builders, BUILDERS_PREFACE), encoding="utf-8")
    JUDGES.write_text(write_lock(judges, preface), encoding="utf-8")
    print(f"{len(lock)} packages, {sum(len(one.hashes) for one in lock.values())} files")


def locked(asked: Sequence[str], pins: Lock, every: bool = False) -> Lock:
    """All that the requirements lead to, with hashes. Raises LockError."""
    lock = looked_up(pins, every)
    while lacking := missing(asked, lock):
        print("new:", ", ".join(sorted(lacking)))
        lock |= look_up({}, lacking)
    if wrong := unmet(asked, lock):
        raise LockError("requirements.txt pins other versions than these: " + "; ".join(wrong))
    wanted = reached(asked, lock)
    if unasked := lock.keys() - wanted:
        print("nobody asks for these any more:", ", ".join(sorted(unasked)))
    return {name: lock[name] for name in wanted}


def looked_up(pins: Lock, every: bool) -> Lock:
    """The same with hashes, and with what each asks for in its turn."""
    known = {} if every else {name: one for name, one in pins.items() if one.hashes and _here(one)}
    unknown = {name: one for name, one in pins.items() if name not in known}
    return known | (look_up(unknown) if unknown else {})


def _here(one: Pinned) -> bool:
    """Whether this very version is installed; then what it asks for is known."""
    try:
        installed = distribution(one.name)
    except PackageNotFoundError:
        return False
    one.requires = tuple(installed.requires or ())
    return installed.version == one.version


def look_up(pins: Lock, more: Iterable[str] = ()) -> Lock:
    """What pip would take on each kind of machine, of what is pinned and of `more`."""
    wanted = [f"{one.name}=={one.version}" for one in pins.values()] + _newest(more)
    found: Lock = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for reported in pool.map(lambda target: _report(wanted, target), TARGETS):
            _gather(found, reported)
    return found


def _newest(requirements: Iterable[str]) -> list[str]:
    """One line for each package, without the conditions under which it is needed."""
    by_name: dict[str, Requirement] = {}
    for one in map(Requirement, requirements):
        known = by_name.setdefault(canonicalize_name(one.name), one)
        known.specifier &= one.specifier
    return [f"{one.name}{one.specifier}" for one in by_name.values()]


def _report(wanted: Sequence[str], target: Target) -> list[dict[str, Any]]:
    """Raises LockError."""
    with tempfile.TemporaryDirectory() as nowhere:
        report = Path(nowhere) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--dry-run", "--ignore-installed", "--no-deps", "--no-build-isolation"]
        command += ["--target", nowhere, "--report", str(report)]
        command += ["--python-version", target.python, "--implementation", "cp"]
        for tag in _platforms(target):
            command += ["--platform", tag]
        done = subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)
        if done.returncode:
            where = f"Python {target.python}, {target.machine}"
            raise LockError(f"pip found no file for {where}:\n{done.stderr[-2000:]}")
        found: list[dict[str, Any]] = json.loads(report.read_text())["install"]
        return found


def _platforms(target: Target) -> list[str]:
    """PEP 600: whoever has a newer glibc takes wheels for all older ones."""
    named = ["manylinux2014", "manylinux2010", "manylinux1", "linux"]
    numbered = [f"manylinux_2_{minor}" for minor in range(target.glibc, OLDEST_GLIBC - 1, -1)]
    return [f"{name}_{target.machine}" for name in [*numbered, *named]]


def _gather(found: Lock, reported: Iterable[dict[str, Any]]) -> None:
    for one in reported:
        told, file = one["metadata"], one["download_info"]
        name = canonicalize_name(told["name"])
        kept = found.setdefault(name, Pinned(told["name"], told["version"]))
        if kept.version != told["version"]:
            raise LockError(
                f"{name} {kept.version} is not for all Pythons (another takes {told['version']}):"
                f" pin one in requirements.txt that is"
            )
        kept.requires = tuple(dict.fromkeys([*kept.requires, *told.get("requires_dist", ())]))
        kept.hashes.add(file["archive_info"]["hashes"]["sha256"])


if __name__ == "__main__":
    main()
