"""What no card witnessed this week: declared on phones or entered at the desk, and not decided yet.
Whoever looks at the town finds something to sign, to decide and to follow.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

from PIL import Image, ImageDraw
from sqlalchemy import Connection

from linli.ledger.declarations.declaring import Declared, declare
from linli.ledger.declarations.entering import Entered, enter, sign
from linli.ledger.declarations.photos import Photo, prepared
from linli.ledger.review.panel import members
from linli.ledger.staff.accounts import Worker, find
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Kind
from linli.sync.periods import business_day
from linli.town import world as towns

DECLARED = (
    ("F01", 0, "替 3 号楼的李奶奶去药店取药，送到家里，又把说明书念给她听。", 2),
    ("B03", 1, "楼上楼下为漏水吵起来，上门调解两次，双方握手言和。", 0),
    ("F02", 2, "修好了 5 号楼三层的楼道灯。", 1),
    ("D05", 3, "给社区书屋捐了两箱童书。", 1),
)
"""Item, days ago, words, photos."""
ENTERED = (
    ("B01", 1, "终端当晚断电，按纸质签到表补录", "巡逻签到表 27 号", False),
    ("A01", 2, "卡片挂失补办中", "学习签到表 17 号", False),
    ("E01", 2, "卡片挂失补办中", "清洁签到表 3 号", True),
)
"""Item, days ago, why, the paper, and whether somebody signed it already."""


def write_down(
    connection: Connection, world: towns.World, standards: Standards, now: dt.datetime
) -> None:
    """Each by another neighbour, who does not sit on the panel."""
    who = _neighbours(connection, world, now)
    today = business_day(now)
    for number, (item, ago, words, photos) in enumerate(DECLARED):
        shown = [_photo(number * 90 + n * 30) for n in range(photos)]
        day, token = today - dt.timedelta(days=ago), f"town-declared-{number:04}"
        declare(connection, Declared(next(who), item, day, words, token, shown), standards, now)
    first, second = _clerk(connection, "clerk"), _clerk(connection, "clerk2")
    for number, (item, ago, why, paper, signed) in enumerate(ENTERED):
        by, other = (first, second) if number % 2 == 0 else (second, first)
        day, token = today - dt.timedelta(days=ago), f"town-entered-{number:05}"
        new = Entered(next(who), item, day, why, token, paper, [_photo(number * 70)])
        id_ = enter(connection, new, by, standards, now)
        if signed:
            sign(connection, id_, other, standards, now)


def _neighbours(connection: Connection, world: towns.World, now: dt.datetime) -> Iterator[str]:
    seated = members(connection, towns.SCOPE, now)
    return (
        person.account
        for person in reversed(world.people)
        if person.kind is Kind.RESIDENT and not person.under14 and person.account not in seated
    )


def _clerk(connection: Connection, login: str) -> Worker:
    found = find(connection, login)
    if found is None:
        raise LookupError(f"nobody of the town has the login {login}")
    return found


def _photo(shift: int) -> Photo:
    """A house of the town under a blue sky, from another side each time."""
    image = Image.new("RGB", (1200, 900), (170, 205, 235))
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((0, 640, 1200, 900), fill=(150, 150, 140))
    drawn.ellipse((940, 80, 1040, 180), fill=(250, 230, 150))
    drawn.rectangle((120 + shift, 160, 760 + shift, 680), fill=(222, 196, 160))
    for column in range(5):
        for row in range(4):
            left, top = 160 + shift + column * 120, 200 + row * 100
            drawn.rectangle((left, top, left + 64, top + 60), fill=(90, 110, 130))
    drawn.rectangle((280 + shift, 600, 600 + shift, 636), fill=(158, 27, 20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return prepared(out.getvalue())
