"""The self-test: what is wrong first, each a button to what can be done; the rest in few rows."""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.doctor.finding import WELL_STATES, Finding, State
from linli.kiosk.doctor.phrases import said
from linli.kiosk.flows.maintenance_views import Diagnosis, Room, SelfTest, ShowFinding, TestScreen
from linli.kiosk.screens.maintenance import phrases
from linli.kiosk.screens.maintenance.phrases import Rest
from linli.kiosk.screens.visit.buttons import Offer, OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GAP,
    GREEN,
    INK,
    LINE,
    PAPER,
    RADIUS_CARD,
    RED,
    RED_SOFT,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

REST, MOST = 3, 9
TROUBLE, NAMES, PLAIN, BETWEEN = 136, 176, 80, 12
"""Heights: of a trouble, of a row of names, of a row with one word."""
LARGER = 1.22
"""What large type takes."""


class SelfTestScreen(Part):
    """What is wrong at the left or above, the rest beside or below it."""

    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._heading = Text(SOFT, PAPER, align="right")
        self._drawing = Drawing("tick", PAPER)
        self._sentence = Text(INK, PAPER, bold=True, align="center", valign="top", max_lines=2)
        self._troubles = [TroubleRow(words, on_act) for _ in range(MOST)]
        self._rest = [RestRow() for _ in range(REST)]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: SelfTest, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(84), look.px(16))
        title, heading = head.cut_left(head.w * 0.4)
        name = phrases.room(Room.SELF_TEST, self._words).title
        said = phrases.heading(view, self._words)
        self._title.put(title, name, look.type("title", "heading"))
        facts = phrases.rest(view, self._words)
        gap, plain = look.px(BETWEEN), look.px(PLAIN)
        names = _high(look, NAMES) if look.portrait else body.h - (len(facts) - 1) * (plain + gap)
        heights = [names if fact.names else plain for fact in facts]
        if look.portrait:
            left, right = body.cut_top(body.h - sum(heights) - gap * (len(heights) - 1), gap)
        else:
            left, right = body.cut_left(body.w * 0.5, look.px(GAP))
        wrong = [one for one in view.findings if one.state not in WELL_STATES]
        shown: list[Part] = list(self._put_troubles(left, look, wrong))
        if wrong:
            self._heading.put(heading, said, look.type("body", "small"))
            shown.append(self._heading)
        else:
            shown += self._put_well(left, look, said, under_way=view.under_way)
        rest = self._rest[: len(facts)]
        for row, height, fact in zip(rest, heights, facts, strict=True):
            place, right = right.cut_top(height, gap)
            row.put_rest(place, look, fact)
        offer = Offer(self._words("Test the screen"), TestScreen(), main=True)
        self.foot.put(foot, look, seconds, (offer,))
        self.only([self._title, *shown, *rest, self.foot])

    def _put_troubles(self, place: Rect, look: Look, wrong: list[Finding]) -> list[TroubleRow]:
        """As many as have room: the worst come first, and mending them makes room."""
        high, gap = _high(look, TROUBLE), look.px(BETWEEN)
        wrong = wrong[: min(MOST, int((place.h + gap) // (high + gap)))]
        rows = self._troubles[: len(wrong)]
        for row, finding in zip(rows, wrong, strict=True):
            row_place, place = place.cut_top(high, gap)
            row.put_finding(row_place, look, finding)
        return rows

    def _put_well(self, place: Rect, look: Look, said: str, *, under_way: bool) -> list[Part]:
        block = place.centred(place.w, min(place.h, look.px(340)))
        upper, lower = block.cut_top(block.h * 0.6, look.px(20))
        self._drawing.put(upper, "clock" if under_way else "tick")
        self._sentence.put(lower, said, look.type("heading", "strong", "body"))
        return [self._drawing, self._sentence]


def _high(look: Look, height: float) -> float:
    return look.px(height * LARGER if look.large else height)


class TroubleRow(ButtonBehavior, Panel):
    def __init__(self, words: Words, on_act: OnAct) -> None:
        super().__init__()
        self._words, self._on_act = words, on_act
        self._finding: Finding | None = None
        self._mark = Drawing("warning", CARD)
        self._title = Text(INK, CARD, bold=True, valign="bottom")
        self._sentence = Text(SOFT, CARD, valign="top", max_lines=2)
        self._more = Text(RED, CARD, bold=True, align="right")

    def put_finding(self, rect: Rect, look: Look, finding: Finding) -> None:
        self._finding = finding
        self.paint(CARD, RED if finding.state is State.BROKEN else LINE)
        self.put(rect, look.px(RADIUS_CARD))
        told = said(finding, self._words)
        sizes = look.type("body", "small")
        side = look.px(56)
        mark, inner = rect.inset(look.px(24), look.px(6)).cut_left(side, look.px(20))
        head, sentence = inner.cut_top(inner.h * 0.38)
        what_to_do = self._words("What to do")
        wide = width_of(what_to_do, sizes[0], bold=True) + look.px(12)
        more, title = head.cut_right(wide, look.px(16))
        self._mark.put(mark.centred(side, side))
        self._more.put(more, what_to_do, sizes)
        self._title.put(title, told.title, look.type("strong", "body", "small"))
        self._sentence.put(sentence, told.sentence, sizes)
        self.only([self._mark, self._title, self._sentence, self._more])

    def on_state(self, _: Widget, state: str) -> None:
        if self._finding is not None:
            broken = self._finding.state is State.BROKEN
            self.paint(RED_SOFT if state == "down" else CARD, RED if broken else LINE)

    def on_release(self) -> None:
        if self._finding is not None:
            self._on_act(ShowFinding(self._finding.subject))


class RestRow(Panel):
    """One word about one thing, or many names below what they have in common."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(SOFT, CARD)
        self._value = Text(INK, CARD, bold=True, align="right")
        self._names = Text(INK, CARD, valign="top", max_lines=4)

    def put_rest(self, rect: Rect, look: Look, rest: Rest) -> None:
        self.put(rect, look.px(RADIUS_CARD))
        inner, sizes = rect.inset(look.px(24), look.px(10)), look.type("body", "small")
        if rest.names:
            title, names = inner.cut_top(look.px(44), look.px(4))
            self._title.put(title, rest.title, sizes)
            self._names.put(names, rest.names, look.type("small"))
            self.only([self._title, self._names])
        else:
            title, value = inner.cut_left(inner.w * 0.42, look.px(12))
            self._title.put(title, rest.title, sizes)
            self._value.recolour(GREEN if rest.good else INK, CARD)
            self._value.put(value, rest.value, sizes)
            self.only([self._title, self._value])


class DiagnosisScreen(Part):
    """What was found, and what to do."""

    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("warning")
        self._title = Text(SOFT, PAPER, bold=True, valign="bottom")
        self._sentence = Text(INK, PAPER, bold=True, max_lines=3)
        self._remedy = Text(INK, PAPER, valign="top", max_lines=6)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Diagnosis, seconds: int | None) -> None:
        self.box(rect)
        told = said(view.finding, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        side = look.px(220)
        if look.portrait:
            block = body.centred(body.w, min(body.h, look.px(1000)))
            place, text = block.cut_top(side, look.px(40))
        else:
            place, text = body.cut_left(side, look.px(56))
        self._drawing.put(place.centred(side, side))
        title, text = text.cut_top(text.h * 0.16, look.px(8))
        sentence, remedy = text.cut_top(text.h * 0.4, look.px(18))
        self._title.put(title, told.title, look.type("body", "small"))
        self._sentence.put(sentence, told.sentence, look.type("title", "heading", "strong", "body"))
        self._remedy.put(remedy, told.remedy, look.type("strong", "body", "small"))
        self.foot.put(foot, look, seconds)
        self.only([self._drawing, self._title, self._sentence, self._remedy, self.foot])
