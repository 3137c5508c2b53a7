"""One centre as rows of the feed: people with cards, what is on, who stands where.

rows = [activity("a-1"), holder("r-1"), card("c-1", uid), standing("r-1", 30)]
replica = loaded_replica(path, rows)
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from linli.devices.simulated.cards import Ntag424
from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    BoardPage,
    BoardPlanRow,
    CardRow,
    DeedRow,
    DoorRow,
    HolderRow,
    Kind,
    MomentRow,
    NoticePlace,
    NoticeRow,
    Row,
    Snapshot,
    StandardChange,
    StandardChangeRow,
    StandingRow,
    StoryRow,
    Stream,
    UrgentRow,
    WareRow,
    WindowRow,
)
from linli.sync.periods import SHANGHAI
from linli.sync.replica import Replica
from linli.sync.replica_schema import KIND_OF

SCOPE, CENTRE = "s-1", "centre-1"
DAY = dt.date(2026, 11, 24)
KEY = bytes(range(16))


def at(clock: str, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)


def activity(id_: str, span: str = "09:00-11:00", **more: Any) -> ActivityRow:
    starts, ends = (at(clock) for clock in span.split("-"))
    values: dict[str, Any] = {
        "title": f"title of {id_}",
        "item": "B01",
        "points": 10,
        "place": "hall",
        "starts_at": starts,
        "ends_at": ends,
        "centre": CENTRE,
    }
    return ActivityRow(id=id_, **{**values, **more})


def holder(account: str, kind: Kind = Kind.RESIDENT, **more: int) -> HolderRow:
    return HolderRow(
        account=account,
        kind=kind,
        name=f"name of {account}",
        building="b-1",
        building_name="1号楼",
        redeemable=more.get("redeemable", 50),
        earned=more.get("earned", 0),
        pending=more.get("pending", 0),
    )


def card(id_: str, uid: bytes, account: str, key: bytes | None = None, **more: str) -> CardRow:
    chip = more.get("chip", "ntag424" if key else "ntag213")
    status = more.get("status", "active")
    hexed = key.hex() if key else None
    return CardRow(card=id_, uid=uid.hex(), account=account, chip=chip, key=hexed, status=status)


def standing(
    account: str, total: int, kind: Kind = Kind.RESIDENT, period: str = "2026-11", **more: Any
) -> StandingRow:
    posted = more.get("posted", 0)
    return StandingRow(
        account=account,
        kind=kind,
        name=f"public {account}",
        building=more.get("building", "b-1"),
        building_name="1号楼",
        period=period,
        pending=total - posted,
        posted=posted,
        reached_at=more.get("reached_at", at("08:00")),
    )


def moment(id_: str, when: dt.datetime, points: int | None = 10) -> MomentRow:
    return MomentRow(id=id_, name=f"public {id_}", title="patrol", points=points, at=when)


def notice(month: str = "2026-10", **more: Any) -> NoticeRow:
    values: dict[str, Any] = {
        "opens": dt.date(2026, 11, 22),
        "closes": dt.date(2026, 11, 27),
        "sealed_at": None,
        "deeds": 1286,
        "points": 15420,
        "people": 412,
        "units": 18,
        "top": [NoticePlace(kind=Kind.RESIDENT, rank=1, name="王*芳", points=188)],
        "ways": ["card", "phone", "desk"],
        "root": "9f3a6c21b0d4e875",
        "record": 4820,
    }
    return NoticeRow(month=month, **{**values, **more})


def story(id_: str, shown_at: dt.datetime, **more: Any) -> StoryRow:
    values: dict[str, Any] = {
        "title": f"title of {id_}",
        "text": "she looks after the lamp",
        "name": "王*芳",
        "honour": "neighbour",
        "year": "2026",
        "shown": True,
    }
    return StoryRow(id=id_, at=shown_at, **{**values, **more})


def ware(id_: str, centre: str = CENTRE, **more: Any) -> WareRow:
    values: dict[str, Any] = {
        "kind": "good",
        "name": f"name of {id_}",
        "points": 30,
        "left": 5,
        "merchant": "",
        "on_sale": True,
        "all_year": False,
    }
    return WareRow(id=id_, centre=centre, **{**values, **more})


def window(opens: dt.datetime, closes: dt.datetime, quarter: str = "2026-Q3") -> WindowRow:
    return WindowRow(quarter=quarter, opens=opens, closes=closes)


def door(number: int, ware_id: str, *, full: bool = True, terminal: str = "t-1") -> DoorRow:
    return DoorRow(terminal=terminal, door=number, ware=ware_id, full=full)


def plan(*pages: str, **more: Any) -> BoardPlanRow:
    """Each page is `name`, or `name first-last`."""
    values: dict[str, Any] = {
        "periods": ["month"],
        "dim_from": "22:00",
        "dim_until": "06:00",
        "dim_percent": 60,
    }
    return BoardPlanRow(pages=[_page(text) for text in pages], **{**values, **more})


def _page(text: str) -> BoardPage:
    name, _, hours = text.partition(" ")
    first, _, last = (hours or "00:00-24:00").partition("-")
    return BoardPage(page=name, seconds=12, first=first, last=last)


def urgent(text: str, starts_at: dt.datetime, until: dt.datetime, id_: str = "1") -> UrgentRow:
    return UrgentRow(id=id_, text=text, starts_at=starts_at, until=until)


def change_of_standard(day: dt.date, *changes: tuple[int | None, int | None]) -> StandardChangeRow:
    items = [
        StandardChange(code=f"B{n:02d}", name=f"item {n}", old=old, new=new)
        for n, (old, new) in enumerate(changes)
    ]
    return StandardChangeRow(version=day.isoformat(), effective_from=day, changes=items)


def attendance(
    account: str, activity_id: str, came: dt.datetime | None, left: dt.datetime | None = None
) -> AttendanceRow:
    return AttendanceRow(account=account, activity=activity_id, in_at=came, out_at=left)


def deed(id_: str, account: str, done: dt.datetime, **more: Any) -> DeedRow:
    values: dict[str, Any] = {
        "item": "B01",
        "activity": None,
        "title": "patrol",
        "points": 10,
        "state": "pending",
        "surplus": False,
    }
    return DeedRow(id=id_, account=account, done_at=done, **{**values, **more})


def snapshots(rows: list[Row], number: int = 1) -> list[Snapshot]:
    """One snapshot a stream, each with the rows that belong there."""
    return [
        Snapshot(
            scope=SCOPE,
            stream=stream,
            number=number,
            at=at("08:00"),
            rows=[row for row in rows if KIND_OF[type(row)].stream is stream],
        )
        for stream in Stream
    ]


def loaded_replica(path: Path, rows: list[Row]) -> Replica:
    replica = Replica(path, SCOPE, tuple(Stream))
    for snapshot in snapshots(rows):
        replica.load(snapshot)
    return replica


def message_of(tag: Ntag424) -> bytes:
    """The NDEF message of one more reading of the card."""
    url = tag.read_url().removeprefix("https://").encode()
    return b"\xd1\x01" + bytes([len(url) + 1]) + b"U\x04" + url
