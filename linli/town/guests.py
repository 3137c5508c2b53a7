"""What a guest finds in the simulated town: stories, and an account that a phone is linked to."""

from __future__ import annotations

import datetime as dt
import random

from sqlalchemy import Connection

from linli.ledger.people.access_log import Staff
from linli.ledger.phones.tickets import issue_at_desk
from linli.ledger.shop.codes import new_code, shown
from linli.ledger.stories.writing import Draft, approve, write
from linli.sync.messages import Kind
from linli.town import world as towns

SEED = 20261128
CODE = shown(new_code(random.Random(SEED).getrandbits))
"""Links one phone in the town's first ten minutes, like one that a clerk gave."""
WRITER, APPROVER = "clerk", "leader"
ABOUT_A_NEIGHBOUR = (
    "三号楼的灯又亮了",
    "三号楼的感应灯坏了半个月，她自己买来零件，和楼长一起换好，又把每层的台阶贴上了反光条。"
    "老人晚上下楼，心里踏实多了。",
)
ABOUT_A_UNIT = (
    "每周四，免费理发",
    "每周四上午，义务为八十岁以上的老人理发。腿脚不方便的，店里派人上门。这个月已经剪了四十六位。",
)


def prepare(connection: Connection, world: towns.World, now: dt.datetime) -> None:
    """Two stories that another approved, and a code for a neighbour with some history."""
    known = _consenting(world, Kind.RESIDENT)
    for (title, text), account in (
        (ABOUT_A_NEIGHBOUR, known),
        (ABOUT_A_UNIT, _consenting(world, Kind.UNIT)),
    ):
        number = write(connection, towns.SCOPE, Draft(title, text, account), WRITER, now)
        approve(connection, number, APPROVER, now)
    clerk, bits = Staff("刘芳(clerk)", "clerk"), random.Random(SEED).getrandbits
    issue_at_desk(connection, known, clerk, "本人到服务台办理", now, bits)


def _consenting(world: towns.World, kind: Kind) -> str:
    found = (p for p in world.people if p.kind is kind and p.consent and not p.under14)
    return next(p.account for p in found if not p.card.blocked)
