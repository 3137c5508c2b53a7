"""Where the board's pages come from: the replica of a board, or the ledger itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from linli.sync.messages import (
    ActivityRow,
    BoardPlanRow,
    Kind,
    MomentRow,
    NoticeRow,
    StandardChangeRow,
    StandingRow,
    StoryRow,
    UrgentRow,
    WareRow,
    WindowRow,
)
from linli.sync.replica_reads import BuildingSum


class Source(Protocol):
    """Each answers as `sync.replica_reads.ReplicaReads` promises."""

    def top(self, period: str, kind: Kind, n: int) -> Sequence[tuple[int, StandingRow]]: ...

    def count(self, period: str, kind: Kind) -> int: ...

    def buildings(self, period: str) -> Sequence[BuildingSum]: ...

    def moments(self, n: int) -> Sequence[MomentRow]: ...

    def activities(self, start: dt.datetime, end: dt.datetime) -> Sequence[ActivityRow]: ...

    def notices(self, n: int) -> Sequence[NoticeRow]: ...

    def stories(self, n: int) -> Sequence[StoryRow]: ...

    def wares(self) -> Sequence[WareRow]: ...

    def window(self, at: dt.datetime) -> WindowRow | None: ...

    def standard_changes(self, since: dt.date) -> Sequence[StandardChangeRow]: ...

    def board_plan(self) -> BoardPlanRow | None: ...

    def urgent(self, at: dt.datetime) -> UrgentRow | None: ...
