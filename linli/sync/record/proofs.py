"""Proofs about the Merkle tree: that a leaf is in it (RFC 9162, section 2.1.3), and that a larger
tree begins with a smaller one (section 2.1.4).

Making a proof reads kept hashes, some two for each level of the tree. Checking one needs nothing
but the proof and the roots, and takes whatever it is given: what is wrong is a ProofError.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from linli.sync.record.merkle import HASH_SIZE, ReadNode, cover, join, node_hash


class ProofError(ValueError):
    """A proof that does not prove its claim, or cannot be made; the text says what failed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One hash of an inclusion proof, on which side it stands, and what both make together."""

    beside: bytes
    on_left: bool
    reached: bytes


def inclusion_proof(index: int, size: int, node: ReadNode) -> list[bytes]:
    """PATH(m, D_n) of section 2.1.3.1, for the leaf at `index` in the tree of the first `size`.

    Raises ProofError for a leaf that is not in the tree."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size} leaves")
    begin, end = 0, size
    beside: list[tuple[int, int]] = []
    while end - begin > 1:
        split = begin + _left_part(end - begin)
        if index < split:
            beside.append((split, end))
            end = split
        else:
            beside.append((begin, split))
            begin = split
    return [_hash_over(*leaves, node) for leaves in reversed(beside)]


def consistency_proof(first: int, second: int, node: ReadNode) -> list[bytes]:
    """PROOF(m, D_n) of section 2.1.4.1, from the tree of `first` leaves to that of `second`.

    Empty for equal sizes. Raises ProofError where there is nothing to prove: from a tree without
    leaves, or to a smaller tree."""
    if not 0 < first <= second:
        raise ProofError(f"no proof leads from {first} leaves to {second}")
    begin, end = 0, second
    parts: list[tuple[int, int]] = []
    while end != first:
        split = begin + _left_part(end - begin)
        if first <= split:
            parts.append((split, end))
            end = split
        else:
            parts.append((begin, split))
            begin = split
    if begin:
        # Otherwise what remains is the whole first tree, and its root is known to the verifier.
        parts.append((begin, end))
    return [_hash_over(*leaves, node) for leaves in reversed(parts)]


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Section 2.1.3.2: the leaf with the hash `leaf` is at `index` in the tree of that root.

    Raises ProofError."""
    _check_hash("the root", root)
    steps = walk_inclusion(index, size, leaf, proof)
    _check_root("the tree's", steps[-1].reached if steps else leaf, root)


def walk_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> list[Step]:
    """The steps of section 2.1.3.2 from the leaf up; the last one reaches what should be the root.
    Without steps the leaf is the whole tree. Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size} leaves")
    _check_hash("the leaf's hash", leaf)
    here, last = index, size - 1
    steps, reached = [], leaf
    for beside in proof:
        _check_hash("a hash of the proof", beside)
        if last == 0:
            raise ProofError("the proof goes on above the root")
        on_left = bool(here & 1) or here == last
        if on_left:
            reached = node_hash(beside, reached)
            here, last = _up_the_edge(here, last)
        else:
            reached = node_hash(reached, beside)
        steps.append(Step(beside, on_left, reached))
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof ends below the root")
    return steps


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Section 2.1.4.2: the tree of `second` leaves begins with the tree of `first` leaves.

    Raises ProofError, also for a first tree without leaves, of which a proof can say nothing."""
    if not 0 < first <= second:
        raise ProofError(f"no proof leads from {first} leaves to {second}")
    if first == second:
        # Nothing is hashed, so the roots are only compared, whatever they are.
        if proof:
            raise ProofError("between trees of equal size there is nothing to prove")
        _check_root("the second tree's", first_root, second_root)
        return
    _check_hash("the first root", first_root)
    _check_hash("the second root", second_root)
    if not proof:
        raise ProofError("the proof is empty")
    # A complete first tree is itself the first step; its root is left out of the proof.
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    _check_hash("a hash of the proof", steps[0])
    reached_first = reached_second = steps[0]
    for step in steps[1:]:
        _check_hash("a hash of the proof", step)
        if last == 0:
            raise ProofError("the proof goes on above the root")
        if here & 1 or here == last:
            reached_first = node_hash(step, reached_first)
            reached_second = node_hash(step, reached_second)
            here, last = _up_the_edge(here, last)
        else:
            reached_second = node_hash(reached_second, step)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof ends below the root")
    _check_root("the first tree's", reached_first, first_root)
    _check_root("the second tree's", reached_second, second_root)


def _left_part(leaves: int) -> int:
    """k of section 2.1.1: the largest power of two below `leaves`, which is 2 or more."""
    return 1 << (leaves - 1).bit_length() - 1


def _hash_over(begin: int, end: int, node: ReadNode) -> bytes:
    return join([node(level, index) for level, index in cover(begin, end)])


def _up_the_edge(here: int, last: int) -> tuple[int, int]:
    """On the right edge a subtree may hang several levels below its parent."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _check_hash(what: str, value: bytes) -> None:
    if not isinstance(value, bytes) or len(value) != HASH_SIZE:
        raise ProofError(f"{what} is not {HASH_SIZE} bytes")


def _check_root(whose: str, reached: bytes, root: bytes) -> None:
    if not hmac.compare_digest(reached, root):
        raise ProofError(f"the proof leads to {reached.hex()}, which is not {whose} root")
