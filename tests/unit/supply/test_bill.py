"""What is carried along is listed, and may be carried."""

from __future__ import annotations

import datetime as dt
import json
from email.message import Message
from importlib.metadata import Distribution, distribution
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6
from supply.bill import bill
from supply.licences import BY_ITSELF, LOOKED_INTO, PERMISSIVE, LicenceError, licence_of
from supply.runtime import runtime

MOMENT = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)


class Said(Distribution):
    """A package that says this of its licence."""

    def __init__(self, **fields: str) -> None:
        self._message = Message()
        self._message["Name"] = fields.pop("name", "some")
        for name, value in fields.items():
            self._message[name.replace("_", "-")] = value

    @property
    def metadata(self) -> Any:
        return self._message

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: Any) -> Any:
        raise FileNotFoundError(path)


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    text = JsonV1Dot6(bill(runtime(), MOMENT)).output_as_string()
    told: dict[str, Any] = json.loads(text)
    return told


def test_every_package_that_is_carried_may_be() -> None:
    known = {*PERMISSIVE, *BY_ITSELF, *LOOKED_INTO.values()}
    for name in runtime():
        words = licence_of(distribution(name)).replace(" AND ", " OR ").split(" OR ")
        assert set(words) <= known, name


@pytest.mark.parametrize(
    "fields",
    [
        {"License_Expression": "GPL-3.0-only"},
        {"License": "MIT AND AGPL-3.0-only"},
        {"Classifier": "License :: Other/Proprietary License"},
        {},
    ],
)
def test_a_licence_that_is_not_on_the_list_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(LicenceError, match="some says of its licence"):
        licence_of(Said(**fields))


def test_of_several_licences_those_are_chosen_that_may_be() -> None:
    assert licence_of(Said(License_Expression="GPL-2.0-only OR MIT")) == "MIT"
    assert licence_of(Said(License="Apache 2.0")) == "Apache-2.0"


def test_the_bill_names_each_package_with_version_and_licence(listed: dict[str, Any]) -> None:
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    assert listed["metadata"]["component"]["name"] == "linli"
    parts = {one["name"]: one for one in listed["components"]}
    for one in runtime().values():
        assert parts[one.name]["version"] == one.version
    assert all(one["licenses"] for one in parts.values())
    assert {"django-htmx", "pymonocypher"} < parts.keys()
    assert "pytest" not in parts, "only what the program runs on"


def test_the_bill_says_what_needs_what(listed: dict[str, Any]) -> None:
    needs = {one["ref"]: one.get("dependsOn", []) for one in listed["dependencies"]}
    assert len(needs["linli"]) == len(listed["components"])
    (tuf,) = [ref for ref in needs if ref.startswith("pkg:pypi/tuf@")]
    assert any(ref.startswith("pkg:pypi/securesystemslib@") for ref in needs[tuf])


def test_the_same_lock_makes_the_same_bill(listed: dict[str, Any]) -> None:
    again = json.loads(JsonV1Dot6(bill(runtime(), MOMENT)).output_as_string())
    assert again == listed
