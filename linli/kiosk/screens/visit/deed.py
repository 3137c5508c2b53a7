"""One deed: what it was, how it stands and why, and whether the public record holds it."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import BeginObjection, CheckProof
from linli.kiosk.flows.visit_views import DeedDetail, Proof, Stands
from linli.kiosk.screens.visit import point_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GAP,
    GOLD,
    GOLD_SOFT,
    GREEN,
    GREEN_SOFT,
    INK,
    LINE,
    PAPER,
    RADIUS_CARD,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words


class DeedScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True, max_lines=2, valign="bottom")
        self._detail = Text(SOFT, PAPER)
        self._points = Text(GOLD, PAPER, bold=True, align="right")
        self._open, self._good = Chip(GOLD, GOLD_SOFT), Chip(GREEN, GREEN_SOFT)
        self._bad = Chip(SOFT, PAPER, line=LINE)
        self._reason = Text(INK, PAPER, max_lines=2)
        self._proof = ProofPanel()
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: DeedDetail, seconds: int | None) -> None:
        self.box(rect)
        said = phrases.deed(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(190 if look.portrait else 156), look.px(12))
        self._put_head(head, look, view, said)
        lines = 2 * line_height(look.type("body")[0])
        tall = lines + look.px(84) if look.portrait else lines
        state, panel = body.cut_top(tall, look.px(18))
        chip = self._put_state(state, look, view, said)
        if look.portrait:
            panel = panel.cut_top(look.px(560))[0]
        self._proof.put_proof(panel, look, said, view.proof)
        offers = []
        if said.may_check:
            offers.append(Offer(self._words("Check it"), CheckProof(), main=True))
        if objection := phrases.objection_offer(view, self._words):
            offers.append(Offer(objection, BeginObjection()))
        self.foot.put(foot, look, seconds, tuple(offers))
        words = (self._title, self._detail, self._points, self._reason)
        self.only([*words, chip, self._proof, self.foot])

    def _put_head(self, rect: Rect, look: Look, view: DeedDetail, said: phrases.DeedWords) -> None:
        points = phrases.points_of(view.deed)
        right, text = rect.cut_right(width_of(points, look.type("display")[0], bold=True))
        low, title = text.cut_bottom(line_height(look.type("body")[0]))
        self._points.put(right, points, look.type("display", "hero"))
        self._title.put(title, view.deed.title, look.type("title", "heading", "strong", "body"))
        self._detail.put(low, said.detail, look.type("body", "small"))

    def _put_state(self, rect: Rect, look: Look, view: DeedDetail, said: phrases.DeedWords) -> Chip:
        chip = {Stands.PENDING: self._open, Stands.POSTED: self._good}.get(
            view.deed.stands, self._bad
        )
        sizes = look.type("body")
        wide = chip.width_for(said.chip, sizes)
        if look.portrait:
            place, text = rect.cut_top(sizes[0] * 1.8, look.px(12))
            place = place.cut_left(wide)[0]
        else:
            place, text = rect.cut_left(wide, look.px(24))
        chip.put_text(place.centred(wide, sizes[0] * 1.8), said.chip, sizes)
        self._reason.put(text, said.reason, look.type("body", "small"))
        return chip


class ProofPanel(Panel):
    """Where the record's answer is said, and how it was found."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing("seal", CARD)
        self._headline = Text(INK, CARD, bold=True, max_lines=2, valign="bottom")
        self._how = Text(SOFT, CARD, max_lines=5, valign="top")
        for part in (self._drawing, self._headline, self._how):
            self.add_widget(part)

    def put_proof(self, rect: Rect, look: Look, said: phrases.DeedWords, proof: Proof) -> None:
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(32), look.px(18))
        side = min(inner.h, look.px(150))
        place, text = inner.cut_left(side, look.px(30))
        drawing = {Proof.PROVEN: "tick", Proof.WRONG: "warning"}.get(proof, "seal")
        self._drawing.put(place.centred(side, side), drawing)
        upper, lower = text.cut_top(text.h * 0.36, look.px(6))
        self._headline.put(upper, said.proof, look.type("heading", "strong", "body"))
        self._how.put(lower, said.how, look.type("body", "small"))
