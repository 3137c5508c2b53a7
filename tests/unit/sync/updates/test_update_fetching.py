"""The cases of `test_update_conformance.py` about what is fetched, and nothing delegated."""

from __future__ import annotations

import json

import pytest
from conforming import Client
from repository import NAME, Repository, archive
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import DelegatedRole, Delegations, MetaFile, TargetFile

from linli.sync.updates import Refusal

BODY = archive({"bundle.json": b'{"version": "2.1"}'})


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
