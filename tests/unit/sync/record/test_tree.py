"""How the tree of the public record grows, and what its proofs prove."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.sync.record.merkle import EMPTY_ROOT, Frontier, leaf_hash, root_of
from linli.sync.record.proofs import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)

leaf_lists = st.lists(st.binary(max_size=4), max_size=70)
hostile_sizes = st.one_of(st.integers(-5, 40), st.integers(), st.integers(2**62, 2**70))
hostile_hashes = st.one_of(st.binary(min_size=32, max_size=32), st.binary(max_size=40))


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    halves = by_definition(leaves[:k]) + by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + halves).digest()


class Kept:
    """A grown tree whose nodes are kept as a database would, and its reads counted."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.frontier = Frontier()
        self.reads = 0
        for leaf in leaves:
            self.frontier, made = self.frontier.append(leaf)
            for level, index, value in made:
                assert (level, index) not in self.nodes
                self.nodes[level, index] = value

    def node(self, level: int, index: int) -> bytes:
        self.reads += 1
        return self.nodes[level, index]


@given(leaf_lists)
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == by_definition(leaves)


@given(leaf_lists)
def test_appending_tells_every_complete_subtree_exactly_once(leaves: list[bytes]) -> None:
    kept = Kept(leaves)
    expected = {(level, index) for level in range(8) for index in range(len(leaves) >> level)}
    assert kept.nodes.keys() == expected
    for level, index in expected:
        covered = leaves[index << level : (index + 1) << level]
        assert kept.nodes[level, index] == by_definition(covered)


@given(leaf_lists)
def test_a_frontier_comes_back_from_its_list_and_from_kept_nodes(leaves: list[bytes]) -> None:
    kept = Kept(leaves)
    frontier = kept.frontier
    assert Frontier.from_list(frontier.size, frontier.to_list()) == frontier
    assert Frontier.read(len(leaves), kept.node) == frontier


def test_appending_leaves_the_frontier_before_as_it_was() -> None:
    before, _ = Frontier().append(b"one")
    root = before.root()
    before.append(b"two")
    assert (before.size, before.root()) == (1, root)


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(-1, []), (1, []), (2, [bytes(32)] * 2), (3, [bytes(32), bytes(31)]), (0, [bytes(32)])],
)
def test_a_frontier_that_fits_no_tree_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"leaves|subtree"):
        Frontier.from_list(size, hashes)


@given(st.data(), leaf_lists.filter(bool))
def test_every_leaf_of_every_smaller_tree_can_be_proven(
    data: st.DataObject, leaves: list[bytes]
) -> None:
    kept = Kept(leaves)
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, kept.node)
    root = by_definition(leaves[:size])
    verify_inclusion(index, size, leaf_hash(leaves[index]), proof, root)
    with pytest.raises(ProofError):
        verify_inclusion(index, size, leaf_hash(b"another leaf"), proof, root)
    wrong_index = data.draw(st.integers(0, size - 1).filter(lambda i: i != index) | st.just(size))
    if wrong_index < size and leaves[wrong_index] == leaves[index]:
        return
    with pytest.raises(ProofError):
        verify_inclusion(wrong_index, size, leaf_hash(leaves[index]), proof, root)


@given(st.data(), leaf_lists.filter(bool))
def test_every_growth_can_be_proven_and_only_of_the_very_same_trees(
    data: st.DataObject, leaves: list[bytes]
) -> None:
    kept = Kept(leaves)
    second = data.draw(st.integers(1, len(leaves)))
    first = data.draw(st.integers(1, second))
    proof = consistency_proof(first, second, kept.node)
    root1, root2 = by_definition(leaves[:first]), by_definition(leaves[:second])
    verify_consistency(first, second, proof, root1, root2)
    changed = data.draw(st.integers(0, first - 1))
    other = [*leaves[:changed], b"changed", *leaves[changed + 1 :]]
    with pytest.raises(ProofError):
        verify_consistency(first, second, proof, by_definition(other[:first]), root2)
    with pytest.raises(ProofError):
        verify_consistency(first, second, proof, root1, by_definition(other[:second]))


@given(st.data(), leaf_lists.filter(lambda leaves: len(leaves) > 1))
def test_a_proof_with_one_bit_changed_or_a_hash_more_or_less_proves_nothing(
    data: st.DataObject, leaves: list[bytes]
) -> None:
    kept = Kept(leaves)
    first = data.draw(st.integers(1, len(leaves) - 1))
    proof = consistency_proof(first, len(leaves), kept.node)
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = (int.from_bytes(proof[at]) ^ 1 << bit).to_bytes(32)
    roots = by_definition(leaves[:first]), by_definition(leaves)
    for damaged in (
        [*proof[:at], changed, *proof[at + 1 :]],
        [*proof[:at], *proof[at + 1 :]],
        [*proof[:at], bytes(32), *proof[at:]],
        [*proof, bytes(32)],
    ):
        with pytest.raises(ProofError):
            verify_consistency(first, len(leaves), damaged, *roots)


@given(st.data(), leaf_lists.filter(lambda leaves: len(leaves) > 1))
def test_a_proof_does_not_hold_for_a_tree_of_twice_the_size(
    data: st.DataObject, leaves: list[bytes]
) -> None:
    kept = Kept(leaves)
    size = len(leaves)
    first = data.draw(st.integers(1, size - 1))
    grown = consistency_proof(first, size, kept.node)
    root = by_definition(leaves)
    with pytest.raises(ProofError, match="below the root"):
        verify_consistency(first, size * 2, grown, by_definition(leaves[:first]), root)
    within = inclusion_proof(first, size, kept.node)
    with pytest.raises(ProofError):
        verify_inclusion(first, size * 2, leaf_hash(leaves[first]), within, root)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))))
def test_making_a_proof_reads_at_most_two_nodes_a_level(sizes: tuple[int, int]) -> None:
    second, first = sizes
    read: list[tuple[int, int]] = []

    def node(level: int, index: int) -> bytes:
        assert (index + 1) << level <= second
        read.append((level, index))
        return bytes(32)

    inclusion_proof(first - 1, second, node)
    assert len(read) <= 2 * second.bit_length()
    read.clear()
    consistency_proof(first, second, node)
    assert len(read) <= 2 * second.bit_length() + 1


@given(hostile_sizes, hostile_sizes, st.lists(hostile_hashes, max_size=80), hostile_hashes)
def test_whatever_is_given_for_a_proof_is_judged(
    one: int, other: int, proof: list[bytes], value: bytes
) -> None:
    with pytest.raises(ProofError):
        verify_inclusion(one, other, value, proof, bytes(32))
    assume(not (one == other > 0 and not proof and value == bytes(32)))
    with pytest.raises(ProofError):
        verify_consistency(one, other, proof, value, bytes(32))


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (-1, 3), (4, 3), (3, -1)])
def test_no_proof_is_made_where_there_is_nothing_to_prove(first: int, second: int) -> None:
    with pytest.raises(ProofError):
        consistency_proof(first, second, lambda level, index: bytes(32))
    with pytest.raises(ProofError):
        verify_consistency(first, second, [], EMPTY_ROOT, EMPTY_ROOT)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_no_proof_is_made_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ProofError, match="is not in a tree"):
        inclusion_proof(index, size, lambda level, index: bytes(32))


def test_a_leaf_cannot_pass_for_a_subtree() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert root_of([left + right]) != root_of([b"left", b"right"])
