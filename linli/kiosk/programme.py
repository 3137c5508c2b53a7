"""A centre's activities around today, read again when they or the day have changed."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.flows.views import ActivityCard
from linli.sync.messages import ActivityRow
from linli.sync.periods import SHANGHAI, business_day
from linli.sync.replica import Replica
from linli.sync.rules import check_in_open


class Programme:
    """`centre` is the id that activities carry."""

    def __init__(self, replica: Replica, centre: str) -> None:
        self._replica = replica
        self._centre = centre
        self._read: tuple[tuple[int, dt.date], list[ActivityRow]] | None = None

    def around(self, now: dt.datetime) -> list[ActivityRow]:
        """From yesterday to tomorrow: one may go on past midnight, or open before it."""
        key = (self._replica.programme, business_day(now))
        if self._read is None or self._read[0] != key:
            self._read = (key, self._activities(key[1]))
        return self._read[1]

    def left_today(self, now: dt.datetime) -> list[ActivityRow]:
        """Today's that are not over."""
        return [
            activity
            for activity in self.around(now)
            if business_day(activity.starts_at) == business_day(now) and activity.ends_at >= now
        ]

    def card(self, activity: ActivityRow, now: dt.datetime) -> ActivityCard:
        """As the screens show it at this moment."""
        return ActivityCard(
            id=activity.id,
            title=activity.title,
            place=activity.place,
            starts_at=activity.starts_at.astimezone(SHANGHAI),
            ends_at=activity.ends_at.astimezone(SHANGHAI),
            points=activity.points,
            present=self._replica.present(activity.id),
            open_now=check_in_open(activity, now),
        )

    def _activities(self, day: dt.date) -> list[ActivityRow]:
        midnight = dt.datetime.combine(day, dt.time(), SHANGHAI)
        yesterday, after_tomorrow = (midnight + dt.timedelta(days=n) for n in (-1, 2))
        return [
            activity
            for activity in self._replica.activities(yesterday, after_tomorrow)
            if activity.centre == self._centre and not activity.cancelled
        ]
