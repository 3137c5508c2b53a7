"""A neighbour's story, in the large part of the board."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import Tale
from linli.kiosk.board.layout import Scaled
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import CARD, GOLD, GOLD_LINE, GOLD_SOFT, INK
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words

MARKS = {"star": "star", "neighbour": "neighbours"}


class StoryPage(Part):
    """Built once; `put` says which story."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._card = Panel(CARD, GOLD_LINE, border=3, stroked=True)
        self._mark = Drawing("talk", CARD)
        self._honour = Chip(GOLD, GOLD_SOFT)
        self._name = Text(INK, CARD, bold=True)
        self._title = Text(INK, CARD, bold=True, max_lines=2)
        self._text = Text(INK, CARD, valign="top", max_lines=10)
        for part in (
            self._card,
            self._mark,
            self._honour,
            self._name,
            self._title,
            self._text,
        ):
            self.add_widget(part)

    def put(self, rect: Rect, scale: float, tale: Tale) -> None:
        """Whom it is about above, then the title in one line or two, then all of the text."""
        self.box(rect)
        px = Scaled(scale)
        self._card.put(rect, px(28))
        inner = rect.inset(px(56), px(44))
        head, body = inner.cut_top(px(112), px(20))
        self._put_head(head, px, tale)
        sizes = px.sizes(64, 58, 52)
        in_one = width_of(tale.title, sizes[0], bold=True) <= body.w
        title, text = body.cut_top(px(88 if in_one else 164), px(14))
        self._title.put(title, tale.title, sizes)
        self._text.put(text, tale.text, px.sizes(60, 54, 48, 44, 40, 36, 32))

    def _put_head(self, rect: Rect, px: Scaled, tale: Tale) -> None:
        mark, rest = rect.cut_left(px(104), px(28))
        self._mark.put(mark, MARKS.get(tale.honour, "talk"))
        sizes = px.sizes(40, 36, 32)
        said = phrases.honour(tale, self._words)
        chip, left = rest.cut_right(self._honour.width_for(said, sizes), px(24))
        if not tale.name:
            chip, left = rest.cut_left(chip.w, px(24))
        self._honour.put_text(chip.centred(chip.w, px(68)), said, sizes)
        self._name.put(left, tale.name, px.sizes(56, 50, 44, 38, 32))
