"""Roots and roles whose keys, thresholds and signatures change: the conformance suite's table.

`k/t/s` are the numbers of the keys that root names, how many of them must sign, and whose
signatures are there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conforming import Client, root_of
from repository import Repository
from securesystemslib.signer import CryptoSigner

from linli.sync.updates import Refusal

Version = tuple[list[int], int, list[int]]
FIVE = [0, 1, 2, 3, 4]
ONE_ROTATED = [0, 1, 3, 4, 5]
ROTATIONS: dict[str, tuple[list[Version], bool]] = {
    "one key": ([([1], 1, [1]), ([2], 1, [2, 1]), ([2], 1, [2])], True),
    "one key, strangers sign too": (
        [([1], 1, [3, 1, 4]), ([2], 1, [3, 2, 1, 4]), ([2], 1, [3, 2, 4])],
        True,
    ),
    "three of five, by others each time": (
        [(FIVE, 3, [0, 2, 4]), (FIVE, 3, [0, 4, 1]), (FIVE, 3, [0, 1, 3]), (FIVE, 3, [0, 1, 3])],
        True,
    ),
    "one of five": ([(FIVE, 3, [0, 2, 4]), (ONE_ROTATED, 3, [0, 4, 1])], True),
    "one of five, with a step between": (
        [(FIVE, 3, [0, 2, 4]), (ONE_ROTATED, 3, [0, 2, 4, 5]), (ONE_ROTATED, 3, [0, 4, 5])],
        True,
    ),
    "all five, with a step between": (
        [
            (FIVE, 3, [0, 2, 4]),
            ([5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]),
            ([5, 6, 7, 8, 9], 3, [5, 6, 7]),
        ],
        True,
    ),
    "two must sign instead of one": ([([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [1, 2])], True),
    "one must sign instead of two": (
        [([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1, 2]), ([1, 2, 3], 1, [1])],
        True,
    ),
    "a second key that must sign": ([([1], 1, [1]), ([1, 2], 2, [1, 2])], True),
    "not by the key of before": ([([1], 1, [1]), ([2], 1, [2, 3, 4])], False),
    "not by the new key": ([([1], 1, [1]), ([2], 1, [1, 3, 4])], False),
    "not by three of the new keys": ([(FIVE, 3, [0, 2, 4]), (ONE_ROTATED, 3, [0, 2, 4])], False),
    "not by three keys before": ([(FIVE, 3, [0, 2, 4]), (ONE_ROTATED, 3, [0, 4, 5])], False),
    "the new threshold is not reached": ([([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [2])], False),
    "the threshold before is not reached": (
        [([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1])],
        False,
    ),
}
ROLES: dict[str, tuple[Version, bool]] = {
    "one key": (([2], 1, [2]), True),
    "strangers sign too": (([1], 1, [3, 1, 4]), True),
    "not by the new key": (([2], 1, [1, 3, 4]), False),
    "by one that is not among the five": ((ONE_ROTATED, 3, [0, 2, 4]), False),
    "by too few": ((ONE_ROTATED, 3, [0, 4]), False),
    "three of five: 0 2 4": ((FIVE, 3, [0, 2, 4]), True),
    "three of five: 0 4 1": ((FIVE, 3, [0, 4, 1]), True),
    "three of five: 0 1 3": ((FIVE, 3, [0, 1, 3]), True),
    "three of five: 1 2 3": ((FIVE, 3, [1, 2, 3]), True),
    "three of five: 2 3 4": ((FIVE, 3, [2, 3, 4]), True),
}


@pytest.fixture(scope="module")
def signers() -> list[CryptoSigner]:
    return [CryptoSigner.generate_ed25519() for _ in range(10)]


@pytest.mark.parametrize("case", ROTATIONS)
def test_update_client_follows_roots_as_far_as_they_are_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signers: list[CryptoSigner], case: str
) -> None:
    versions, followed = ROTATIONS[case]
    repository = Repository(tmp_path / "published")
    repository.root.version = 0
    roots = list[bytes]()
    for version in versions:
        repository.root.version += 1
        roots.append(root_of(repository, signers, *version))
    client = Client(tmp_path, repository, monkeypatch, roots[0])
    assert client.refresh() is (None if followed else Refusal.NOT_SIGNED)
    assert client.bytes_of("root") == roots[-1 if followed else -2]


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("case", ROLES)
def test_update_client_believes_a_role_by_the_keys_that_root_gives_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    signers: list[CryptoSigner],
    case: str,
    role: str,
) -> None:
    (keys, threshold, signed_by), believed = ROLES[case]
    repository = Repository(tmp_path / "published")
    client = Client(tmp_path, repository, monkeypatch, repository.first_root)
    assert client.refresh() is None
    repository.root.roles[role].keyids.clear()
    repository.root.roles[role].threshold = threshold
    for number in keys:
        repository.root.add_key(signers[number].public_key, role)
    repository.root.version += 1
    repository.write_root()
    first, *others = (signers[number] for number in signed_by)
    repository.signers[role], repository.also[role] = first, others
    repository.publish()
    assert client.refresh() is (None if believed else Refusal.NOT_SIGNED)
    assert client.version(role) == (2 if believed else 1)
