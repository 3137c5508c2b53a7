"""Under which licences the packages stand, and which of them a product under Apache-2.0 may carry.

`python -m supply.licences LOCK` lists the packages of a lock with their licences. The whole texts
stay beside each package, in its `.dist-info`.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

from supply.pins import read_lock

PERMISSIVE = {
    "0BSD": {"0BSD"},
    "Apache-2.0": {"Apache-2.0", "Apache 2.0", "Apache Software License"},
    "BSD-2-Clause": {"BSD-2-Clause", "BSD 2-Clause License"},
    "BSD-3-Clause": {"BSD-3-Clause", "BSD", "BSD License"},
    "ISC": {"ISC", "ISC License"},
    "MIT": {"MIT", "MIT License"},
    "MIT-0": {"MIT-0"},
    "MIT-CMU": {"MIT-CMU"},
    "PSF-2.0": {"PSF-2.0", "PSFL"},
}
"""By SPDX's name, with the ways in which packages say it."""
BY_ITSELF = {
    "LGPL-2.1-or-later": {"LGPL-2.1-or-later"},
    "LGPL-3.0-only": {"LGPL-3.0-only"},
    "MPL-2.0": {"MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"},
}
"""These ask that changes to the package itself be published. It is carried unchanged, as a package
of its own that can be exchanged."""
LOOKED_INTO = {
    "docutils": "LicenseRef-docutils",
    "nfcpy": "EUPL-1.1",
    "pyscard": "LGPL-2.1-or-later",
}
"""What these say of themselves is not exact. docutils: public domain and BSD; the one file under
the GPL is for an editor and is not in the wheel. nfcpy: EUPL 1.1, carried unchanged as it is
published (article 5 binds who changes or extends it). pyscard: its classifier says LGPL 2 or later,
its files 2.1 or later."""

SAID_IN = ("License", "License-Expression")


class LicenceError(ValueError):
    """A package may not be carried, or it is not known whether it may."""


def told_by(package: Distribution) -> str:
    """As the package's metadata says it (PEP 639 first, then the older ways)."""
    told = package.metadata
    classified = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    old, expression = ((told.get_all(field) or [""])[0].strip() for field in SAID_IN)
    short = old if old and "\n" not in old and len(old) < 80 else ""
    return expression or short or "; ".join(classified) or "nothing"


def licence_of(package: Distribution) -> str:
    """In SPDX's words. Raises LicenceError for one that is in none of the lists above."""
    if package.name in LOOKED_INTO:
        return LOOKED_INTO[package.name]
    told = told_by(package)
    named = {told: spdx for spdx, ways in {**PERMISSIVE, **BY_ITSELF}.items() for told in ways}
    choices = [
        [named.get(part) for part in re.split(r" AND ", choice)]
        for choice in re.split(r" OR ", told)
    ]
    allowed = [" AND ".join(map(str, parts)) for parts in choices if None not in parts]
    if not allowed:
        raise LicenceError(
            f"{package.name} says of its licence: {told}. Look into it, and either take another"
            " package or name it in packaging/supply/licences.py"
        )
    return " OR ".join(allowed)


def main() -> None:
    for name, pinned in sorted(read_lock(Path(sys.argv[1]).read_text(encoding="utf-8")).items()):
        print(f"{pinned.name} {pinned.version}: {licence_of(distribution(name))}")


if __name__ == "__main__":
    main()
