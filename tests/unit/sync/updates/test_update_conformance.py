"""The cases of TUF's conformance suite, over a repository of our own: that suite wants a program
that it can run, and is in no package registry. Left out are its cases about delegated roles, which
we refuse altogether (the last test here), and about foreign repositories.

Each test says what the client must believe in the end, and not only whether it refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conforming import Client, without_signatures
from repository import NAME, Repository, archive, in_days
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import DelegatedRole, Delegations, MetaFile, TargetFile

from linli.sync.updates import Refusal

BODY = archive({"bundle.json": b'{"version": "2.1"}'})


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "published")


@pytest.fixture
def client(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return Client(tmp_path, repository, monkeypatch, repository.first_root)


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


# --- signatures -------------------------------------------------------------------------------


def more_keys(repository: Repository, threshold: int, keys: int, role: str = "snapshot") -> None:
    """So many keys of that role, all of which sign."""
    repository.root.roles[role].threshold = threshold
    for _ in range(keys - 1):
        signer = CryptoSigner.generate_ed25519()
        repository.root.add_key(signer.public_key, role)
        repository.also[role].append(signer)
    repository.root.version += 1
    repository.write_root()
    repository.publish()


def test_update_client_wants_as_many_signatures_as_root_says(
    repository: Repository, client: Client
) -> None:
    more_keys(repository, threshold=3, keys=3)
    assert client.refresh() is None
    repository.also["snapshot"].pop()
    repository.publish()
    assert client.refresh() is Refusal.NOT_SIGNED
    assert client.version("snapshot") == 2


def test_update_client_believes_nothing_that_could_never_be_signed_enough(
    repository: Repository, client: Client
) -> None:
    more_keys(repository, threshold=6, keys=5)
    assert client.refresh() is Refusal.NOT_SIGNED
    assert (client.version("root"), client.version("snapshot")) == (2, None)


def test_update_client_counts_a_key_once_that_is_listed_often(
    repository: Repository, client: Client
) -> None:
    repository.root.roles["snapshot"].threshold = 6
    repository.root.version += 1
    repository.write_root()
    told = json.loads(repository.file("2.root").read_bytes())
    told["signed"]["roles"]["snapshot"]["keyids"] *= 9
    repository.file("2.root").write_text(json.dumps(told))
    repository.publish()
    assert client.refresh() is not None
    assert client.version("snapshot") is None


def test_update_client_counts_a_signature_once_that_is_there_often(
    repository: Repository, client: Client
) -> None:
    more_keys(repository, threshold=2, keys=2)
    path = repository.file("2.snapshot")
    told = json.loads(path.read_bytes())
    told["signatures"] = told["signatures"][:1] * 2
    path.write_text(json.dumps(told))
    assert client.refresh() is not None
    assert client.version("snapshot") is None


def test_update_client_counts_a_key_once_that_has_two_names(
    repository: Repository, client: Client
) -> None:
    """Another key id with the same public key: the sum of both must not reach the threshold."""
    repository.root.roles["snapshot"].threshold = 2
    repository.root.version += 1
    repository.write_root()
    told = json.loads(repository.file("2.root").read_bytes())
    (keyid,) = told["signed"]["roles"]["snapshot"]["keyids"]
    told["signed"]["keys"]["0" * 64] = told["signed"]["keys"][keyid]
    told["signed"]["roles"]["snapshot"]["keyids"].append("0" * 64)
    repository.file("2.root").write_text(json.dumps(told))
    repository.publish()
    assert client.refresh() is not None
    assert client.version("snapshot") is None


def test_update_client_takes_a_wrong_signature_beside_enough_right_ones(
    repository: Repository, client: Client
) -> None:
    more_keys(repository, threshold=1, keys=2)
    path = repository.file("2.snapshot")
    told = json.loads(path.read_bytes())
    told["signatures"][0]["sig"] = "00" * 64
    path.write_text(json.dumps(told))
    assert client.refresh() is None


@pytest.mark.parametrize(
    "generate",
    [
        CryptoSigner.generate_ed25519,
        CryptoSigner.generate_ecdsa,
        CryptoSigner.generate_rsa,
    ],
)
def test_update_client_takes_keys_of_each_kind_and_no_other_signature_by_them(
    repository: Repository, client: Client, generate: Callable[[], CryptoSigner]
) -> None:
    before, repository.signers["timestamp"] = repository.signers["timestamp"], generate()
    repository.root.revoke_key(before.public_key.keyid, "timestamp")
    repository.root.add_key(repository.signers["timestamp"].public_key, "timestamp")
    repository.root.version += 1
    repository.write_root()
    repository.publish()
    assert client.refresh() is None
    repository.publish()
    path = repository.file("timestamp")
    told = json.loads(path.read_bytes())
    signature = told["signatures"][0]
    signature["sig"] = signature["sig"][:-8] + "00000000"
    path.write_text(json.dumps(told))
    assert client.refresh() is Refusal.NOT_SIGNED
    assert client.version("timestamp") == 2


# --- what is fetched --------------------------------------------------------------------------


def test_update_client_fetches_what_was_signed(client: Client) -> None:
    assert client.download() is None
    assert sorted(path.name for path in client.into.iterdir()) == [
        "bundle.json",
        "requirements.txt",
    ]


def test_update_client_fetches_from_a_directory_below_the_targets(
    repository: Repository, client: Client
) -> None:
    path = repository.put_bundle("2.1", BODY, "plain.tar")
    below = repository.directory / "targets" / "below"
    below.mkdir()
    path.rename(below / path.name)
    repository.targets.targets["below/plain.tar"] = repository.targets.targets.pop("plain.tar")
    repository.publish()
    assert client.download("below/plain.tar") is None


def test_update_client_refuses_a_bundle_in_the_place_of_another(
    repository: Repository, client: Client
) -> None:
    repository.put_bundle("2.1", BODY, "other.tar")
    repository.publish()
    assert client.download() is None
    one, other = (repository.directory / "targets").iterdir()
    one_body, other_body = one.read_bytes(), other.read_bytes()
    one.write_bytes(other_body)
    other.write_bytes(one_body)
    assert client.download() in (Refusal.DAMAGED, "not-reached")
    assert client.download("other.tar") in (Refusal.DAMAGED, "not-reached")


def test_update_client_follows_each_honest_change_and_refuses_each_other(
    repository: Repository, client: Client
) -> None:
    for number in range(1, 4):
        version = f"2.{number}"
        body = archive({"bundle.json": json.dumps({"version": version}).encode()})
        path = repository.put_bundle(version, body)
        repository.publish()
        assert client.download() is None
        right = (client.into / "bundle.json").read_bytes()
        path.write_bytes(body[:-1] + b"x")
        assert client.download() is Refusal.DAMAGED
        assert json.loads(right) == {"version": version}


@pytest.mark.parametrize("algorithms", [["sha256"], ["sha512"], ["sha256", "sha512"]], ids=str)
def test_update_client_takes_bundles_by_any_hash_that_it_knows(
    repository: Repository, client: Client, algorithms: list[str]
) -> None:
    target = TargetFile.from_data(NAME, BODY, algorithms)
    target.unrecognized_fields["custom"] = {"version": "2.1"}
    repository.targets.targets[NAME] = target
    for digest in target.hashes.values():
        (repository.directory / "targets" / f"{digest}.{NAME}").write_bytes(BODY)
    repository.publish()
    assert client.download() is None


def test_update_client_refuses_a_bundle_by_a_hash_that_it_does_not_know(
    repository: Repository, client: Client
) -> None:
    target = TargetFile.from_data(NAME, BODY, ["sha256"])
    digest = target.hashes.pop("sha256")
    target.hashes["unknown"] = digest
    target.unrecognized_fields["custom"] = {"version": "2.1"}
    repository.targets.targets[NAME] = target
    (repository.directory / "targets" / f"{digest}.{NAME}").write_bytes(BODY)
    repository.publish()
    assert client.download() is not None
    assert not client.into.exists()


# --- what we do not have ----------------------------------------------------------------------


def test_update_client_takes_nothing_from_a_role_that_targets_would_delegate_to(
    repository: Repository, client: Client
) -> None:
    role = DelegatedRole("others", [], 1, False, paths=["*"])
    signer = CryptoSigner.generate_ed25519()
    repository.targets.delegations = Delegations({}, {"others": role})
    repository.targets.add_key(signer.public_key, "others")
    repository.snapshot.meta["others.json"] = MetaFile(1)
    repository.publish()
    assert client.download("delegated.tar") is Refusal.WRONG_MACHINE
    assert not any("others" in asked for asked in client.asked)
