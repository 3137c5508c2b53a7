"""`python -m supply.bill LOCK`: what the Debian package and the wheels of an update carry, as a
CycloneDX 1.6 bill of materials in JSON (https://cyclonedx.org/docs/1.6/json/), the same for the
same lock and commit. Its time is SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/)."""

from __future__ import annotations

import datetime as dt
import os
import sys
import uuid
from importlib.metadata import distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import linli
from linli.assets import build_browser
from linli.firmware_bridge import build_monocypher
from supply.licences import licence_of
from supply.pins import Lock, Pinned, read_lock
from supply.runtime import here

NAMESPACE = uuid.UUID("5a1d3c56-6a9e-4f0b-9d3e-3a4f6f2b7c11")
"""Ours, made once at random: a bill's serial number is derived in it from what is in the bill."""


def bill(lock: Lock, moment: dt.datetime) -> Bom:
    ours = Component(
        type=ComponentType.APPLICATION,
        name="linli",
        version=linli.__version__,
        bom_ref="linli",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    packages = {name: _package(name, pinned) for name, pinned in lock.items()}
    inside = [*packages.values(), *_carried_inside()]
    serial = uuid.uuid5(NAMESPACE, " ".join(str(one.purl) for one in [ours, *inside]))
    metadata = BomMetaData(component=ours, timestamp=moment)
    bom = Bom(serial_number=serial, metadata=metadata, components=inside)
    bom.register_dependency(ours, inside)
    for name, component in packages.items():
        needed = _needed(name)
        bom.register_dependency(component, [packages[one] for one in needed if one in packages])
    return bom


def _package(name: str, pinned: Pinned) -> Component:
    installed = distribution(name)
    if installed.version != pinned.version:
        sys.exit(f"{name} {pinned.version} is locked, {installed.version} installed: `make setup`")
    purl = PackageURL("pypi", name=name, version=pinned.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=pinned.name,
        version=pinned.version,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(licence_of(installed))],
    )


def _needed(name: str) -> set[str]:
    target = here().markers
    asked = [Requirement(text) for text in distribution(name).requires or ()]
    wanted = [
        one for one in asked if not one.marker or one.marker.evaluate({**target, "extra": ""})
    ]
    return {canonicalize_name(one.name) for one in wanted}


def _carried_inside() -> list[Component]:
    """What is in our own package and not of our own."""
    return [
        _from_pinned(build_browser.PACKAGE, build_browser.WHEEL, "0BSD"),
        _from_pinned(build_monocypher.PACKAGE, build_monocypher.ARCHIVE, "BSD-2-Clause OR CC0-1.0"),
        Component(
            type=ComponentType.DATA,
            name="Noto Sans CJK SC, the characters that are used",
            bom_ref="noto-sans-cjk",
            licenses=[LicenseFactory().make_from_string("OFL-1.1")],
        ),
    ]


def _from_pinned(package: str, digest: str, licence: str) -> Component:
    """A file out of a package that was fetched by its hash."""
    name, _, version = package.partition("==")
    purl = PackageURL("pypi", name=name, version=version)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        bom_ref=str(purl),
        purl=purl,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[LicenseFactory().make_from_string(licence)],
    )


def main() -> None:
    lock = read_lock(Path(sys.argv[1]).read_text("utf-8"))
    moment = dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), dt.UTC)
    print(JsonV1Dot6(bill(lock, moment)).output_as_string(indent=1))


if __name__ == "__main__":
    main()
