"""All screens of the terminal in one place: status bar, the line of the person before, the view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from linli.kiosk.flows.actions import ShowPoints
from linli.kiosk.flows.afar_views import OutOfService
from linli.kiosk.flows.views import Choose, Home, PhoneLink, Refused, Screen, Success
from linli.kiosk.screens import phrases
from linli.kiosk.screens.home import HomeScreen
from linli.kiosk.screens.status_bar import StatusBar
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    GOLD,
    GREEN_SOFT,
    INK,
    MARGIN,
    RADIUS_BUTTON,
    Look,
)
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

if TYPE_CHECKING:
    from linli.kiosk.screens.afar import OutOfServiceScreen
    from linli.kiosk.screens.choose import ChooseScreen
    from linli.kiosk.screens.foot import Foot
    from linli.kiosk.screens.phone import PhoneScreen
    from linli.kiosk.screens.success import SuccessScreen
    from linli.kiosk.screens.trouble import TroubleScreen
    from linli.kiosk.screens.visit.foot import VisitFoot
    from linli.kiosk.screens.visit.screens import VisitScreens


class Shell(Part):
    """A tap's screens are built once, and shown by giving them new values: it never waits for
    widgets to be made. Those of a visit are made as somebody comes to them. All but the resting one
    are loaded after the first frame (`warm_up.py`): to import them takes as long as to draw that.
    """

    def __init__(
        self,
        words: Words,
        *,
        on_choose: Callable[[str], None],
        on_act: OnAct,
        on_home: Callable[[], None],
    ) -> None:
        super().__init__()
        self._words = words
        self._on_choose, self._on_act, self._on_home = on_choose, on_act, on_home
        self._centre = ""
        self._status = StatusBar(words)
        self._also = AlsoLine(words)
        self._home = HomeScreen(words, on_act)
        self._success: SuccessScreen | None = None
        self._trouble: TroubleScreen | None = None
        self._choose: ChooseScreen | None = None
        self._phone: PhoneScreen | None = None
        self._out: OutOfServiceScreen | None = None
        self._visits: VisitScreens | None = None
        self._foot: Foot | VisitFoot | None = None
        self._used = False

    def put(
        self,
        rect: Rect,
        screen: Screen,
        now: dt.datetime,
        seconds: int | None,
        *,
        clock: bool = True,
    ) -> None:
        """Shows a screen in `rect`. `seconds` are left until home; the place of the time stays
        empty without `clock`."""
        self.box(rect)
        look, bar, line, body = self._rooms(rect, screen)
        if isinstance(screen.view, Home | OutOfService):
            self._centre = screen.view.centre
        self._status.put(bar, look, self._centre, now, screen.status, clock=clock)
        shown: list[Part] = [self._status]
        if screen.also is not None:
            self._used = True
            self._also.put_moment(line, look, screen.also)
            shown.append(self._also)
        self.only([*shown, self._view(body, look, screen, seconds)])

    def _rooms(self, rect: Rect, screen: Screen) -> tuple[Look, Rect, Rect, Rect]:
        """The look, and the places of the status bar, the line of the one before, and the view."""
        look = Look((rect.w, rect.h), screen.status.large_type)
        inner = rect.inset(look.px(MARGIN), look.px(28))
        bar, body = inner.cut_top(StatusBar.height_for(look), look.px(16))
        line = Rect(body.x, body.top, body.w, 0)
        if screen.also is not None:
            line, body = body.cut_top(look.px(76 if look.large else 64), look.px(16))
        return look, bar, line, body

    def warm(self, rect: Rect, screen: Screen) -> None:
        """Draws a view out of sight; what is in sight stays."""
        foot = self._foot
        look, _, _, body = self._rooms(rect, screen)
        self._view(body, look, screen, 5)
        if isinstance(screen.view, Refused):
            self.trouble_screen().prepare()
        self._foot = foot

    def count(self, seconds: int | None) -> None:
        if self._foot is not None:
            self._foot.count(seconds)

    def _view(self, body: Rect, look: Look, screen: Screen, seconds: int | None) -> Part:
        self._used = self._used or not isinstance(screen.view, Home)
        match screen.view:
            case Home():
                self._foot = None
                self.forget()
                self._home.put(body, look, screen.view, screen.status)
                return self._home
            case OutOfService():
                self._foot = None
                self.forget()
                self._used = True
                out = self.out_of_service_screen()
                out.put(body, look, screen.view)
                return out
            case Success():
                done = self.success_screen()
                self._foot = done.foot
                done.put(body, look, screen.view, seconds)
                return done
            case Refused():
                trouble = self.trouble_screen()
                self._foot = trouble.foot
                trouble.put(body, look, screen.view, seconds)
                return trouble
            case Choose():
                choose = self.choose_screen()
                self._foot = choose.foot
                choose.put(body, look, screen.view, seconds)
                return choose
            case PhoneLink():
                phone = self.phone_screen()
                self._foot = phone.foot
                phone.put(body, look, screen.view, seconds)
                return phone
            case _:
                visits = self.visit_screens()
                visiting = visits.put(body, look, screen.view, seconds)
                self._foot = visits.foot
                return visiting

    def forget(self) -> None:
        """Nobody stands here any more. What the resting screen says is nobody's."""
        if not self._used:
            return
        self._used = False
        for part in (
            self._also,
            self._success,
            self._trouble,
            self._choose,
            self._phone,
            self._out,
        ):
            if part is not None:
                part.forget()
        if self._visits is not None:
            self._visits.forget()

    def put_away(self) -> None:
        """While nobody is there: what can be had again is not kept."""
        if self._visits is not None:
            self._visits.put_away()

    def _show_points(self, trace: str) -> None:
        self._on_act(ShowPoints(trace))

    def visit_screens(self) -> VisitScreens:
        from linli.kiosk.screens.visit.screens import VisitScreens

        self._visits = self._visits or VisitScreens(self._words, self._on_act, self._on_home)
        return self._visits

    def success_screen(self) -> SuccessScreen:
        from linli.kiosk.screens.success import SuccessScreen

        self._success = self._success or SuccessScreen(
            self._words, self._show_points, self._on_home
        )
        return self._success

    def trouble_screen(self) -> TroubleScreen:
        from linli.kiosk.screens.trouble import TroubleScreen

        self._trouble = self._trouble or TroubleScreen(
            self._words, self._show_points, self._on_home
        )
        return self._trouble

    def choose_screen(self) -> ChooseScreen:
        from linli.kiosk.screens.choose import ChooseScreen

        if self._choose is None:
            self._choose = ChooseScreen(self._words, self._on_choose, self._on_home)
        return self._choose

    def out_of_service_screen(self) -> OutOfServiceScreen:
        from linli.kiosk.screens.afar import OutOfServiceScreen

        self._out = self._out or OutOfServiceScreen(self._words)
        return self._out

    def phone_screen(self) -> PhoneScreen:
        from linli.kiosk.screens.phone import PhoneScreen

        self._phone = self._phone or PhoneScreen(self._words, self._on_home)
        return self._phone


class AlsoLine(Panel):
    """One line with a tick: the moment of the person who tapped just before."""

    def __init__(self, words: Words) -> None:
        super().__init__(GREEN_SOFT, GREEN_SOFT)
        self._words = words
        self._tick = Drawing("tick", GREEN_SOFT)
        self._text = Text(INK, GREEN_SOFT)
        self._points = Text(GOLD, GREEN_SOFT, bold=True, align="right")
        for part in (self._tick, self._text, self._points):
            self.add_widget(part)

    def put_moment(self, rect: Rect, look: Look, view: Success) -> None:
        self.put(rect, look.px(RADIUS_BUTTON))
        inner = rect.inset(look.px(20), 0)
        side = look.px(40)
        tick, rest = inner.cut_left(side, look.px(16))
        size = look.type("small")
        won = phrases.also_points(view, self._words)
        points, text = rest.cut_right(width_of(won, size[0], bold=True), look.px(12))
        self._tick.put(tick.centred(side, side))
        self._text.put(text, phrases.also(view, self._words), size)
        self._points.put(points, won, size)
