"""The cases of `test_update_conformance.py` about signatures, keys and thresholds."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from conforming import Client
from repository import Repository
from securesystemslib.signer import CryptoSigner

from linli.sync.updates import Refusal


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
