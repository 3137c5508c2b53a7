"""One question, and a few large answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from linli.kiosk.flows.actions import (
    Action,
    ChoosePin,
    Complain,
    LinkPhone,
    ReportLoss,
    SetConsent,
    ShowConsent,
    ShowVouchers,
)
from linli.kiosk.flows.visit_views import AskConsent, Complaint, Object, Services
from linli.kiosk.screens.visit import point_phrases
from linli.kiosk.screens.visit import telling_phrases as phrases
from linli.kiosk.screens.visit.buttons import OnAct, Tile, tile_places
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.screens.visit.telling_phrases import Choice
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, SOFT, Look
from linli.kiosk.theme.words import Words

Asks = Object | Services | AskConsent
MOST = 5
Answer = tuple[Choice, Action]


class ChoicesScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._question = Text(INK, PAPER, bold=True, max_lines=2)
        self._note = Text(SOFT, PAPER, max_lines=3, valign="top")
        self._tiles = [Tile(on_act) for _ in range(MOST)]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Asks, seconds: int | None) -> None:
        self.box(rect)
        question, note, answers = self._asked(view)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(170 if look.portrait else 120), look.px(12))
        self._question.put(head, question, look.type("title", "heading", "strong"))
        shown: list[Part] = [self._question]
        if note:
            lines = 3 if look.portrait or look.large else 2
            high = lines * line_height(look.type("body")[0])
            said, body = body.cut_top(high, look.px(20))
            self._note.put(said, note, look.type("body", "small"))
            shown.append(self._note)
        used = self._tiles[: len(answers)]
        places = tile_places(body, len(answers), look, look.px(230))
        for tile, place, (choice, act) in zip(used, places, answers, strict=True):
            tile.put_tile(place, look, choice.drawing, choice.title, choice.note, act)
        self.foot.put(foot, look, seconds)
        self.only([*shown, *used, self.foot])

    def _asked(self, view: Asks) -> tuple[str, str, Sequence[Answer]]:
        words = self._words
        match view:
            case Object():
                return point_phrases.object_question(view, words), "", self._complaints()
            case Services():
                return phrases.services_title(view, words), "", self._services(view)
            case AskConsent():
                question, note = phrases.consent_question(view, words)
                return question, note, self._consents(view)

    def _complaints(self) -> list[Answer]:
        drawings = {
            Complaint.NOT_DONE: "twins",
            Complaint.POINTS: "star",
            Complaint.DAY: "calendar",
            Complaint.CALL_ME: "phone",
        }
        found = list[Answer]()
        for which, drawing in drawings.items():
            title, note = point_phrases.complaint(which, self._words)
            found.append((Choice(drawing, title, note), Complain(which)))
        return found

    def _services(self, view: Services) -> list[Answer]:
        words, found = self._words, list[Answer]()
        if view.phone:
            found.append((phrases.link_phone(words), LinkPhone()))
        if view.consent is not None:
            found.append((phrases.public_name(view.consent, words), ShowConsent()))
        found.append((phrases.choose_pin(view.pin, words), ChoosePin()))
        found.append((phrases.lost_card(words), ReportLoss()))
        if view.vouchers:
            found.append((phrases.vouchers_again(words), ShowVouchers()))
        return found

    def _consents(self, view: AskConsent) -> list[Answer]:
        words = self._words
        yes = words("As it is now") if view.agreed else ""
        no = "" if view.agreed else words("As it is now")
        return [
            (Choice("tick", words("Yes, show it"), yes), SetConsent(agreed=True)),
            (Choice("lock", words("No, an alias"), no), SetConsent(agreed=False)),
        ]
