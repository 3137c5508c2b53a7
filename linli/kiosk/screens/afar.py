"""What the terminal shows because somebody wants it from afar."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.afar_views import AfarView, AnswerPicture, AskPicture, OutOfService
from linli.kiosk.flows.maintenance_views import MaintenanceView
from linli.kiosk.flows.visit_views import VisitView
from linli.kiosk.screens import afar_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OfferButton, OnAct
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, SOFT, Look
from linli.kiosk.theme.words import Words

SIDE, BESIDE = 260, 56


class Telling(Part):
    """A drawing, and the same in both languages, one below the other."""

    def __init__(self, words: Words, drawing: str) -> None:
        super().__init__()
        self.languages = phrases.both(words)
        self._drawing = Drawing(drawing)
        self._headlines = [Text(INK, PAPER, bold=True, valign="bottom", max_lines=2) for _ in "12"]
        self._sentences = [Text(SOFT, PAPER, valign="top", max_lines=4) for _ in "12"]

    def put(self, rect: Rect, look: Look, told: list[phrases.Told]) -> None:
        self.box(rect)
        side = look.px(SIDE)
        if look.portrait:
            block = rect.centred(rect.w, min(rect.h, look.px(1000)))
            place, text = block.cut_top(side, look.px(40))
            place = place.cut_left(side)[0]
        else:
            place, text = rect.cut_left(side, look.px(BESIDE))
        self._drawing.put(place.centred(side, side))
        own, other = text.cut_top(text.h * 0.54, look.px(20))
        sizes = (("hero", "title", "heading", "strong", "body"), ("heading", "strong", "body"))
        small = ("strong", "body", "small")
        for part, headline, sentence, said, large in zip(
            (own, other), self._headlines, self._sentences, told, sizes, strict=True
        ):
            upper, lower = part.cut_top(part.h * 0.46, look.px(10))
            headline.put(upper, said.headline, look.type(*large))
            sentence.put(lower, said.sentence, look.type(*small))
        self.only([self._drawing, *self._headlines, *self._sentences])


class OutOfServiceScreen(Part):
    """There is nothing to touch."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._telling = Telling(words, "wrench")
        self._call = Text(INK, PAPER, bold=True, max_lines=2)

    def put(self, rect: Rect, look: Look, view: OutOfService) -> None:
        self.box(rect)
        body, shown = rect, list[Part]()
        if view.call:
            size = look.type("strong", "body", "small")
            call, body = rect.cut_bottom(line_height(size[0]) * 2, look.px(GAP))
            if not look.portrait:
                call = call.cut_left(look.px(SIDE), look.px(BESIDE))[1]
            self._call.put(call, phrases.call(view, self._words), size)
            shown.append(self._call)
        told = [phrases.out_of_service(words) for words in self._telling.languages]
        self._telling.put(body, look, told)
        self.only([self._telling, *shown])


class AskPictureScreen(Part):
    """Two buttons, alike: nobody is pressed. Who does not answer has said no."""

    foot = None

    def __init__(self, words: Words, on_act: OnAct, _on_home: Callable[[], None]) -> None:
        super().__init__()
        self._telling = Telling(words, "screen")
        self._no, self._yes = OfferButton(on_act), OfferButton(on_act)

    def put(self, rect: Rect, look: Look, view: AskPicture, _seconds: int | None) -> None:
        self.box(rect)
        buttons, body = rect.cut_bottom(look.px(160 if look.large else 136), look.px(GAP))
        languages = self._telling.languages
        self._telling.put(body, look, [phrases.ask_picture(view, words) for words in languages])
        no, yes = buttons.columns(2, look.px(GAP))
        blurred = "\n".join(words("No, blurred") for words in languages)
        agreed = "\n".join(words("Yes, they may") for words in languages)
        self._no.offer(no, look, Offer(blurred, AnswerPicture(agreed=False)))
        self._yes.offer(yes, look, Offer(agreed, AnswerPicture(agreed=True)))
        self.only([self._telling, self._no, self._yes])


AFAR: dict[type[VisitView | MaintenanceView | AfarView], type[Part]] = {
    AskPicture: AskPictureScreen
}
"""Those that displace a visit's screen."""
