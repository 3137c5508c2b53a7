"""The Merkle tree of the public record (RFC 9162, section 2.1), grown one leaf at a time.

A complete subtree has a place: `level` is its height and `index` counts those of its level from
the left, so that it covers the leaves from `index << level` to `(index + 1) << level`. A complete
subtree never changes once its last leaf is there. That is why a database can keep their hashes,
and why they are all that proofs and later roots need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves (section 2.1.1)."""

ReadNode = Callable[[int, int], bytes]
"""The hash of the complete subtree at (level, index)."""
Node = tuple[int, int, bytes]
"""A complete subtree's level, index and hash."""


def leaf_hash(leaf: bytes) -> bytes:
    """Section 2.1.1. The prefix differs from a node's, so that no leaf can pass for a subtree."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree with these leaves (section 2.1.1)."""
    frontier = Frontier()
    for leaf in leaves:
        frontier, _ = frontier.append(leaf)
    return frontier.root()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What a tree needs to grow: its size, and its largest complete subtrees from left to right.

    The subtrees are as high as the bits that are set in `size`, the highest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for hashes that are not those of a tree of that size."""
        if self.size < 0:
            raise ValueError(f"a tree cannot have {self.size} leaves")
        if len(self.hashes) != self.size.bit_count():
            raise ValueError(
                f"a tree of {self.size} leaves has {self.size.bit_count()} largest complete "
                f"subtrees, not {len(self.hashes)}"
            )
        if any(len(kept) != HASH_SIZE for kept in self.hashes):
            raise ValueError(f"a subtree's hash has {HASH_SIZE} bytes")

    @classmethod
    def from_list(cls, size: int, hashes: Sequence[bytes]) -> Frontier:
        """As `to_list` gave them. Raises ValueError if they do not belong to that size."""
        return cls(size, tuple(hashes))

    @classmethod
    def read(cls, size: int, node: ReadNode) -> Frontier:
        """Of a tree whose complete subtrees are kept: one read for each set bit of the size."""
        return cls(size, tuple(node(level, index) for level, index in cover(0, size)))

    def to_list(self) -> list[bytes]:
        return list(self.hashes)

    def append(self, leaf: bytes) -> tuple[Frontier, list[Node]]:
        """The tree with one leaf more, and the subtrees that it completes, the leaf's own first."""
        rising = leaf_hash(leaf)
        made: list[Node] = [(0, self.size, rising)]
        kept = list(self.hashes)
        # As in adding one to a binary number, each set bit at the low end carries.
        while self.size >> len(made) - 1 & 1:
            rising = node_hash(kept.pop(), rising)
            made.append((len(made), self.size >> len(made), rising))
        return Frontier(self.size + 1, (*kept, rising)), made

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return join(self.hashes) if self.hashes else EMPTY_ROOT


def join(hashes: Sequence[bytes]) -> bytes:
    """The hash over adjoining complete subtrees, the highest first. The right edge of a tree hangs
    under its left part (section 2.1.1), so the lowest are joined first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def cover(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the complete subtrees over the leaves from `begin` to `end`, highest first.

    `begin` has to be where a subtree of that many leaves may begin, as it is in any tree."""
    while begin < end:
        level = (end - begin).bit_length() - 1
        yield level, begin >> level
        begin += 1 << level
