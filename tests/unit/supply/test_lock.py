"""What is installed is what was locked, and all that is asked for is locked."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires

import pytest
from supply.lock import BUILD_WITH, BUILDERS, JUDGES, LOCK, ROOT
from supply.pins import (
    MACHINES,
    PYTHONS,
    TARGETS,
    Lock,
    LockError,
    Pinned,
    missing,
    preface_of,
    reached,
    read_lock,
    roots,
    unmet,
    write_lock,
)

FILES = (LOCK, BUILDERS, JUDGES)
A, B = "a" * 64, "b" * 64


def asked() -> list[str]:
    return roots(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))


@pytest.fixture(scope="module")
def lock() -> Lock:
    """The product's own, with what each package asks for where it is installed here."""
    lock = read_lock(LOCK.read_text("utf-8"))
    for name, one in lock.items():
        try:
            one.requires = tuple(requires(name) or ())
        except PackageNotFoundError:
            continue
    return lock


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_package_is_locked_by_hash(path: object) -> None:
    assert path in FILES
    lock = read_lock(FILES[FILES.index(path)].read_text("utf-8"))
    assert lock
    assert [one.name for one in lock.values() if not one.hashes] == []


def test_all_that_is_asked_for_is_locked_on_every_machine_and_python(lock: Lock) -> None:
    assert missing([*asked(), *BUILD_WITH], lock) == set()
    assert unmet(asked(), lock) == set()


def test_nothing_is_locked_that_nobody_asks_for(lock: Lock) -> None:
    assert lock.keys() - reached([*asked(), *BUILD_WITH], lock) == set()


def test_compiled_packages_have_a_file_for_each_machine_and_python(lock: Lock) -> None:
    assert len(lock["msgspec"].hashes) == len(MACHINES) * len(PYTHONS)


def test_builders_are_what_the_lock_has_of_them(lock: Lock) -> None:
    builders = read_lock(BUILDERS.read_text("utf-8"))
    assert {"setuptools", "hatchling"} <= builders.keys()
    for name, one in builders.items():
        assert (one.version, one.hashes) == (lock[name].version, lock[name].hashes)


def test_set_up_takes_nothing_without_a_hash() -> None:
    text = (ROOT / "packaging" / "setup.sh").read_text("utf-8")
    installs = [line for line in text.splitlines() if line.startswith("pip ") and "-r " in line]
    assert len(installs) == len(FILES)
    assert all("--require-hashes" in line for line in installs)


def test_a_lock_is_read_as_it_was_written() -> None:
    lock = {"b-c": Pinned("B_c", "2", {B, A}), "a": Pinned("a", "1.0.post1", {A})}
    text = write_lock(lock, "Of two\nlines.")
    assert read_lock(text) == lock
    assert preface_of(text) == "Of two\nlines."
    assert text.index("a==1.0") < text.index("B_c==2")


def test_a_line_without_a_version_is_named() -> None:
    with pytest.raises(LockError, match="'b>=2' names no version"):
        read_lock("a==1\nb>=2\n")


def test_extras_and_conditions_lead_where_they_hold() -> None:
    lock = {
        "a": Pinned("a", "1", {A}, ("b; extra == 'more'", "c; python_version >= '3.13'")),
        "b": Pinned("b", "1", {A}),
    }
    assert reached(["a"], lock) == {"a", "c"}
    assert reached(["a[more]"], lock) == {"a", "b", "c"}
    assert reached(["a"], lock, TARGETS[:1]) == {"a"}
    assert {one.split(";")[0] for one in missing(["a"], lock)} == {"c"}


def test_a_pin_that_does_not_fit_is_named_with_what_asks_for_it() -> None:
    lock = {"a": Pinned("a", "1", {A}, ("b>=2",)), "b": Pinned("b", "1.5", {A})}
    assert unmet(["a"], lock) == {"b>=2 (pinned: 1.5)"}


def test_packages_that_ask_for_each_other_come_to_an_end() -> None:
    lock = {"a": Pinned("a", "1", {A}, ("b",)), "b": Pinned("b", "1", {A}, ("a[x]",))}
    assert reached(["a"], lock) == {"a", "b"}
