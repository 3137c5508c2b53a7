"""A simulated district as plain values, the same for a seed: communities, people, their habits."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.sync.messages import ActivityRow, Kind
from linli.sync.periods import SHANGHAI
from linli.town import names

STREET = "xiangyang"
PER_COMMUNITY = 1300
"""People of one community, by the district's own report: 7,700 in half a dozen."""
PANEL = 5
PROGRAMME = (
    ("B01", "平安巡逻", "19:00", 90, 60),
    ("D01", "看望独居老人", "09:30", 90, None),
    ("E01", "楼道清洁", "08:30", 90, None),
    ("C01", "文明交通劝导", "07:00", 120, 60),
    ("A01", "理论学习", "14:30", 90, 45),
)
"""Item, title, start, minutes it lasts, minutes to stay. All are recorded by a tap."""


@dataclass(frozen=True)
class Neighbour:
    """`zeal` is the chance that they come to an activity of theirs."""

    holder: NewHolder
    card: NewCard
    zeal: float


@dataclass(frozen=True)
class Community:
    id: str
    name: str
    orgs: tuple[NewOrg, ...]
    people: tuple[Neighbour, ...]

    @property
    def centre(self) -> str:
        return f"{self.id}-centre"

    @property
    def terminal(self) -> str:
        return f"{self.id}-1"

    @property
    def panel(self) -> tuple[str, ...]:
        """The first persons on the list sit on the panel; the first leads it."""
        persons = [p.holder.account for p in self.people if p.holder.kind is not Kind.UNIT]
        return tuple(persons[:PANEL])

    def week(self, monday: dt.date) -> list[ActivityRow]:
        """Its activities of one week, one a day."""
        return [
            _activity(self, monday + dt.timedelta(days=n), *row) for n, row in enumerate(PROGRAMME)
        ]


def build(seed: int, people: int, per_community: int = PER_COMMUNITY) -> tuple[Community, ...]:
    """`people` account holders in as many communities as they need."""
    random_ = random.Random(seed)
    count = max(1, round(people / per_community))
    sizes = [people // count + (n < people % count) for n in range(count)]
    return tuple(_community(random_, n, size) for n, size in enumerate(sizes, 1))


def _community(random_: random.Random, number: int, size: int) -> Community:
    id_ = f"c{number:02d}"
    buildings = [f"{id_}-b{n}" for n in range(1, 21)]
    orgs = (
        NewOrg(id_, STREET, "community", f"第{number}社区"),
        *(NewOrg(b, id_, "building", f"{n}号楼") for n, b in enumerate(buildings, 1)),
    )
    people = tuple(_neighbour(random_, number, n, size, buildings) for n in range(1, size + 1))
    return Community(id_, f"第{number}社区", orgs, people)


def _neighbour(
    random_: random.Random, community: int, number: int, size: int, buildings: list[str]
) -> Neighbour:
    kind = Kind.RESIDENT
    if number <= max(PANEL, size * 15 // 100):
        kind = Kind.CADRE
    elif number > size - size // 50:
        kind = Kind.UNIT
    account = f"{community:02d}{number:06d}"
    name = f"驻区单位{number}" if kind is Kind.UNIT else names.person(random_)
    dynamic = random_.random() < 0.8
    card = NewCard(
        id=f"card-{account}",
        uid=f"04{community:04x}{number:08x}",
        account=account,
        chip="ntag424" if dynamic else "ntag213",
        key=random_.randbytes(16).hex() if dynamic else None,
    )
    holder = NewHolder(
        account,
        name,
        kind,
        random_.choice(buildings),
        consent=random_.random() < 0.9,
        under14=kind is Kind.RESIDENT and random_.random() < 0.03,
    )
    return Neighbour(holder, card, random_.betavariate(0.6, 6.0))


def _activity(
    of: Community, day: dt.date, item: str, title: str, start: str, lasts: int, stay: int | None
) -> ActivityRow:
    starts_at = dt.datetime.combine(day, dt.time.fromisoformat(start), SHANGHAI)
    return ActivityRow(
        id=f"{of.id}-{day:%m%d}-{item}",
        title=title,
        item=item,
        points=0,
        place="邻里中心",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=lasts),
        centre=of.centre,
        min_minutes=stay,
    )
