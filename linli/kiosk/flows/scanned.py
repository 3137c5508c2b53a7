"""What a QR code is that somebody held before the terminal's scanner.

| code                                                       | answer                          |
|------------------------------------------------------------|---------------------------------|
| a voucher's check address at our ledger, or its bare code  | a voucher: what the ledger says |
|                                                            | of it, or that the shop takes it |
| the address that links a phone                             | scan it with the phone instead  |
| anything else: payment codes, health codes, others' links  | not ours                        |

Anybody can print any code, so nothing is opened or kept of it; only what has the form of a
voucher's code is sent, to our own ledger.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from linli.kiosk.flows.views import Refused, Trouble
from linli.sync.asks import VoucherSeen
from linli.sync.periods import SHANGHAI

CHECK, LINK = "/merchant/check", "/me/link"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}")
"""A voucher's twelve letters and digits (Crockford's base32), as slips and screens show them."""
LONGEST = 1024


STATES = {"issued": Trouble.VOUCHER_GOOD, "used": Trouble.VOUCHER_USED}


def answer_to(text: str, public_url: str | None) -> Trouble:
    """What is said at once. `public_url` is the ledger's address as codes carry it, None where
    none is given out."""
    if voucher_code(text, public_url) is not None:
        return Trouble.VOUCHER_AT_SHOP
    if len(text) <= LONGEST and _ours(text, public_url)[0] == LINK:
        return Trouble.SCAN_WITH_PHONE
    return Trouble.NOT_OUR_CODE


def voucher_code(text: str, public_url: str | None) -> str | None:
    """The code of a voucher, None where it is none."""
    if len(text) > LONGEST:
        return None
    path, code = _ours(text, public_url)
    found = (code if path == CHECK else text).upper()
    return found if CODE.fullmatch(found) else None


def told(answer: object) -> Refused | None:
    """What the ledger's answer about a voucher comes to; None leaves what was said at once."""
    if not isinstance(answer, VoucherSeen):
        return None
    trouble = STATES.get(answer.state, Trouble.VOUCHER_OVER)
    until = answer.until.astimezone(SHANGHAI)
    return Refused(trouble, title=answer.title, merchant=answer.merchant, until=until)


def _ours(text: str, public_url: str | None) -> tuple[str, str]:
    """Path and `code` of an address of our ledger, empty for any other text. Letters may have
    changed their case on a keyboard that was in another mode; addresses do not need it."""
    if public_url is None:
        return "", ""
    try:
        address, ours = urlsplit(text.lower()), urlsplit(public_url.lower())
        query = parse_qs(address.query)
    except ValueError:
        return "", ""
    base = ours.path.rstrip("/")
    if (address.scheme, address.netloc) != (ours.scheme, ours.netloc):
        return "", ""
    return address.path.removeprefix(base), query.get("code", [""])[0]
