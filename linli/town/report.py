"""What the day came to, counted from the two databases and the programs' own marks.

`committed` comes from the terminal's database alone and `applied` from the ledger's alone; what
should have become of the taps is derived a third time, from the terminal's events by the rules.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from linli.ledger.audit.verify import verify
from linli.ledger.database import open_database
from linli.sync.messages import (
    EVENT_TYPES,
    ActivityRow,
    AttendanceRow,
    Change,
    CheckIn,
    Envelope,
    MomentRow,
    SignOut,
    Stream,
)
from linli.sync.rules import deed_id, done_at, merged
from linli.town.books import Came
from linli.town.errand_player import Done
from linli.town.marks import DayMarks
from linli.town.upkeep import Kept


@dataclass(frozen=True)
class Spread:
    p50: float
    p99: float


@dataclass(frozen=True)
class Report:
    """The figures of `linli demo --json`, under the same names. Times in milliseconds."""

    taps: int
    committed: int
    applied: int
    duplicates: int
    lost: int
    ledger_ok: bool
    tap_commit_ms: Spread | None
    tap_frame_ms: Spread | None
    tap_board_ms: Spread | None
    unknown_cards: int
    deeds: int
    points: int
    parked: int
    errands: tuple[Did, ...] = ()
    errands_ok: bool = True
    books: Came | None = None
    upkeep: tuple[LookedAfter, ...] = ()

    @property
    def good(self) -> bool:
        """Everything that was committed is in the ledger once, the ledger is sound, and every
        errand and all that was done to look after terminals ended as it should."""
        whole = self.applied == self.committed > 0
        once = not self.duplicates and not self.lost
        kept = all(one.ok for one in self.upkeep)
        return whole and once and self.ledger_ok and self.errands_ok and kept

    def with_errands(self, done: Sequence[Done], books: Came) -> Report:
        """`books` are what the errands came to."""
        ok = all(one.as_expected for one in done)
        return replace(self, errands=tuple(map(did, done)), errands_ok=ok, books=books)

    def with_upkeep(self, kept: Sequence[Kept]) -> Report:
        told = [LookedAfter(one.step, one.who, one.outcome, one.expected, one.ok) for one in kept]
        return replace(self, upkeep=tuple(told))

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Did:
    """One errand as it is told. `who` is a kind of account, `line` how the network was."""

    errand: str
    who: str
    line: str
    outcome: str
    expected: str
    ok: bool


@dataclass(frozen=True)
class LookedAfter:
    """One thing that was done to look after the terminals, as it is told."""

    step: str
    who: str
    outcome: str
    expected: str
    ok: bool


def did(done: Done) -> Did:
    errand = done.errand
    who = "passer-by" if errand.kind is None else errand.kind.value
    what = (errand.matter.value, who, done.line.value)
    return Did(*what, done.outcome, errand.expected, done.as_expected)


def spread(values: Sequence[float]) -> Spread | None:
    """Median and 99th percentile by the nearest rank, or None of nothing."""
    if not values:
        return None
    ordered = sorted(values)

    def rank(percent: int) -> float:
        return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1000, 2)

    return Spread(rank(50), rank(99))


def report(
    terminal_db: Path,
    ledger_db: Path,
    activities: Iterable[ActivityRow],
    marks: DayMarks,
    taps: int,
    terminal: str,
) -> Report:
    """Counts once the town has stopped. `activities` are the town's own, not the ledger's."""
    events = _events(terminal_db)
    with sqlite3.connect(terminal_db) as connection:
        unknown = connection.execute(
            "SELECT coalesce(sum(count), 0) FROM tally WHERE name = 'unknown_card'"
        ).fetchone()[0]
    with sqlite3.connect(ledger_db) as connection:
        kept = _kept(connection, terminal)
        deeds = _deeds(connection, terminal)
        record_of = _records(connection)
        parked = connection.execute("SELECT count(*) FROM parked").fetchone()[0]
    expected = _expected(events.values(), {activity.id: activity for activity in activities})
    lost = len(events.keys() - kept.keys()) + len(expected - deeds.keys())
    twice = sum(n - 1 for n in kept.values()) + sum(n - 1 for n, _ in deeds.values())
    extra = len(deeds.keys() - expected)
    return Report(
        taps=taps,
        committed=len(events),
        applied=sum(1 for seq in events if seq in kept),
        duplicates=twice + extra,
        lost=lost,
        ledger_ok=verify(open_database(ledger_db)) is None,
        tap_commit_ms=spread(marks.commits()),
        tap_frame_ms=spread(marks.frames()),
        tap_board_ms=spread(marks.board_moves(_moments(events), record_of)),
        unknown_cards=unknown,
        deeds=len(deeds),
        points=sum(points for _, points in deeds.values()),
        parked=parked,
    )


def applied_up_to(terminal_db: Path, ledger_db: Path, terminal: str) -> bool:
    """Whether the ledger has every event that the terminal has."""
    with sqlite3.connect(ledger_db) as connection:
        return _events(terminal_db).keys() <= _kept(connection, terminal).keys()


def moments_and_records(
    terminal_db: Path, ledger_db: Path
) -> tuple[dict[int, str], dict[str, int]]:
    """The board's moment that each event made, and the feed's number that first carried it."""
    with sqlite3.connect(ledger_db) as connection:
        return _moments(_events(terminal_db)), _records(connection)


def _moments(events: Mapping[int, Envelope]) -> dict[int, str]:
    found = {}
    for seq, envelope in events.items():
        event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])
        if isinstance(event, CheckIn | SignOut):
            way = "in" if isinstance(event, CheckIn) else "out"
            found[seq] = f"{deed_id(event.activity, event.account)}.{way}"
    return found


def _records(connection: sqlite3.Connection) -> dict[str, int]:
    rows = connection.execute(
        "SELECT payload FROM change WHERE stream = ? ORDER BY number DESC", (Stream.CHANGES.value,)
    )
    found: dict[str, int] = {}
    for (payload,) in rows:
        change = msgspec.json.decode(payload, type=Change)
        for row in change.rows:
            if isinstance(row, MomentRow):
                found[row.id] = change.number
    return found


def _events(terminal_db: Path) -> dict[int, Envelope]:
    with sqlite3.connect(terminal_db) as connection:
        rows = connection.execute("SELECT seq, body FROM event").fetchall()
    return {seq: msgspec.json.decode(body, type=Envelope) for seq, body in rows}


def _kept(connection: sqlite3.Connection, terminal: str) -> dict[int, int]:
    """How often the ledger applied each seq."""
    rows = connection.execute(
        "SELECT seq, count(*) FROM received WHERE terminal = ? AND applied GROUP BY seq",
        (terminal,),
    )
    return dict(rows.fetchall())


def _deeds(connection: sqlite3.Connection, terminal: str) -> dict[str, tuple[int, int]]:
    """Transfers and points of each deed that this terminal's taps made."""
    ids = {
        deed_id(event.activity, event.account)
        for event in _attendance_events(
            msgspec.json.decode(body, type=Envelope)
            for (body,) in connection.execute(
                "SELECT body FROM received WHERE terminal = ?", (terminal,)
            )
        )
    }
    rows = connection.execute(
        "SELECT deed, count(*), sum(points) FROM transfer WHERE state <> 'voided' GROUP BY deed"
    )
    return {deed: (n, points) for deed, n, points in rows if deed in ids}


def _attendance_events(envelopes: Iterable[Envelope]) -> Iterable[CheckIn | SignOut]:
    for envelope in envelopes:
        event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])
        if isinstance(event, CheckIn | SignOut):
            yield event


def _expected(events: Iterable[Envelope], activities: dict[str, ActivityRow]) -> set[str]:
    """Deeds that the terminal's own events amount to, by the rules."""
    came: dict[tuple[str, str], AttendanceRow] = {}
    for envelope in events:
        event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])
        if not isinstance(event, CheckIn | SignOut):
            continue
        entering = isinstance(event, CheckIn)
        row = AttendanceRow(
            account=event.account,
            activity=event.activity,
            in_at=envelope.time if entering else None,
            out_at=None if entering else envelope.time,
        )
        key = (event.account, event.activity)
        came[key] = merged(came.get(key), row)
    return {
        deed_id(activity, account)
        for (account, activity), row in came.items()
        if done_at(activities[activity], row) is not None
    }
