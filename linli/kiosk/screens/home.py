"""The resting screen: the invitation to tap, and today's activities."""

from __future__ import annotations

from linli.kiosk.flows.actions import Open, ReportLoss, SetLargeType
from linli.kiosk.flows.afar_views import Notice
from linli.kiosk.flows.views import Home, Status
from linli.kiosk.flows.visit_views import Module
from linli.kiosk.screens import phrases
from linli.kiosk.screens.activity import ActivityRow
from linli.kiosk.screens.notice import NoticeBand
from linli.kiosk.screens.visit.buttons import Door, Offer, OfferButton, OnAct
from linli.kiosk.screens.visit.telling_phrases import module
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import CARD, GAP, INK, PAPER, RADIUS_CARD, RED, SOFT, Look
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

MOST_ROWS = 6
SMALLEST_CARD = 100
SMALLEST_MARK = 60
"""Of the drawings: smaller ones say less than the room around them."""
LOWEST_ROW, LOWEST_LARGE_ROW = 84, 92
"""Of an activity, below a notice."""


class HomeScreen(Part):
    def __init__(self, words: Words, on_act: OnAct) -> None:
        super().__init__()
        self._words = words
        self._doors = [Door(on_act) for _ in Module]
        self._invitation = Invitation()
        self._notice = NoticeBand(words)
        self._type, self._lost = OfferButton(on_act), OfferButton(on_act)
        self._title = Text(SOFT, PAPER)
        self._more = Text(SOFT, PAPER, align="right")
        self._rows = [ActivityRow(words) for _ in range(MOST_ROWS)]
        self._empty = Panel()
        self._empty_mark = Drawing("memo", CARD)
        self._empty_title = Text(INK, CARD, bold=True, align="center", max_lines=2)
        self._empty_note = Text(SOFT, CARD, align="center", max_lines=2)

    def put(self, rect: Rect, look: Look, view: Home, status: Status) -> None:
        self.box(rect)
        gap = look.px(GAP)
        if look.portrait:
            red, side = rect.cut_top(look.px(560), gap)
        else:
            red, side = rect.cut_left(look.px(548), gap)
        switch, red = red.cut_bottom(look.px(96 if look.large else 84), look.px(16))
        below = self._put_below(switch, look, view)
        doors = self._put_doors(side, look, view) if view.modules else []
        if doors:
            side = side.cut_bottom(doors_height(look), gap)[1]
        shown: list[Part] = [self._invitation, *below]
        if view.notice is not None:
            side = self._put_notice(side, look, view.notice)
            shown.append(self._notice)
        head, body = side.cut_top(line_height(look.type("body")[0]), look.px(12))
        rows = room_for_rows(body.h, look)
        said = phrases.home(view, status, rows, self._words)
        self._invitation.put(red, look, said)
        if view.activities:
            shown += self._put_rows(head, body, look, view, said, rows)
        else:
            shown += self._put_empty(side, look, said)
        self.only([*shown, *doors])

    def _put_notice(self, rect: Rect, look: Look, notice: Notice) -> Rect:
        """What is left below it: one activity at least."""
        row = look.px(28 + (LOWEST_LARGE_ROW if look.large else LOWEST_ROW))
        room = rect.h - line_height(look.type("body")[0]) - row
        high = self._notice.fit(look, rect.w, room, notice)
        band, below = rect.cut_top(high, look.px(16))
        self._notice.put_notice(band, look)
        return below

    def _put_below(self, rect: Rect, look: Look, view: Home) -> list[Part]:
        """Large type for whoever needs it now, and back; and for who has no card to tap."""
        label = self._words("Normal type") if look.large else self._words("Large type")
        offers = [(self._type, Offer(label, SetLargeType(not look.large)))]
        if view.modules:
            offers.append((self._lost, Offer(self._words("Card lost?"), ReportLoss())))
        places = rect.columns(len(offers), look.px(16))
        for (button, offer), place in zip(offers, places, strict=True):
            button.offer(place, look, offer)
        return [button for button, _ in offers]

    def _put_doors(self, rect: Rect, look: Look, view: Home) -> list[Door]:
        places = rect.cut_bottom(doors_height(look))[0].columns(len(view.modules), look.px(16))
        used = self._doors[: len(view.modules)]
        for door, place, which in zip(used, places, view.modules, strict=True):
            said = module(which, self._words)
            door.put_door(place, look, said.drawing, said.title, Open(which))
        return used

    def _put_rows(
        self, head: Rect, body: Rect, look: Look, view: Home, said: phrases.HomeWords, rows: int
    ) -> list[Part]:
        right, left = head.cut_right(head.w * 0.4)
        self._title.put(left, said.title, look.type("body"))
        self._more.put(right, said.more, look.type("small"))
        cards = view.activities[:rows]
        places = body.rows(max(len(cards), min(rows, 3)), look.px(16), look.px(210))
        used = self._rows[: len(cards)]
        for row, card, place in zip(used, cards, places, strict=False):
            row.put_card(place, look, card, says_now=True)
        return [self._title, self._more, *used]

    def _put_empty(self, rect: Rect, look: Look, said: phrases.HomeWords) -> list[Part]:
        self._empty.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(40))
        block = inner.centred(inner.w, min(inner.h, look.px(330)))
        words = line_height(look.type("heading")[0]) * 1.1 + line_height(look.type("small")[0])
        mark_high = min(look.px(150), max(0.0, block.h - words - look.px(32)))
        mark, rest = block.cut_top(mark_high, look.px(28) if mark_high else 0)
        title, note = rest.cut_top(line_height(look.type("heading")[0]) * 1.1, look.px(4))
        self._empty_mark.put(mark)
        self._empty_title.put(title, said.empty, look.type("heading", "strong"))
        self._empty_note.put(note.cut_top(look.px(90))[0], said.empty_note, look.type("small"))
        mark_too = [self._empty_mark] if mark_high >= look.px(SMALLEST_MARK) else []
        return [self._empty, *mark_too, self._empty_title, self._empty_note]


def doors_height(look: Look) -> float:
    return look.px(190 if look.large else 164)


def room_for_rows(height: float, look: Look) -> int:
    """How many rows of a comfortable height there are."""
    row, gap = look.px(152 if look.large else 128), look.px(16)
    return max(1, min(MOST_ROWS, int((height + gap) // (row + gap))))


class Invitation(Panel):
    """The one red area: what to do, in the largest words of the screen."""

    def __init__(self) -> None:
        super().__init__(RED, RED)
        self._words = Text(CARD, RED, bold=True, valign="top", max_lines=3)
        self._below = Text(CARD, RED, max_lines=3, valign="bottom")
        self._card = Drawing("card", RED)

    def put(self, rect: Rect, look: Look, said: phrases.HomeWords) -> None:  # type: ignore[override]
        super().put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(48), look.px(40))
        words, rest = inner.cut_top(line_height(look.type("display")[0]) * 2, look.px(8))
        self._words.put(words, said.invitation, look.type("display", "hero", "title", "heading"))
        if look.portrait:
            side = min(rest.h, look.px(300))
            card, below = rest.cut_right(side, look.px(24))
        else:
            below, middle = rest.cut_bottom(line_height(look.type("body")[0]) * 2, look.px(8))
            side = min(middle.h, look.px(330))
            card = middle.cut_right(side)[0]
        if side >= look.px(SMALLEST_CARD):
            self._card.put(card.centred(side, side))
            self.only([self._card, self._words, self._below])
        else:
            self.only([self._words, self._below])
        self._below.put(below, said.below, look.type("body", "small"))
