"""May the person at the reader link a phone, and what is shown for it?

| what is known                              | answer                                     |
|--------------------------------------------|--------------------------------------------|
| the card was verified, the clock is right  | a ticket as a QR code                      |
| a card that can be copied                  | to the service desk: somebody must look    |
| the clock was not set yet                  | later: the ledger could not tell its age   |
"""

from __future__ import annotations

import segno

from linli.kiosk.flows.views import Trouble
from linli.sync.messages import Trust

LOOSEST = "l"
"""A screen has no scratches: the fewest modules, and so the largest."""


def refusal(trust: Trust, *, clock_good: bool) -> Trouble | None:
    """Why no ticket is given out, or None."""
    if trust is not Trust.HIGH:
        return Trouble.PHONE_AT_DESK
    return None if clock_good else Trouble.PHONE_LATER


def modules(text: str) -> tuple[bytes, ...]:
    """The QR code of a text, row by row from the top, 1 for each dark module; its quiet zone is
    for whoever draws it."""
    code = segno.make_qr(text, error=LOOSEST, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)
