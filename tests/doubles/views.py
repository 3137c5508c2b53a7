"""View states that more than one test starts from."""

from __future__ import annotations

import datetime as dt

from linli.board.state import BoardState, Tab
from linli.kiosk.flows.views import Standing, Success


def checked_in(at: dt.datetime) -> Success:
    """张*三 at 平安巡逻, to sign out an hour later: third, five points behind the second."""
    return Success(
        signed_out=False,
        name="张*三",
        title="平安巡逻",
        place="南门岗亭",
        at=at,
        points=10,
        counted=True,
        sign_out_after=at + dt.timedelta(hours=1),
        redeemable=240,
        pending=25,
        standing=Standing("阳光社区", 3, 5, 2, 0.8),
        done_this_month=7,
        done_by_class=(("平安创建", 4), ("卫生整治", 3)),
        trace="sample",
    )


def board_with_nobody(now: dt.datetime) -> BoardState:
    """A board's page in a month that has no deeds yet."""
    return BoardState(
        place="阳光社区",
        now=now,
        tab=Tab.RESIDENT,
        month="2026-11",
        ranks=(),
        latest=(),
        coming=(),
        coming_is_today=True,
        updated_at=None,
        offline=False,
        record=0,
        participants=0,
    )
