"""The calm line at the top of every screen: where we are, whether all is well, what time it is."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.flows.views import Link, Reader, Status
from linli.kiosk.screens import phrases
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import GOLD_FILL, GREEN, INK, NORMAL, PAPER, SOFT, Look
from linli.kiosk.theme.widgets import Dot
from linli.kiosk.theme.words import Words, time_of


class StatusBar(Part):
    """One row in landscape, two in portrait."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._centre = Text(INK, PAPER, bold=True)
        self._time = Text(INK, PAPER, bold=True, align="right")
        self._date = Text(SOFT, PAPER, align="right")
        self._states = [(Dot(GREEN), Text(SOFT, PAPER)) for _ in range(2)]

    @staticmethod
    def height_for(look: Look) -> float:
        return look.px(120 if look.portrait else 64) + (look.px(16) if look.large else 0)

    def put(
        self,
        rect: Rect,
        look: Look,
        centre: str,
        now: dt.datetime,
        status: Status,
        *,
        clock: bool = True,
    ) -> None:
        """Where room is short, the date is what goes."""
        self.box(rect)
        time, title, gap = time_of(now), look.type("title"), look.px(16 if look.large else 24)
        wide = width_of(time, title[0], bold=True)
        states_wide = self._states_width(status, look)
        if look.portrait:
            upper, lower = rect.cut_top(rect.h * 0.58)
            corner, name = upper.cut_right(wide, gap)
            day, states = lower.cut_right(max(0, lower.w - states_wide - gap), gap)
        else:
            corner, rest = rect.cut_right(wide, gap)
            name_wide = width_of(centre, look.px(NORMAL.strong), bold=True)
            free = max(0, rest.w - states_wide - name_wide - 2 * gap)
            day, rest = rest.cut_right(min(free, self._day_width(now, look)), gap)
            states, name = rest.cut_right(states_wide, gap)
        self._time.put(corner, time, title)
        self._centre.put(name, centre, look.type("strong", "body", "small"))
        self._put_states(states, look, status)
        parts = [self._centre, *([self._time] if clock else []), *sum(self._states, ())]
        if day.w >= self._day_width(now, look):
            self._date.put(day, self._words.day(now), look.type("small"))
            parts.append(self._date)
        self.only(parts)

    def _texts(self, status: Status) -> tuple[str, str]:
        return phrases.network(status, self._words), phrases.reader(status, self._words)

    def _put_states(self, rect: Rect, look: Look, status: Status) -> None:
        well = (status.link is Link.ONLINE, status.reader is Reader.READY)
        size = look.type("small")
        dot = look.px(16)
        for (mark, text), said, fine in zip(self._states, self._texts(status), well, strict=True):
            wide = width_of(said, size[0])
            place, rest = rect.cut_left(dot, look.px(8))
            mark.put(place.centred(dot, dot), GREEN if fine else GOLD_FILL)
            text.put(rest.cut_left(min(wide, rest.w))[0], said, size)
            rect = rest.cut_left(wide, look.px(20))[1]

    def _states_width(self, status: Status, look: Look) -> float:
        size = look.type("small")[0]
        return sum(width_of(said, size) for said in self._texts(status)) + look.px(2 * 24 + 20)

    def _day_width(self, now: dt.datetime, look: Look) -> float:
        return width_of(self._words.day(now), look.type("small")[0])
