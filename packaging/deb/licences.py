"""Lists the packages of a directory with their licences: `licences.py DIRECTORY`.

Their whole texts stay beside each package, in its `.dist-info`.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, distributions


def licence_of(package: Distribution) -> str:
    """As the package's metadata says it (PEP 639 first, then the older ways)."""
    told = package.metadata
    classified = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    old = (told.get("License") or "").strip()
    short = old if old and "\n" not in old and len(old) < 80 else ""
    return told.get("License-Expression") or short or "; ".join(classified) or "see its files"


def main() -> None:
    found = {one.name: one for one in distributions(path=[sys.argv[1]])}
    for name in sorted(found, key=str.lower):
        if name != "linli":
            print(f"{name} {found[name].version}: {licence_of(found[name])}")


if __name__ == "__main__":
    main()
