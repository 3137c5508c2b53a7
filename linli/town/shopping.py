"""The shop of the simulated town: what it has, and what people did there in the weeks before."""

from __future__ import annotations

import datetime as dt
import random

from sqlalchemy import Connection

from linli.ledger.cadence.calendar import quarter_before
from linli.ledger.shop.codes import new_code, shown
from linli.ledger.shop.doors import fill_door, set_door
from linli.ledger.shop.handing import hand_out
from linli.ledger.shop.merchant_access import give_code
from linli.ledger.shop.merchants import Merchant, Offer, add_merchant, add_offer
from linli.ledger.shop.pictures import put_picture
from linli.ledger.shop.posting import REDEEM
from linli.ledger.shop.redeeming import redeem
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.using import rate, use
from linli.ledger.shop.vouchers import issue
from linli.ledger.shop.wares import GOOD, SERVICE, Ware, add_ware, stock_up
from linli.ledger.shop.windows import set_window
from linli.sync.periods import period_of
from linli.town import world as towns
from linli.town.goods_pictures import picture

BAKERY = "yangguang-bakery"
MERCHANTS = (
    Merchant(BAKERY, towns.SCOPE, "向阳面包房", "SH-001"),
    Merchant("yangguang-barber", towns.SCOPE, "小李理发店", "SH-002"),
    Merchant("yangguang-books", towns.SCOPE, "晨光书店", "SH-003"),
)
OFFERS = (
    Offer(
        "yangguang-bread",
        BAKERY,
        "早餐面包满 20 减 5",
        10,
        per_person=4,
        community_fen=300,
        merchant_fen=200,
        all_year=True,
    ),
    Offer(
        "yangguang-cake",
        BAKERY,
        "生日蛋糕减 30",
        60,
        period="quarter",
        per_person=1,
        in_all=40,
        community_fen=2000,
        merchant_fen=1000,
        valid_days=60,
    ),
    Offer(
        "yangguang-haircut",
        "yangguang-barber",
        "老人理发一次",
        20,
        per_person=1,
        community_fen=1000,
        merchant_fen=500,
        all_year=True,
    ),
    Offer("yangguang-book", "yangguang-books", "图书八折", 15, community_fen=400, merchant_fen=400),
)
SHELF = (
    (Ware("yangguang-rice", towns.SCOPE, GOOD, "大米 5 斤", 30), 24),
    (Ware("yangguang-oil", towns.SCOPE, GOOD, "食用油 1.8 升", 60), 3),
    (Ware("yangguang-soap", towns.SCOPE, GOOD, "洗衣皂一组", 10), 0),
    (Ware("yangguang-towel", towns.SCOPE, GOOD, "毛巾两条", 15), 40),
    (Ware("yangguang-repair", towns.SCOPE, SERVICE, "小家电修理一次", 25, all_year=True), 0),
)
BEHIND_DOORS = {
    1: "yangguang-towel",
    2: "yangguang-towel",
    3: "yangguang-rice",
    4: "yangguang-rice",
    5: "yangguang-towel",
    6: "yangguang-oil",
}
"""What staff laid into the locker."""
OPEN_BEFORE, OPEN_AFTER = dt.timedelta(days=6), dt.timedelta(days=8)
DAY = dt.timedelta(days=1)
CAME, EACH_DAY = 25, 5
A_DAY = 3
"""Vouchers used on each day of the weeks before."""


def _known_bits(bits: int) -> int:
    return 0x5A3C96E1D7B84F & ((1 << bits) - 1)


LOGIN_CODE = shown(new_code(_known_bits))
"""The bakery's, good for one phone on the first day; the counter gives others."""
EXPECTED = frozenset({Refusal.TOO_FEW_POINTS, Refusal.HELD, Refusal.QUOTA, Refusal.SOLD_OUT})


def open_shop(connection: Connection, now: dt.datetime) -> None:
    """Fill the shelves, take merchants in, and open the window in which people come now."""
    for merchant in MERCHANTS:
        add_merchant(connection, merchant)
    for offer in OFFERS:
        add_offer(connection, offer, now)
    for ware, pieces in SHELF:
        add_ware(connection, ware)
        stock_up(connection, ware.id, towns.CENTRE, pieces, now)
        put_picture(connection, ware.id, picture(ware.id.rpartition("-")[2]), now)
    quarter = quarter_before(period_of(now, "quarter"))
    opens, closes = (now + by for by in (-OPEN_BEFORE, OPEN_AFTER))
    morning, midnight = opens.replace(hour=9, minute=0), closes.replace(hour=0, minute=0)
    set_window(connection, towns.SCOPE, quarter, morning, midnight, now)
    for door, ware_id in BEHIND_DOORS.items():
        set_door(connection, towns.TERMINAL, door, ware_id, now)
        fill_door(connection, towns.TERMINAL, door, now)
    give_code(connection, BAKERY, "刘芳", _known_bits, now)


def shop_until_now(
    connection: Connection, world: towns.World, began: dt.datetime, now: dt.datetime
) -> None:
    """Each day some took a voucher and used it; in the window some took things along, and some
    have not fetched theirs yet."""
    chance = random.Random(world.seed)
    people = [person.account for person in world.people]
    day = began
    while day < now - DAY:
        for number in range(A_DAY):
            at = day + dt.timedelta(hours=number)
            _use_one(connection, chance, chance.choice(people), at)
        day += DAY
    first = (now - OPEN_BEFORE + DAY).replace(hour=9, minute=10)
    for number, account in enumerate(chance.sample(people, CAME)):
        at = first + number // EACH_DAY * DAY + number % EACH_DAY * dt.timedelta(minutes=95)
        _fetch(connection, chance, account, at, fetched=number % EACH_DAY < EACH_DAY - 1)


def _use_one(connection: Connection, chance: random.Random, who: str, at: dt.datetime) -> None:
    offer = chance.choice([one for one in OFFERS if one.all_year])
    request = f"past-{at:%m%d%H}"
    try:
        made = issue(connection, who, request, offer.id, chance.getrandbits, at)
    except ShopError as error:
        if error.refusal not in EXPECTED:
            raise
        return
    use(connection, made.code, offer.merchant, request, at + dt.timedelta(minutes=30))
    if chance.random() < 0.6:
        rate(connection, who, made.id, chance.choice([3, 4, 4, 5, 5, 5]))


def _fetch(
    connection: Connection, chance: random.Random, who: str, at: dt.datetime, *, fetched: bool
) -> None:
    ware = chance.choice([ware for ware, pieces in SHELF if pieces > A_DAY])
    try:
        made = redeem(connection, who, f"window-{at:%m%d%H}", ware.id, towns.CENTRE, at)
    except ShopError as error:
        if error.refusal not in EXPECTED:
            raise
        return
    if fetched:
        hand_out(connection, f"{REDEEM}.{made.id}", "刘芳", at + dt.timedelta(minutes=5))
