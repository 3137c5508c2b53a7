"""The simulated town as plain values, the same for a seed: people, cards, activities, history.

Demo, tests and benchmarks all build on it; `settle.py` moves it into a ledger.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from linli.sync.messages import ActivityRow, Kind
from linli.sync.periods import SHANGHAI
from linli.town import names

STREET, SCOPE, CENTRE = "xiangyang", "yangguang", "yangguang-centre"
ORIGIN = "yangguang.example/record"
"""What the public record of the town calls itself."""
PLACE, CENTRE_NAME = "阳光社区", "阳光社区邻里中心"
DOORS = 6
TERMINAL, BOARD, PAST = "yangguang-1", "yangguang-board", "yangguang-0"
"""`PAST` is the terminal that took the taps of the weeks before."""
BUILDINGS = tuple((f"{SCOPE}-b{n}", f"{n}号楼") for n in range(1, 13))
VISITED = 45
"""Days of history in a town that people come to look at: last month's notice is there."""
SATURDAY = dt.date(2026, 11, 28)
"""The day that the seeded demo plays."""


@dataclass(frozen=True)
class Card:
    """A card as it lies in somebody's hand. `key` is None for a chip without keys."""

    id: str
    uid: bytes
    chip: str
    key: bytes | None
    blocked: bool = False


@dataclass(frozen=True)
class Resident:
    """A person or unit with an account; `carried` are points from the lists kept before."""

    account: str
    name: str
    kind: Kind
    building: str
    consent: bool
    under14: bool
    card: Card
    carried: int


@dataclass(frozen=True)
class PastTap:
    account: str
    card: str
    activity: str
    at: dt.datetime
    sign_out: bool


@dataclass(frozen=True)
class World:
    seed: int
    day: dt.date
    people: tuple[Resident, ...]
    activities: tuple[ActivityRow, ...]
    past: tuple[PastTap, ...] = field(repr=False)

    def began(self, now: dt.datetime) -> dt.datetime:
        """When its history begins; now, where it has none."""
        return min((tap.at for tap in self.past), default=now)


def build(seed: int, day: dt.date, people: int = 300, past_days: int = 24) -> World:
    """A town of `people` account holders on `day`, with the deeds of the days before."""
    random_ = random.Random(seed)
    residents = _people(random_, people)
    past = _past_activities(random_, day, past_days)
    today = todays_activities(day)
    return World(
        seed=seed,
        day=day,
        people=residents,
        activities=(*past, *today),
        past=_past_taps(random_, residents, past),
    )


def at(day: dt.date, clock: str) -> dt.datetime:
    """`at(day, "09:30")` in Asia/Shanghai."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)


def _people(random_: random.Random, count: int) -> tuple[Resident, ...]:
    units = min(len(names.UNITS), max(1, count // 25))
    cadres = count * 15 // 100
    found = []
    for n in range(1, count + 1):
        kind = Kind.UNIT if n <= units else Kind.CADRE if n <= units + cadres else Kind.RESIDENT
        found.append(_person(random_, n, kind, units + cadres))
    return tuple(found)


def _person(random_: random.Random, n: int, kind: Kind, residents_after: int) -> Resident:
    rare = n - residents_after - 1
    if kind is Kind.UNIT:
        name = names.UNITS[n - 1]
    elif 0 <= rare < len(names.RARE):
        name = names.RARE[rare]
    else:
        name = names.person(random_)
    return Resident(
        account=f"a{n:06d}",
        name=name,
        kind=kind,
        building=random_.choice(BUILDINGS)[0],
        consent=kind is Kind.UNIT or random_.random() < 0.9,
        under14=kind is Kind.RESIDENT and random_.random() < 0.03,
        card=_card(random_, n),
        carried=random_.randrange(0, 61) * 5,
    )


def _card(random_: random.Random, n: int) -> Card:
    dynamic = random_.random() < 0.7
    return Card(
        id=f"c{n:06d}",
        uid=b"\x04" + random_.randbytes(6),
        chip="ntag424" if dynamic else "ntag213",
        key=random_.randbytes(16) if dynamic else None,
        blocked=n % 97 == 50,
    )


def _activity(
    id_: str, title: str, item: str, points: int, place: str, day: dt.date, span: str, **more: int
) -> ActivityRow:
    starts, ends = (at(day, clock) for clock in span.split("-"))
    return ActivityRow(
        id=id_,
        title=title,
        item=item,
        points=points,
        place=place,
        starts_at=starts,
        ends_at=ends,
        centre=CENTRE,
        early_min=more.get("early", 30),
        late_min=more.get("late", 30),
        out_late_min=more.get("out_late", 60),
        min_minutes=more.get("minutes"),
    )


def todays_activities(day: dt.date) -> tuple[ActivityRow, ...]:
    """The day's programme and tomorrow's first two."""
    d, tomorrow = f"{day:%m%d}", day + dt.timedelta(days=1)
    return (
        _activity(f"{d}-patrol", "平安巡逻", "B01", 10, "南门岗亭", day, "09:00-11:00", minutes=60),
        _activity(f"{d}-visit", "探访独居老人", "D01", 10, "3号楼大厅", day, "10:00-11:30"),
        _activity(
            f"{d}-clinic",
            "义诊理发",
            "F03",
            20,
            "一楼大厅",
            day,
            "14:00-17:00",
            late=60,
            minutes=120,
        ),
        _activity(f"{d}-story", "积分分享会", "A05", 10, "二楼会议室", day, "14:30-16:00"),
        _activity(f"{d}-tidy", "楼道清洁", "E01", 5, "6号楼", day, "14:30-15:30", minutes=30),
        _activity(
            f"{d}-forum", "民主议事：电梯选址", "G02", 5, "议事角", day, "19:00-20:30", minutes=30
        ),
        _activity(
            f"{tomorrow:%m%d}-alley",
            "背街小巷整治",
            "E05",
            20,
            "北二巷",
            tomorrow,
            "09:00-11:30",
            minutes=120,
        ),
        _activity(
            f"{tomorrow:%m%d}-after",
            "课后托管辅导",
            "D04",
            10,
            "阅览室",
            tomorrow,
            "16:30-18:00",
            minutes=60,
        ),
    )


PAST_KINDS = (
    ("patrol", "平安巡逻", "B01", 10, "南门岗亭", "09:00-11:00", 60),
    ("visit", "探访独居老人", "D01", 10, "3号楼大厅", "14:00-16:00", 0),
    ("tidy", "楼道清洁", "E01", 5, "6号楼", "16:00-17:00", 30),
    ("sorting", "垃圾分类桶边值守", "E02", 10, "东门", "07:00-09:00", 60),
    ("study", "理论学习", "A01", 5, "二楼会议室", "19:00-20:30", 45),
    ("fraud", "反诈宣传", "B04", 5, "中心广场", "10:00-11:30", 30),
)


def _past_activities(random_: random.Random, day: dt.date, days: int) -> tuple[ActivityRow, ...]:
    found = []
    for back in range(days, 0, -1):
        when = day - dt.timedelta(days=back)
        for kind, title, item, points, place, span, minutes in random_.sample(PAST_KINDS, 3):
            more = {"minutes": minutes} if minutes else {}
            found.append(
                _activity(f"{when:%m%d}-{kind}", title, item, points, place, when, span, **more)
            )
    return tuple(found)


def _past_taps(
    random_: random.Random, people: tuple[Resident, ...], activities: tuple[ActivityRow, ...]
) -> tuple[PastTap, ...]:
    zeal = {p.account: random_.random() ** 2 * 0.3 for p in people}
    taps = []
    for activity in activities:
        for person in people:
            if random_.random() >= zeal[person.account]:
                continue
            came = activity.starts_at + dt.timedelta(seconds=random_.randrange(-900, 900))
            taps.append(PastTap(person.account, person.card.id, activity.id, came, False))
            if activity.min_minutes is not None and random_.random() < 0.95:
                stayed = dt.timedelta(minutes=activity.min_minutes, seconds=random_.randrange(600))
                taps.append(
                    PastTap(person.account, person.card.id, activity.id, came + stayed, True)
                )
    return tuple(sorted(taps, key=lambda tap: (tap.at, tap.account)))
