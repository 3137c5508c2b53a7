"""What a resident can do on the phone: the tiles of the first page, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from linli.sync.messages import Kind

EVERYBODY = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Tile:
    """`says` is what one finds there, in a few words; `kinds` who is shown it."""

    title: str
    path: str
    says: str
    kinds: frozenset[Kind] = EVERYBODY


TILES: tuple[Tile, ...] = (Tile("我的手机", "/me/phones", "已关联的手机，可以解除"),)


def tiles_for(kind: Kind) -> list[Tile]:
    return [tile for tile in TILES if kind in tile.kinds]
