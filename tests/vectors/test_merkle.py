"""The Merkle tree against the published cases of transparency-dev/merkle, for RFC 9162."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from linli.sync.record.merkle import EMPTY_ROOT, Frontier, leaf_hash, root_of
from linli.sync.record.proofs import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)

CASES = json.loads(Path(__file__).with_name("merkle_rfc9162.json").read_text())
HASHES = [base64.b64decode(text) for text in CASES["hashes"]]

# The eight leaves from which the reference's trees are grown, and the roots of the first n.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def accepts(check: Any, *claim: Any) -> bool:
    try:
        check(*claim)
    except ProofError:
        return False
    return True


def node(level: int, index: int) -> bytes:
    return root_of(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize("case", CASES["inclusion"], ids=lambda case: case[0])
def test_a_published_inclusion_case_is_judged_as_published(case: list[Any]) -> None:
    _, index, size, root, leaf, proof, good = case
    steps = [HASHES[at] for at in proof]
    assert accepts(verify_inclusion, index, size, HASHES[leaf], steps, HASHES[root]) == good


@pytest.mark.parametrize("case", CASES["consistency"], ids=lambda case: case[0])
def test_a_published_consistency_case_is_judged_as_published(case: list[Any]) -> None:
    _, first, second, root1, root2, proof, good = case
    steps = [HASHES[at] for at in proof]
    claim = (first, second, steps, HASHES[root1], HASHES[root2])
    assert accepts(verify_consistency, *claim) == good


def test_there_are_as_many_cases_as_published() -> None:
    assert len(CASES["inclusion"]) == 98
    assert len(CASES["consistency"]) == 98


@pytest.mark.parametrize(
    "case", [case for case in CASES["inclusion"] if case[0].endswith("happy-path")]
)
def test_the_published_inclusion_proofs_are_made_again(case: list[Any]) -> None:
    _, index, size, root, leaf, proof, _ = case
    if HASHES[leaf] == leaf_hash(LEAVES[index]) and HASHES[root].hex() == ROOTS[size]:
        assert inclusion_proof(index, size, node) == [HASHES[at] for at in proof]
    else:
        pytest.fail("the case is about another tree")


@pytest.mark.parametrize(
    "case", [case for case in CASES["consistency"] if case[0].endswith("happy-path")]
)
def test_the_published_consistency_proofs_are_made_again(case: list[Any]) -> None:
    _, first, second, root1, root2, proof, _ = case
    assert (HASHES[root1].hex(), HASHES[root2].hex()) == (ROOTS[first], ROOTS[second])
    assert consistency_proof(first, second, node) == [HASHES[at] for at in proof]


@pytest.mark.parametrize("size", range(9))
def test_the_trees_of_the_published_leaves_have_the_published_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_the_empty_tree_and_the_published_leaf_hash_as_published() -> None:
    assert EMPTY_ROOT == Frontier().root() == bytes.fromhex(ROOTS[0])
    published = "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert leaf_hash(b"L123456").hex() == published
