"""One's own points: what there is, where one stands, and the deeds of a month."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from linli.kiosk.flows.actions import ShowDeed, ShowNewer, ShowOlder, ShowServices, ShowShop
from linli.kiosk.flows.visit_views import Points
from linli.kiosk.screens.visit import point_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OfferButton, OnAct, RowButton
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import PAD, Text, first_fitting, width_of
from linli.kiosk.theme.tokens import (
    GAP,
    GOLD,
    GOLD_LINE,
    GOLD_SOFT,
    INK,
    PAPER,
    RADIUS_CARD,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words
from linli.kiosk.visits.own_points import DEEDS_A_PAGE


class PointsScreen(Part):
    def __init__(
        self, words: Words, on_act: OnAct, on_home: Callable[[], None], *, shop: bool = True
    ) -> None:
        super().__init__()
        self._words = words
        self._shop = shop
        self._purse = PurseCard(words)
        self._month = Text(INK, PAPER, bold=True)
        self._sum = Text(SOFT, PAPER, align="right")
        self._rows = [RowButton(on_act) for _ in range(DEEDS_A_PAGE)]
        self._empty = Text(SOFT, PAPER, align="center", max_lines=2)
        self._older, self._newer = OfferButton(on_act), OfferButton(on_act)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Points, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        if look.portrait:
            purse, side = body.cut_top(look.px(460), look.px(GAP))
        else:
            purse, side = body.cut_left(look.px(440 if look.large else 400), look.px(GAP))
        self._purse.put_purse(purse, look, view)
        shown = [self._purse, *self._put_deeds(side, look, view)]
        offers = [Offer(self._words("Services"), ShowServices())]
        if self._shop:
            offers.insert(0, Offer(self._words("Redeem"), ShowShop(), main=True))
        hint = self._words("Touch a deed to see more.") if view.deeds and not look.portrait else ""
        self.foot.put(foot, look, seconds, tuple(offers), hint=hint, back=False)
        self.only([*shown, self.foot])

    def _put_deeds(self, rect: Rect, look: Look, view: Points) -> list[Part]:
        head, body = rect.cut_top(look.px(80), look.px(10))
        shown: list[Part] = [self._month, self._sum]
        rest = head
        if view.later or view.earlier:
            place, rest = rest.cut_right(look.px(140), look.px(16))
        if view.earlier:
            self._older.offer(place, look, Offer(self._words("Older"), ShowOlder()))
            shown.append(self._older)
        if view.later:  # never where the other one was, under the finger that goes on touching
            place, rest = rest.cut_right(look.px(140), look.px(16))
            self._newer.offer(place, look, Offer(self._words("Newer"), ShowNewer()))
            shown.append(self._newer)
        month, total = rest.cut_left(rest.w * 0.5)
        for text, place, ways, sizes in (
            (self._month, month, phrases.month(view, self._words), look.type("strong")),
            (self._sum, total, phrases.month_sum(view, self._words), look.type("body")),
        ):
            text.put(place, first_fitting(ways, place.w - 2 * PAD, sizes[0], bold=text.bold), sizes)
        if not view.deeds:
            said = self._words("No deeds this month yet. Come and join in!")
            self._empty.put(body, said, look.type("body", "small"))
            return [*shown, self._empty]
        used = self._rows[: len(view.deeds)]
        places = body.rows(DEEDS_A_PAGE, look.px(8), look.px(140))
        if not view.earlier and len(used) < DEEDS_A_PAGE:
            said = self._words("Nothing earlier this year.")
            self._empty.put(places[len(used)], said, look.type("body", "small"))
            shown.append(self._empty)
        for row, deed, place in zip(used, view.deeds, places, strict=False):
            row.put_row(
                place,
                look,
                deed.title,
                phrases.deed_day(deed, self._words),
                ShowDeed(deed.id),
                end=phrases.points_of(deed),
                below=phrases.stands(deed.stands, self._words),
            )
        return [*shown, *used]


def _alike(texts: Sequence[str], width: float, sizes: tuple[float, ...]) -> tuple[float, ...]:
    """The sizes in which each of the bold texts has room: a higher rank is not written larger."""
    room = width - 2 * PAD
    found = (s for s in sizes if all(width_of(text, s, bold=True) <= room for text in texts))
    return tuple(found) or sizes[-1:]


class PurseCard(Panel):
    """What can be redeemed, largest; what is on its way; where one stands."""

    def __init__(self, words: Words) -> None:
        super().__init__(GOLD_SOFT, GOLD_LINE)
        self._words = words
        self._name = Text(INK, GOLD_SOFT, bold=True)
        self._title = Text(SOFT, GOLD_SOFT)
        self._number = Text(GOLD, GOLD_SOFT, bold=True)
        self._purses = [Text(INK, GOLD_SOFT, strong=GOLD) for _ in range(2)]
        self._places = [Text(INK, GOLD_SOFT) for _ in range(2)]
        self._ranks = [Text(INK, GOLD_SOFT, bold=True, align="right") for _ in range(2)]
        self._rank_title = Text(SOFT, GOLD_SOFT)
        for part in (
            self._name,
            self._title,
            self._number,
            *self._purses,
            self._rank_title,
            *self._places,
            *self._ranks,
        ):
            self.add_widget(part)

    def put_purse(self, rect: Rect, look: Look, view: Points) -> None:
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(28), look.px(20))
        name, inner = inner.cut_top(line_height(look.type("strong")[0]), look.px(6))
        said = phrases.points_title(view, self._words)
        self._name.put(name, said, look.type("strong", "body", "small"))
        line = line_height(look.type("body")[0])
        if look.portrait:
            left, right = inner.columns(2, look.px(40))
        else:
            lines = 2 if look.large else 3
            right, left = inner.cut_bottom(lines * (line + look.px(4)), look.px(8))
        self._put_purses(left, look, view)
        self._put_ranks(right, look, view)

    def _put_purses(self, rect: Rect, look: Look, view: Points) -> None:
        small = look.type("body", "small")
        line = line_height(small[0])
        title, rest = rect.cut_top(line)
        low, number = rest.cut_bottom(2 * line)
        self._title.put(title, self._words("To redeem"), small)
        sizes = look.type("figure", "display", "hero", "title", "heading")
        self._number.put(number, str(view.redeemable), sizes)
        said = phrases.purses(view, self._words)
        for text, place, words in zip(self._purses, low.rows(2, 0), said, strict=True):
            text.put(place, words, small)

    def _put_ranks(self, rect: Rect, look: Look, view: Points) -> None:
        small = look.type("body", "small")
        line = line_height(small[0])
        rest = rect
        if look.portrait or not look.large:
            title, rest = rect.cut_top(line, look.px(4))
            self._rank_title.put(title, self._words("Rank this month"), small)
        else:
            # In large type its line is left to the number that people come for.
            self._rank_title.put(Rect(rect.x, rect.y, 0, 0), "", small)
        rows = rest.rows(2, look.px(4), max(line, min(rest.h / 2, line * 1.3)))
        said = [phrases.rank(of, self._words) for of in view.ranks]
        halves = [place.cut_left(place.w * 0.52, look.px(8)) for place in rows]
        sizes = _alike([which for _, which in said], halves[0][1].w, small)
        for number, (where, which) in enumerate(said):
            name, right = halves[number]
            self._places[number].put(name, where, small)
            self._ranks[number].put(right, which, sizes)
