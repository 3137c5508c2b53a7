"""The cases of TUF's conformance suite, over a repository of our own: that suite wants a program
that it can run, and is in no package registry. Left out are its cases about delegated roles, which
we refuse altogether (the last test of `test_update_fetching.py`), and about foreign repositories.
Those about signatures and about what is fetched stand in files of their own beside this one.

Each test says what the client must believe in the end, and not only whether it refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conforming import Client, without_signatures
from repository import Repository, in_days
from tuf.api.metadata import MetaFile

from linli.sync.updates import Refusal

# --- what is asked for, and what is believed --------------------------------------------------


def test_update_client_asks_for_what_the_specification_says_in_that_order(
    repository: Repository, client: Client
) -> None:
    repository.rotate("timestamp")
    repository.write()
    assert client.refresh() is None
    first = ["2.root", "3.root", "timestamp", "1.snapshot", "1.targets"]
    assert client.asked == [f"metadata/{name}.json" for name in first]
    client.asked.clear()
    assert client.refresh() is None
    assert client.asked == ["metadata/3.root.json", "metadata/timestamp.json"]


@pytest.mark.parametrize("role", ["root", "timestamp", "snapshot", "targets"])
def test_update_client_keeps_metadata_byte_for_byte(
    repository: Repository, client: Client, role: str
) -> None:
    assert client.refresh() is None
    name = role if role == "timestamp" else f"1.{role}"
    assert client.bytes_of(role) == repository.file(name).read_bytes()


def test_update_client_refreshes_before_it_fetches(client: Client) -> None:
    assert client.download() is None
    assert client.version("targets") == 1


@pytest.mark.parametrize("root", [b"", b"{}", b'{"signed": {}, "signatures": []}'])
def test_update_client_does_not_begin_with_what_is_no_root(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bytes
) -> None:
    client = Client(tmp_path, repository, monkeypatch, root)
    assert client.refresh() is Refusal.MALFORMED
    assert client.asked == []


def test_update_client_does_not_begin_with_a_root_that_nobody_signed(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = without_signatures(repository.file("1.root"))
    client = Client(tmp_path, repository, monkeypatch, root)
    assert client.refresh() is Refusal.NOT_SIGNED
    assert client.asked == []


@pytest.mark.parametrize(
    ("role", "believed"),
    [
        ("root", {"root": 1, "timestamp": None, "snapshot": None, "targets": None}),
        ("timestamp", {"root": 1, "timestamp": None, "snapshot": None, "targets": None}),
        ("snapshot", {"root": 1, "timestamp": 1, "snapshot": None, "targets": None}),
        ("targets", {"root": 1, "timestamp": 1, "snapshot": 1, "targets": None}),
    ],
)
def test_update_client_does_not_believe_what_nobody_signed(
    repository: Repository, client: Client, role: str, believed: dict[str, int | None]
) -> None:
    if role == "root":
        repository.root.version += 1
        repository.write_root()
    name = {"root": "2.root", "timestamp": "timestamp"}.get(role, f"1.{role}")
    without_signatures(repository.file(name))
    assert client.refresh() is Refusal.NOT_SIGNED
    assert {part: client.version(part) for part in believed} == believed


@pytest.mark.parametrize("role", ["root", "snapshot", "targets"])
def test_update_client_does_not_believe_another_version_than_it_asked_for(
    repository: Repository, client: Client, role: str
) -> None:
    part = getattr(repository, role)
    part.version += 1
    repository.write_root() if role == "root" else repository.write()
    right = repository.file(f"{part.version}.{role}").read_bytes()
    repository.file(f"{part.version - 1}.{role}").write_bytes(right)
    part.version += 1
    repository.write_root() if role == "root" else repository.write()
    repository.file(f"{part.version}.{role}").write_bytes(right)
    assert client.refresh() is Refusal.OLDER
    assert client.version(role) == (2 if role == "root" else None)


def test_update_client_takes_no_other_timestamp_of_the_same_version(
    repository: Repository, client: Client
) -> None:
    assert client.refresh() is None
    before = client.bytes_of("timestamp")
    repository.snapshot.version += 1
    repository.write()
    assert client.refresh() is None
    assert client.bytes_of("timestamp") == before
    assert client.version("snapshot") == 1


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_update_client_without_a_file_of_the_repository_believes_what_came_before(
    repository: Repository, client: Client, role: str
) -> None:
    repository.file(role if role == "timestamp" else f"1.{role}").unlink()
    assert client.refresh() == "not-reached"
    order = ["timestamp", "snapshot", "targets"]
    assert client.version(role) is None
    assert all(client.version(one) == 1 for one in order[: order.index(role)])


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_update_client_does_not_believe_metadata_of_another_role(
    repository: Repository, client: Client, role: str
) -> None:
    name = role if role == "timestamp" else f"1.{role}"
    repository.file(name).write_bytes(repository.file("1.root").read_bytes())
    assert client.refresh() is Refusal.MALFORMED
    assert client.version(role) is None


def test_update_client_takes_fields_that_it_does_not_know(
    repository: Repository, client: Client
) -> None:
    parts = (repository.root, repository.timestamp, repository.snapshot, repository.targets)
    for part in parts:
        part.unrecognized_fields["later"] = {"added": [1, "two"]}
    repository.root.version += 1
    repository.write_root()
    repository.write()
    assert client.refresh() is None
    assert json.loads(client.bytes_of("root"))["signed"]["later"] == {"added": [1, "two"]}


def test_update_client_takes_keys_with_hash_algorithms_of_old(
    repository: Repository, client: Client
) -> None:
    for key in repository.root.keys.values():
        key.unrecognized_fields["keyid_hash_algorithms"] = ["sha256", "sha512"]
    repository.root.version += 1
    repository.write_root()
    assert client.refresh() is None


# --- hashes and lengths of metadata -----------------------------------------------------------


def test_update_client_takes_metadata_whose_hashes_are_told(
    repository: Repository, client: Client
) -> None:
    repository.tells_hashes = True
    repository.publish()
    assert client.refresh() is None
    assert client.version("targets") == 2


@pytest.mark.parametrize("role", ["snapshot", "targets"])
@pytest.mark.parametrize(
    "wrong",
    [MetaFile(2, hashes={"sha256": "0" * 64}), MetaFile(2, length=1)],
    ids=["hash", "length"],
)
def test_update_client_does_not_believe_metadata_of_another_hash_or_length(
    repository: Repository, client: Client, role: str, wrong: MetaFile
) -> None:
    repository.tells_hashes = True
    repository.publish()
    if role == "targets":
        repository.snapshot.meta["targets.json"] = wrong
    else:
        repository.timestamp.snapshot_meta = wrong
    for part in ("snapshot", "timestamp"):
        name = part if part == "timestamp" else f"2.{part}"
        data = repository._signed(getattr(repository, part), part)
        if role == "targets" and part == "snapshot":
            repository.timestamp.snapshot_meta = MetaFile(2)
        repository.file(name).write_bytes(data)
    refused = client.refresh()
    assert refused in (Refusal.DAMAGED, "not-reached")  # the longer one is cut off
    assert client.version(role) is None


# --- expiry -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "believed"),
    [
        ("root", {"root": 2, "timestamp": 1, "snapshot": 1, "targets": 1}),
        ("timestamp", {"timestamp": 1, "snapshot": 1, "targets": 1}),
        ("snapshot", {"timestamp": 2, "snapshot": 1, "targets": 1}),
        ("targets", {"timestamp": 2, "snapshot": 2, "targets": 1}),
    ],
)
def test_update_client_stops_at_what_has_expired(
    repository: Repository, client: Client, role: str, believed: dict[str, int]
) -> None:
    assert client.refresh() is None
    getattr(repository, role).expires = in_days(-1)
    if role == "root":
        repository.root.version += 1
        repository.write_root()
    repository.publish()
    assert client.refresh() is Refusal.EXPIRED
    assert {part: client.version(part) for part in believed} == believed


@pytest.mark.parametrize("role", ["root", "timestamp"])
def test_update_client_goes_on_from_something_of_its_own_that_has_expired(
    repository: Repository, client: Client, role: str
) -> None:
    assert client.refresh() is None
    part = getattr(repository, role)
    right, part.expires = part.expires, in_days(-1)
    part.version += 1
    repository.write_root() if role == "root" else repository.write()
    assert client.refresh() is Refusal.EXPIRED
    part.expires = right
    part.version += 1
    repository.write_root() if role == "root" else repository.write()
    assert client.refresh() is None
    assert client.version(role) == 3


# --- going back, and coming back from having gone too far --------------------------------------


def back(role: str) -> Callable[[Repository], None]:
    def to_version_1(repository: Repository) -> None:
        repository.publish()
        getattr(repository, role).version = 1
        repository.write()

    return to_version_1


@pytest.mark.parametrize("hashes", [False, True])
@pytest.mark.parametrize(
    ("role", "believed"),
    [
        ("timestamp", {"timestamp": 2, "snapshot": 2, "targets": 2}),
        ("snapshot", {"timestamp": 2, "snapshot": 2, "targets": 2}),
        ("targets", {"snapshot": 2, "targets": 2}),
    ],
)
def test_update_client_does_not_go_back(
    repository: Repository, client: Client, role: str, believed: dict[str, int], hashes: bool
) -> None:
    repository.tells_hashes = hashes
    repository.publish()
    assert client.refresh() is None
    back(role)(repository)
    assert client.refresh() is Refusal.OLDER
    assert {part: client.version(part) for part in believed} == believed


def test_update_client_does_not_take_it_that_a_role_has_gone(
    repository: Repository, client: Client
) -> None:
    repository.snapshot.meta["extra.json"] = MetaFile(1)
    repository.publish()
    assert client.refresh() is None
    del repository.snapshot.meta["extra.json"]
    repository.publish()
    assert client.refresh() is Refusal.MALFORMED
    assert client.version("snapshot") == 2


@pytest.mark.parametrize(
    ("role", "rotated"),
    [
        ("timestamp", ["timestamp"]),
        ("snapshot", ["snapshot", "timestamp"]),
        ("targets", ["snapshot", "timestamp"]),
    ],
)
def test_update_client_comes_back_from_a_stolen_key_that_went_far_ahead(
    repository: Repository, client: Client, role: str, rotated: list[str]
) -> None:
    getattr(repository, role).version = 100
    repository.write()
    assert client.refresh() is None
    assert client.version(role) == 100
    for one in rotated:
        repository.rotate(one)
    getattr(repository, role).version = 1
    repository.write()
    assert client.refresh() is None
    assert client.version(role) == 1
