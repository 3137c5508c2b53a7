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


TILES: tuple[Tile, ...] = (
    Tile("我的积分", "/me/points", "有多少分，排第几"),
    Tile("我的记录", "/me/deeds", "做过的每一件事，审到哪一步"),
    Tile("积分申报", "/me/declare", "做了好事没刷卡，拍照报上来"),
    Tile("我的申报", "/me/declarations", "审到哪一步了，云上看"),
    Tile("公示与异议", "/me/notice", "看公示，不对的可以提"),
    Tile("我的姓名", "/me/name", "公示和排行榜上怎样显示", frozenset({Kind.RESIDENT, Kind.CADRE})),
    Tile("问卷调查", "/me/surveys", "积分标准怎么改，听您的"),
    Tile("积分超市", "/me/shop", "看看积分能换什么"),
    Tile("我的券", "/me/vouchers", "出示、评价兑换的券"),
    Tile("兑换密码", "/me/pin", "在终端上兑换、挂失要用"),
    Tile("我的手机", "/me/phones", "已关联的手机，可以解除"),
)


def tiles_for(kind: Kind) -> list[Tile]:
    return [tile for tile in TILES if kind in tile.kinds]
