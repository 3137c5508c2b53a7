"""What is printed of a redemption, and by which printer. No name is ever on it: slips are lost."""

from __future__ import annotations

from linli.assets.words import Words
from linli.devices.printers.base import Outcome, Status
from linli.devices.printers.base import Printer as Device
from linli.devices.printers.slip import Line
from linli.devices.printers.slip import Slip as Paper
from linli.kiosk.redeeming.machine import Slip
from linli.kiosk.redeeming.progress import Printed
from linli.sync.periods import SHANGHAI
from linli.sync.spelling import spelled

ORDER_TAIL = 8
"""As much of an order's id as staff need to find it."""


class Receipts:
    """`public_url` is where a merchant's phone checks a voucher; `centre` heads each slip."""

    def __init__(self, device: Device, words: Words, centre: str, public_url: str | None) -> None:
        self._device = device
        self._words = words
        self._centre = centre
        self._public_url = public_url

    def print(self, slip: Slip) -> Printed:
        paper = slip_paper(slip, self._words, self._centre, self._public_url)
        printed = self._device.print(paper)
        if printed.outcome is Outcome.PRINTED:
            return Printed.PRINTED
        return {
            Status.PAPER_OUT: Printed.NO_PAPER,
            Status.COVER_OPEN: Printed.COVER_OPEN,
        }.get(printed.status, Printed.NO_PRINTER)

    def close(self) -> None:
        self._device.close()


def slip_paper(slip: Slip, words: Words, centre: str, public_url: str | None) -> Paper:
    """The slip in words."""
    at = slip.at.astimezone(SHANGHAI)
    lines = [
        Line(words("Redeemed"), slip.title),
        Line(words("Points"), str(slip.points)),
        Line(words("Time"), f"{at:%Y-%m-%d %H:%M}"),
    ]
    if slip.left is not None:
        lines.append(Line(words("To redeem"), str(slip.left)))
    if slip.code:
        lines.append(Line(words("Voucher code"), spelled(slip.code)))
        lines.append(Line(words("At"), slip.merchant))
    if slip.until is not None:
        until = slip.until.astimezone(SHANGHAI)
        lines.append(Line(words("Good until"), f"{until:%Y-%m-%d}"))
    lines.append(Line(words("Order"), slip.order[-ORDER_TAIL:]))
    return Paper(centre, tuple(lines), _code(slip, public_url), _footer(slip, words))


def _code(slip: Slip, public_url: str | None) -> str | None:
    if not slip.code or public_url is None:
        return slip.code or None
    return f"{public_url.rstrip('/')}/merchant/check?code={slip.code}"


def _footer(slip: Slip, words: Words) -> str:
    if slip.code:
        return words("The merchant scans this code once.")
    if slip.at_counter:
        return words("Please show this and your card at the counter.")
    return words("Thank you for your good deeds.")
