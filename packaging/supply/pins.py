"""Locked requirements: which version of each package, and the hashes of its files. Pure.

A lock is a requirements file of pip (https://pip.pypa.io/en/stable/topics/secure-installs/): one
`name==version` for each package, and below it the SHA-256 of every file that one of the machines
Linli is for would take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
PYTHONS = {"3.11": 36, "3.12": 36, "3.13": 41}
"""Which Pythons, and the newest glibc (2.x) that may be asked for: Debian 12 has 3.11 and 2.36,
Debian 13 has 3.13 and 2.41."""
MACHINES = ("x86_64", "aarch64")


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of machine."""

    python: str
    machine: str
    glibc: int

    @property
    def markers(self) -> dict[str, str]:
        """What a requirement's condition sees there."""
        return {
            "implementation_name": "cpython",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "linux",
        }


TARGETS = tuple(
    Target(python, machine, glibc)
    for (python, glibc), machine in product(PYTHONS.items(), MACHINES)
)


@dataclass
class Pinned:
    """One package of a lock. `requires` are its own requirements, as its metadata has them."""

    name: str
    version: str
    hashes: set[str] = field(default_factory=set)
    requires: tuple[str, ...] = ()


Lock = dict[str, Pinned]
"""By canonical name."""


class LockError(ValueError):
    """A lock and what is asked of it do not fit; the text says what to change."""


def read_lock(text: str) -> Lock:
    """Raises LockError for a line that pins nothing."""
    lock: Lock = {}
    for line in text.replace("\\\n", " ").splitlines():
        words = line.partition("#")[0].strip()
        if not words:
            continue
        pin = PIN.match(words)
        if pin is None:
            raise LockError(f"{words!r} names no version: write name==version")
        lock[canonicalize_name(pin[1])] = Pinned(pin[1], pin[2], set(HASH.findall(words)))
    return lock


def write_lock(lock: Lock, preface: str = "") -> str:
    """Sorted, so that a change shows as few lines."""
    parts = [f"# {line}" for line in preface.splitlines()]
    for _, one in sorted(lock.items()):
        hashes = [f"--hash=sha256:{digest}" for digest in sorted(one.hashes)]
        parts.append(" \\\n    ".join([f"{one.name}=={one.version}", *hashes]))
    return "\n".join(parts) + "\n"


def preface_of(text: str) -> str:
    """The comment that a lock begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return "\n".join(lines)


def roots(project: Mapping[str, Any]) -> list[str]:
    """All that a pyproject.toml asks for: to run, to develop, to build."""
    table = project["project"]
    extras = table.get("optional-dependencies", {}).values()
    return [
        *table["dependencies"],
        *(one for extra in extras for one in extra),
        *project["build-system"]["requires"],
    ]


def reached(asked: Iterable[str], lock: Lock, targets: Iterable[Target] = TARGETS) -> set[str]:
    """What the requirements lead to, on any of the targets, whether it is in the lock or not."""
    return {name for target in targets for name in _reached(asked, lock, target)}


def missing(asked: Iterable[str], lock: Lock, targets: Iterable[Target] = TARGETS) -> set[str]:
    """Requirements on the way that the lock has no package for."""
    return {
        str(one)
        for target in targets
        for one in _walk(asked, lock, target)
        if canonicalize_name(one.name) not in lock
    }


def unmet(asked: Iterable[str], lock: Lock, targets: Iterable[Target] = TARGETS) -> set[str]:
    """Requirements on the way that the lock has another version for."""
    found = set()
    for target in targets:
        for one in _walk(asked, lock, target):
            pinned = lock.get(canonicalize_name(one.name))
            if pinned and not one.specifier.contains(pinned.version, prereleases=True):
                found.add(f"{one} (pinned: {pinned.version})")
    return found


def _reached(asked: Iterable[str], lock: Lock, target: Target) -> set[str]:
    return {canonicalize_name(one.name) for one in _walk(asked, lock, target)}


def _walk(asked: Iterable[str], lock: Lock, target: Target) -> list[Requirement]:
    """Every requirement from the first to the last, once for each set of extras."""
    waiting = [(Requirement(one), "") for one in asked]
    seen: dict[tuple[str, str], Requirement] = {}
    while waiting:
        one, extra = waiting.pop()
        if one.marker and not one.marker.evaluate({**target.markers, "extra": extra}):
            continue
        name = canonicalize_name(one.name)
        extras = ["", *sorted(one.extras)]
        key = (name, f"{one.specifier}[{','.join(extras)}]")
        if key in seen:
            continue
        seen[key] = one
        pinned = lock.get(name)
        for text in pinned.requires if pinned else ():
            waiting += [(Requirement(text), each) for each in extras]
    return list(seen.values())
