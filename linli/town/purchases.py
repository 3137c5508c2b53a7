"""How a person of the simulated town redeems at the terminal, and what merchant and staff then do
on the ledger's own pages. Each returns how it ended.

Raises UnexpectedError where the terminal shows something else than a person would wait for.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time

from linli.kiosk.flows import actions
from linli.kiosk.flows.visit_views import Module
from linli.town import world as towns
from linli.town.belongings import PIN
from linli.town.books import Books
from linli.town.guest import Guest, Seen
from linli.town.own_matters import CHOSEN, WRONG
from linli.town.shopping import LOGIN_CODE
from linli.town.staffing import PASSWORD
from linli.town.waiting import eventually
from linli.town.web_visitor import WebVisitor

TOWEL, RICE, OIL = "yangguang-towel", "yangguang-rice", "yangguang-oil"
REPAIR, BREAD = "yangguang-repair", "yangguang-bread"
REACH_S = 0.8
"""From an open door to the goods in one's hand."""
ORDERS = "/console/shop/orders"
DOOR_S = 15.0
LOCKER = ("Redeeming:take-it", "Redeemed", "Hindered")
"""What may be shown next once a door is paid for."""


class Purchases:
    """The merchant's phone and the clerk's browser are logged in once, when they are needed."""

    def __init__(self, guest: Guest, books: Books) -> None:
        self._guest = guest
        self._town = guest.town
        self._books = books
        self._merchant: WebVisitor | None = None
        self._clerk: WebVisitor | None = None
        self._scanned = ""

    def close(self) -> None:
        for browser in (self._merchant, self._clerk):
            if browser is not None:
                browser.close()

    # --- the locker --------------------------------------------------------------------------

    def dear(self, account: str) -> str:
        """Above what a card alone may spend: the PIN is asked for."""
        guest = self._guest
        self._choose(account, OIL, page=1)
        guest.touch(actions.Redeem())
        guest.sees("Pad:pin")
        guest.touch(actions.Typed(WRONG))
        again = guest.sees("Pad:pin wrong", "Hindered")
        if again.view == "Hindered":
            return again.said
        guest.touch(actions.Typed(CHOSEN))
        return self._taken_out(account, guest.sees(*LOCKER))

    def copyable(self, account: str) -> str:
        """A card that could be a copy: the PIN is asked for, however little it is."""
        return self._taken_out(account, self._with_pin(account, RICE, page=1))

    def by_lease(self, account: str) -> str:
        self._choose(account, TOWEL)
        self._guest.touch(actions.Redeem())
        return self._taken_out(account, self._guest.sees(*LOCKER))

    def jam(self, account: str) -> str:
        """A door that does not spring open for what the ledger was paid for."""
        before = self._books.left(account)
        door = self._books.door_with(towns.TERMINAL, TOWEL)
        cabinet = self._town.locker.cabinet
        cabinet.jammed.add(door)
        try:
            ended = self._with_pin(account, TOWEL)
        finally:
            cabinet.jammed.discard(door)
        back = eventually(lambda: self._books.left(account) == before)
        return f"{_ending(ended)}, points are {'back' if back else 'gone'}"

    def too_much(self, account: str) -> str:
        """What the lease here no longer holds."""
        self._choose(account, RICE, page=1)
        self._guest.touch(actions.Redeem())
        return self._guest.sees(*LOCKER).said

    def _with_pin(self, account: str, ware: str, page: int = 0) -> Seen:
        guest = self._guest
        self._choose(account, ware, page)
        guest.touch(actions.Redeem())
        asked = guest.sees("Pad:pin", "Hindered")
        if asked.view == "Hindered":
            return asked
        guest.touch(actions.Typed(PIN))
        return guest.sees(*LOCKER)

    def _taken_out(self, account: str, seen: Seen) -> str:
        """The goods are taken, and the door is pushed shut."""
        guest, cabinet = self._guest, self._town.locker.cabinet
        if seen.said != "take-it":
            return seen.said
        eventually(lambda: any(map(cabinet.is_open, cabinet.doors)), DOOR_S)
        time.sleep(REACH_S)
        for door in cabinet.doors:
            cabinet.push_shut(door)
        ended = guest.sees("Redeemed", "Hindered")
        return f"{ended.said}, by {self._paid_by(account)}"

    def _paid_by(self, account: str) -> str:
        """The ledger or a lease, as the terminal wrote it down."""
        query = "SELECT way FROM redemption WHERE account = ? ORDER BY made_at DESC LIMIT 1"
        with contextlib.closing(sqlite3.connect(self._town.terminal_db)) as connection:
            row = connection.execute(query, (account,)).fetchone()
        return {"ledger": "the ledger", "lease": "a lease"}.get(row[0] if row else "", "nobody")

    # --- the counter -------------------------------------------------------------------------

    def counter(self, account: str) -> str:
        """Staff find it in their list and hand it out."""
        ended = self._over_the_counter(account)
        eventually(lambda: self._books.waiting_order(account) is not None)
        order, clerk = self._books.waiting_order(account), self._clerk_browser()
        clerk.open(ORDERS)
        clerk.press(f"{ORDERS}/hand-out", id=order or "")
        handed = "已发放" in clerk.text and self._books.waiting_order(account) is None
        return f"{ended}, {'handed out' if handed else 'not handed out'}"

    def no_paper(self, account: str) -> str:
        printer = self._town.printer
        with printer.lock:
            printer.chip.rows_left = 0
        try:
            return self._over_the_counter(account)
        finally:
            printer.load_paper()

    def _over_the_counter(self, account: str) -> str:
        self._choose(account, REPAIR)
        self._guest.touch(actions.Redeem())
        words = ("printed", "no-paper", "cover-open")
        return self._guest.sees(*(f"Redeemed:counter {word}" for word in words), "Hindered").said

    def _clerk_browser(self) -> WebVisitor:
        if self._clerk is None:
            self._clerk = WebVisitor(self._town.url)
            self._clerk.open("/console/login")
            self._clerk.press("/console/login", login="clerk", password=PASSWORD)
        return self._clerk

    # --- vouchers ----------------------------------------------------------------------------

    def voucher(self, account: str) -> str:
        """The slip's code is scanned by the merchant, who takes it with one touch."""
        slips = len(self._town.printer.receipts)
        ended = self._buy_bread(account, "Redeemed:voucher printed")
        if not eventually(lambda: len(self._town.printer.receipts) > slips):
            return f"{ended}, no slip came out"
        self._scanned = next(iter(self._town.printer.receipts[-1].codes), "")
        merchant = self._merchant_phone()
        merchant.open(self._scanned)
        merchant.press("/merchant/use")
        return f"{ended}, {'taken once' if '已核销' in merchant.text else 'not taken'}"

    def voucher_again(self, account: str) -> str:
        """Used once, a code is worth nothing: the terminal shows it no more, and whoever kept a
        picture of it is refused."""
        guest, merchant = self._guest, self._merchant_phone()
        guest.touch(actions.Open(Module.POINTS))
        guest.sees("AskCard")
        guest.tap(account)
        guest.sees("Points")
        guest.touch(actions.ShowServices())
        guest.sees("Services")
        guest.touch(actions.ShowVouchers())
        guest.sees("Vouchers")
        guest.touch(actions.ShowVoucher(0))
        hidden = guest.sees("Hindered", "Redeemed:voucher").said == "voucher-used"
        refused = "没有重复计算" in merchant.open(self._scanned)
        return "refused the second time" if hidden and refused else "not refused"

    def voucher_offline(self, account: str) -> str:
        return self._buy_bread(account, "Redeemed:voucher")

    def _buy_bread(self, account: str, ended: str) -> str:
        self._choose(account, BREAD)
        self._guest.touch(actions.Redeem())
        return self._guest.sees(ended, "Hindered").said

    def _merchant_phone(self) -> WebVisitor:
        if self._merchant is None:
            self._merchant = WebVisitor(self._town.url)
            self._merchant.open(f"/merchant/login?code={LOGIN_CODE}")
            self._merchant.press("/merchant/login", code=LOGIN_CODE)
        return self._merchant

    # --- ways --------------------------------------------------------------------------------

    def _choose(self, account: str, ware: str, page: int = 0) -> None:
        """From the shop's door to the question that only one's card answers."""
        guest = self._guest
        guest.touch(actions.Open(Module.SHOP))
        guest.sees("Shop")
        if page:
            guest.touch(actions.TurnPage(page))
            guest.sees("Shop")
        guest.touch(actions.ShowWare(ware))
        guest.sees("AskCard")
        guest.tap(account)
        guest.sees("Confirm")


def _ending(seen: Seen) -> str:
    """Without the slip: what comes back prints none."""
    return seen.said.partition(" ")[0]
