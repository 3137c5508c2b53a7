"""How a person of the simulated town settles their own matters at the terminal: deeds, a name in
public, a PIN, a lost card, the news. Each returns how it ended.

Raises UnexpectedError where the terminal shows something else than a person would wait for.
"""

from __future__ import annotations

import datetime as dt

from linli.kiosk.flows import actions
from linli.kiosk.flows.visit_views import Complaint, Module
from linli.town.belongings import PIN
from linli.town.books import Books
from linli.town.guest import Guest
from linli.town.waiting import eventually

EASY, CHOSEN, WRONG = "123456", "805271", "416093"
"""PINs: one that the ledger refuses, one that somebody chooses, one that is another's."""
MOST_PAGES = 12


class OwnMatters:
    """`phones` are the numbers that the desk knows, by account."""

    def __init__(self, guest: Guest, books: Books, phones: dict[str, str]) -> None:
        self._guest = guest
        self._books = books
        self._phones = phones

    def proof(self, account: str) -> str:
        guest = self._guest
        deed = self._turn_to_deed(account)
        if deed is None:
            return "no deed on the notice"
        guest.touch(actions.CheckProof())
        found = guest.sees(*(f"DeedDetail:{word}" for word in ("proven", "not", "wrong", "off")))
        guest.touch(actions.ShowServices())
        guest.sees("Services")
        guest.touch(actions.LinkPhone())
        link = guest.sees("PhoneLink", "Refused")
        code = "a code for a phone" if link.view == "PhoneLink" else link.said
        return f"{found.said}, {code}"

    def object_to(self, account: str) -> str:
        guest = self._guest
        if self._turn_to_deed(account) is None:
            return "no deed on the notice"
        guest.touch(actions.BeginObjection())
        guest.sees("Object")
        guest.touch(actions.Complain(Complaint.POINTS))
        return guest.sees("Told", "Hindered").said

    def say_of_name(self, account: str, *, agreed: bool) -> str:
        guest = self._guest
        self._turn_to_services(account)
        guest.touch(actions.ShowConsent())
        guest.sees("AskConsent")
        guest.touch(actions.SetConsent(agreed))
        return guest.sees("Told", "Hindered").said

    def choose_pin(self, account: str) -> str:
        guest = self._guest
        self._turn_to_services(account)
        guest.touch(actions.ChoosePin())
        guest.sees("Pad:new-pin")
        for pin in (EASY, CHOSEN):
            guest.touch(actions.Typed(pin))
            guest.sees("Pad:new-pin-again")
            guest.touch(actions.Typed(pin))
            ended = guest.sees("Pad:new-pin too-easy", "Told", "Hindered")
            if ended.view != "Pad":
                break
        return ended.said

    def report_loss(self, account: str) -> str:
        guest = self._guest
        guest.touch(actions.Open(Module.POINTS))
        guest.sees("AskCard")
        guest.touch(actions.ReportLoss())
        guest.sees("Pad:phone")
        guest.touch(actions.Typed(self._phones[account]))
        guest.sees("Pad:pin")
        guest.touch(actions.Typed(PIN))
        return guest.sees("Told", "Hindered").said

    def tap_found_card(self, account: str) -> str:
        eventually(lambda: self._books.is_stopped(account))
        self._guest.tap(account)
        return self._guest.sees("Refused", "Success", "Choose").said

    def read_news(self, _: str) -> str:
        guest, today = self._guest, self._guest.town.clock.now().date()
        guest.touch(actions.Open(Module.NEWS))
        guest.sees("News")
        rows = (
            (f"notice:{_month_before(today):%Y-%m}", "NoticeSheet"),
            ("ranking:resident", "Ranking"),
            (f"story:{self._books.newest_story()}", "Article"),
        )
        for row, view in rows:
            guest.touch(actions.ShowNews(row))
            guest.sees(view)
            guest.touch(actions.Back())
            guest.sees("News")
        return "read"

    # --- ways --------------------------------------------------------------------------------

    def _turn_to_deed(self, account: str) -> str | None:
        """Their newest deed on the notice, where they would find it."""
        guest, deed = self._guest, self._books.deed_on_notice(account)
        last = f"{_month_before(guest.town.clock.now().date()):%Y-%m}"
        shown = self._turn_to_points(account)
        for _ in range(MOST_PAGES):
            if deed is None or shown == last:
                break
            guest.touch(actions.ShowOlder())
            shown = guest.sees("Points").said
        if deed is not None:
            guest.touch(actions.ShowDeed(deed))
            guest.sees("DeedDetail")
        return deed

    def _turn_to_services(self, account: str) -> None:
        self._turn_to_points(account)
        self._guest.touch(actions.ShowServices())
        self._guest.sees("Services")

    def _turn_to_points(self, account: str) -> str:
        self._guest.touch(actions.Open(Module.POINTS))
        self._guest.sees("AskCard")
        self._guest.tap(account)
        return self._guest.sees("Points").said


def _month_before(day: dt.date) -> dt.date:
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
