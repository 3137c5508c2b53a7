"""Digits are typed on large keys. What is typed stays here until it is complete, and is forgotten
then."""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.flows.actions import Typed
from linli.kiosk.flows.visit_views import Pad
from linli.kiosk.screens.visit import telling_phrases as phrases
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, forget_widths
from linli.kiosk.theme.tokens import (
    CARD,
    GAP,
    INK,
    LINE,
    PAPER,
    RADIUS_BUTTON,
    RADIUS_CARD,
    RAIL,
    RED,
    RED_SOFT,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

DELETE, DONE = "delete", "done"
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", DELETE, "0", DONE)


class PadScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._on_act = on_act
        self._typed = ""
        self._pressed = False
        self._view: Pad | None = None
        self._look: Look | None = None
        self._question = Text(INK, PAPER, bold=True, max_lines=2, valign="bottom")
        self._note = Text(SOFT, PAPER, max_lines=3, strong=RED, valign="top")
        self._field = Panel()
        self._digits = Text(INK, CARD, bold=True, align="center")
        self._keys = [Key(key, self._press) for key in KEYS]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Pad, seconds: int | None) -> None:
        if self._view is None or view.turn != self._view.turn:
            self._typed = ""
        self.box(rect)
        self._view, self._look = view, look
        question, note = phrases.pad(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        if look.portrait:
            text, keys = body.cut_top(look.px(430), look.px(GAP))
        else:
            keys, text = body.cut_right(look.px(560), look.px(56))
        head, rest = text.cut_top(text.h * 0.38, look.px(16))
        field, low = rest.cut_top(look.px(118), look.px(18))
        self._question.put(head, question, look.type("title", "heading"))
        self._field.put(field, look.px(RADIUS_CARD))
        self._place = field.inset(look.px(20), 0)
        self._note.recolour(INK if view.trouble else SOFT, PAPER)
        self._note.put(low, note, look.type("body", "small"))
        self._put_keys(keys, look)
        self._show()
        self.foot.put(foot, look, seconds)
        shown = (self._question, self._field, self._digits, self._note)
        self.only([*shown, *self._keys, self.foot])

    def forget(self) -> None:
        super().forget()
        self._typed, self._view = "", None
        if self._pressed:
            self._pressed = False
            forget_widths()

    def _put_keys(self, rect: Rect, look: Look) -> None:
        gap = look.px(14)
        rows = rect.rows(4, gap, look.px(150))
        places = [cell for row in rows for cell in row.columns(3, gap)]
        labels = {DELETE: self._words("Delete"), DONE: self._words("OK")}
        for key, place in zip(self._keys, places, strict=True):
            key.put_key(place, look, labels.get(key.key, key.key))

    def _press(self, key: str) -> None:
        view = self._view
        if view is None:
            return
        self._pressed = True
        if key == DELETE:
            self._typed = self._typed[:-1]
        elif key != DONE and len(self._typed) < view.most:
            self._typed += key
        full = len(self._typed) == view.most and view.fewest == view.most
        self._show()
        if (key == DONE or full) and len(self._typed) >= view.fewest:
            typed, self._typed, self._view = self._typed, "", None
            self._on_act(Typed(typed))

    def _show(self) -> None:
        view, look = self._view, self._look
        if view is None or look is None:
            return
        said = "●" * len(self._typed) if view.hidden else self._typed
        if view.hidden:
            said += "○" * (view.most - len(self._typed))
        self._digits.put(self._place, " ".join(said), look.type("heading", "strong", "body"))


class Key(ButtonBehavior, Panel):
    def __init__(self, key: str, press: Callable[[str], None]) -> None:
        words = key in (DELETE, DONE)
        self._ground = RAIL if words else CARD
        super().__init__(fill=self._ground, line=LINE)
        self.key = key
        self._press = press
        self._text = Text(INK, self._ground, bold=True, align="center")
        self.add_widget(self._text)

    def put_key(self, rect: Rect, look: Look, label: str) -> None:
        self.put(rect, look.px(RADIUS_BUTTON))
        sizes = look.type("title") if len(label) == 1 else look.type("strong", "body", "small")
        self._text.put(rect.inset(look.px(8), 0), label, sizes)

    def on_state(self, _: Widget, state: str) -> None:
        down = state == "down"
        self.paint(RED_SOFT if down else self._ground, RED if down else LINE)

    def on_press(self) -> None:
        self._press(self.key)
