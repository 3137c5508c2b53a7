"""What a finger touches on the screens of a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.flows.actions import Action
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GOLD,
    INK,
    LINE,
    RADIUS_BUTTON,
    RADIUS_CARD,
    RED,
    RED_DEEP,
    RED_SOFT,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Panel

OnAct = Callable[[Action], None]
CLOSE = 1.25
"""Of two lines in a low row: their height by their size."""


@dataclass(frozen=True)
class Offer:
    """A button: what it says and does; `main` is the one the screen is there for."""

    label: str
    act: Action
    main: bool = False


class OfferButton(ButtonBehavior, Panel):
    def __init__(self, on_act: OnAct) -> None:
        super().__init__(fill=CARD, line=RED, border=3)
        self._on_act = on_act
        self._offer: Offer | None = None
        self.text = Text(RED, CARD, bold=True, align="center", max_lines=2)
        self.add_widget(self.text)

    def offer(
        self,
        rect: Rect,
        look: Look,
        offer: Offer,
        steps: tuple[str, ...] = ("strong", "body", "small"),
    ) -> None:
        """`steps` are the sizes of its words."""
        self._offer = offer
        ink, ground = (CARD, RED) if offer.main else (RED, CARD)
        self.paint(ground, RED)
        self.text.recolour(ink, ground)
        self.put(rect, look.px(RADIUS_BUTTON))
        self.text.put(rect.inset(look.px(10), 0), offer.label, look.type(*steps))

    def forget(self) -> None:
        super().forget()
        self._offer = None

    def on_state(self, _: Widget, state: str) -> None:
        if self._offer is None:
            return
        down = state == "down"
        if self._offer.main:
            self.paint(RED_DEEP if down else RED, RED)
        else:
            self.paint(RED_SOFT if down else CARD, RED)

    def on_release(self) -> None:
        if self._offer is not None:
            self._on_act(self._offer.act)

    @staticmethod
    def width_for(look: Look, label: str) -> float:
        return max(width_of(label, look.type("strong")[0], bold=True) + look.px(60), look.px(180))


class Touchable(ButtonBehavior, Panel):
    """A surface that does something when it is touched, and shows that it is."""

    def __init__(self, on_act: OnAct) -> None:
        super().__init__()
        self._on_act = on_act
        self._act: Action | None = None

    def does(self, act: Action | None) -> None:
        """What a touch does from now on; None where there is nothing to do."""
        self._act = act

    def on_state(self, _: Widget, state: str) -> None:
        down = state == "down" and self._act is not None
        self.paint(RED_SOFT if down else CARD, RED if down else LINE)

    def on_release(self) -> None:
        if self._act is not None:
            self._on_act(self._act)

    def forget(self) -> None:
        super().forget()
        self._act = None


class RowButton(Touchable):
    """A row: a title, a note below it, and something short at its end."""

    def __init__(self, on_act: OnAct) -> None:
        super().__init__(on_act)
        self._drawing = Drawing("memo", CARD)
        self._title = Text(INK, CARD, bold=True)
        self._note = Text(SOFT, CARD)
        self._end = Text(GOLD, CARD, bold=True, align="right")
        self._below = Text(SOFT, CARD, align="right")

    def put_row(
        self,
        rect: Rect,
        look: Look,
        title: str,
        note: str,
        act: Action,
        *,
        end: str = "",
        below: str = "",
        drawing: str = "",
    ) -> None:
        self.does(act)
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(24), look.px(3))
        shown: list[Part] = [self._title]
        if drawing:
            side = min(inner.h * 0.84, look.px(92))
            place, inner = inner.cut_left(side, look.px(22))
            self._drawing.put(place.centred(side, side), drawing)
            shown.append(self._drawing)
        both = bool(note or below)
        sizes, small = title_sizes(inner.h, look, both), look.type("small")
        if end:
            wide = width_of(end, sizes[0], bold=True)
            wide = max(wide, width_of(below, small[0])) if below else wide
            right, inner = inner.cut_right(wide, look.px(18))
            upper, lower = two_lines(right, sizes[0], small[0], both=bool(below))
            self._end.put(upper, end, sizes)
            shown.append(self._end)
            if below:
                self._below.put(lower, below, small)
                shown.append(self._below)
        upper, lower = two_lines(inner, sizes[0], small[0], both=bool(note))
        self._title.put(upper, title, sizes)
        if note:
            self._note.put(lower, note, small)
            shown.append(self._note)
        self.only(shown)


def title_sizes(height: float, look: Look, both: bool) -> tuple[float, ...]:
    """The sizes of a title that has room with a small line close below it."""
    sizes = look.type("strong", "body", "small")
    below = CLOSE * look.type("small")[0] if both else 0
    return tuple(size for size in sizes if CLOSE * size + below <= height) or sizes[-1:]


def two_lines(rect: Rect, title: float, small: float, *, both: bool) -> tuple[Rect, Rect]:
    """The places of a line and a smaller one below it, together in the middle."""
    if not both:
        return rect, rect
    block = rect.centred(rect.w, min(rect.h, line_height(title) + line_height(small)))
    lower, upper = block.cut_bottom(block.h * small / (title + small))
    return upper, lower


class Tile(Touchable):
    """A large button with a drawing: what it does, and a note."""

    def __init__(self, on_act: OnAct) -> None:
        super().__init__(on_act)
        self._drawing = Drawing("memo", CARD)
        self._title = Text(INK, CARD, bold=True, max_lines=2)
        self._note = Text(SOFT, CARD, max_lines=2)

    def put_tile(
        self, rect: Rect, look: Look, drawing: str, title: str, note: str, act: Action
    ) -> None:
        self.does(act)
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(22), look.px(12))
        side = min(inner.h, inner.w * 0.34, look.px(120))
        place, text = inner.cut_left(side, look.px(18))
        self._drawing.put(place.centred(side, side), drawing)
        small = look.type("small")
        room = text.h - line_height(look.type("body")[0])
        lines = min(2, int((room + 1) / line_height(small[0]))) if note else 0
        low = lines * line_height(small[0])
        high = min(text.h - low, line_height(look.type("strong")[0]) * (1 if lines else 2))
        upper, lower = text.centred(text.w, high + low).cut_top(high)
        self._title.put(upper, title, look.type("strong", "body", "small"))
        shown: list[Part] = [self._drawing, self._title]
        if lines:
            self._note.put(lower, note, small, lines)
            shown.append(self._note)
        self.only(shown)


class Door(Touchable):
    """A door of the resting screen: a drawing, and below it what is behind."""

    def __init__(self, on_act: OnAct) -> None:
        super().__init__(on_act)
        self._drawing = Drawing("memo", CARD)
        self._title = Text(INK, CARD, bold=True, align="center", max_lines=2)
        self.add_widget(self._drawing)
        self.add_widget(self._title)

    def put_door(self, rect: Rect, look: Look, drawing: str, title: str, act: Action) -> None:
        self.does(act)
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(10), look.px(12))
        sizes = look.type("body", "small")
        lines = 1 if width_of(title, sizes[-1], bold=True) <= inner.w else 2
        low, high = inner.cut_bottom(lines * line_height(sizes[-lines]), look.px(4))
        side = min(high.h, look.px(92))
        self._drawing.put(high.centred(side, side), drawing)
        self._title.put(low, title, sizes[lines - 1 :], lines)


def tile_places(rect: Rect, n: int, look: Look, tallest: float) -> list[Rect]:
    """A column in portrait, two columns in landscape."""
    gap = look.px(18)
    if look.portrait:
        return rect.rows(n, gap, tallest)
    grid = [row.columns(2, gap) for row in rect.rows((n + 1) // 2, gap, tallest)]
    return [cell for row in grid for cell in row][:n]
