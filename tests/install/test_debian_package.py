"""The Debian package, installed in a Debian 12 that has nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIRROR = "http://deb.debian.org/debian"
SUITE = "bookworm"
UNITS = ("linli-kiosk", "linli-board", "linli-ledger")
EXPOSURE = 20
"""Tenths of systemd's own measure, from 0 to 100: below it is what systemd calls OK."""

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a root directory of its own"),
]


class CleanDebian:
    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *command: str, check: bool = True) -> str:
        """In it; what was printed, errors as well."""
        done = subprocess.run(
            ["chroot", str(self.root), *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert not check or done.returncode == 0, done.stdout
        return done.stdout

    def exists(self, path: str) -> bool:
        return (self.root / path.removeprefix("/")).exists()


def made(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanDebian]:
    package = made("packaging/deb/build.sh", sys.prefix).split()[-1]
    root = tmp_path_factory.mktemp("debian")
    made("debootstrap", "--variant=minbase", SUITE, str(root), MIRROR)
    made("mount", "-t", "proc", "proc", str(root / "proc"))
    try:
        inside = root / "linli.deb"
        inside.write_bytes((ROOT / package).read_bytes())
        debian = CleanDebian(root)
        debian.run("apt-get", "update", "-qq")
        debian.run(*("apt-get", "install", "-y", "-qq", "--no-install-recommends", "/linli.deb"))
        yield debian
    finally:
        made("umount", str(root / "proc"))


def test_it_brings_all_that_the_program_needs(debian: CleanDebian) -> None:
    version = (ROOT / "linli" / "__init__.py").read_text().split('"')[-2]
    assert debian.run("linli", "version").strip() == version
    modules = "linli.kiosk.terminal, linli.kiosk.app, linli.ledger.running, typst, kivy.graphics"
    debian.run(
        *("env", "PYTHONPATH=/usr/lib/linli/python", "KIVY_NO_ARGS=1"),
        *("python3", "-s", "-c", f"import {modules}"),
    )


def test_its_bill_of_materials_lists_what_is_in_it(debian: CleanDebian) -> None:
    bill = json.loads((debian.root / "usr/share/doc/linli/sbom.cdx.json").read_text())
    listed = {
        (one["name"], one["version"])
        for one in bill["components"]
        if one["name"] not in ("django-htmx", "pymonocypher") and "version" in one
    }
    carried = distributions(path=[str(debian.root / "usr/lib/linli/python")])
    assert listed == {(one.name, one.version) for one in carried if one.name != "linli"}


def test_a_ledger_is_begun_with_what_it_carries(debian: CleanDebian) -> None:
    standard = "/usr/lib/linli/python/linli/assets/points-standard.yaml"
    database = "sqlite:////var/lib/linli/ledger.db"
    debian.run("linli", "ledger", "import-standard", standard, "--database", database)
    assert debian.exists("/var/lib/linli/ledger.db")
    debian.run("linli", "ledger", "verify", "--database", database)


def test_its_units_are_sound_and_shut_off_from_the_rest_of_the_machine(
    debian: CleanDebian,
) -> None:
    named = [*(f"{unit}.service" for unit in UNITS), "linli-reboot.path", "linli-reboot.service"]
    units = [f"/usr/lib/systemd/system/{unit}" for unit in named]
    assert debian.run("systemd-analyze", "verify", *units).strip() == ""
    for unit in UNITS:
        debian.run(
            *("systemd-analyze", "security", "--no-pager", "--offline=yes"),
            *(f"--threshold={EXPOSURE}", f"{unit}.service"),
        )


def test_the_programs_start_by_themselves_once_they_are_set_up(debian: CleanDebian) -> None:
    for unit in UNITS:
        assert debian.exists(f"/usr/lib/systemd/system/{unit}.service")
    for unit in (*(f"{unit}.service" for unit in UNITS), "linli-reboot.path"):
        wanted = debian.root / "etc/systemd/system/multi-user.target.wants" / unit
        assert wanted.is_symlink()


def test_settings_are_read_by_nobody_but_the_program(debian: CleanDebian) -> None:
    seen = debian.run("stat", "-c", "%U %G %a", "/etc/linli", "/var/lib/linli")
    assert seen.splitlines() == ["root linli 750", "linli linli 700"]


def test_purging_it_keeps_the_records(debian: CleanDebian) -> None:
    """The last test: the package is gone after it."""
    kept = debian.root / "var/lib/linli/terminal.db"
    kept.write_bytes(b"what was not sent yet")
    debian.run("apt-get", "purge", "-y", "-qq", "linli")
    assert kept.read_bytes() == b"what was not sent yet"
    assert not debian.exists("/usr/lib/linli/python/linli")
