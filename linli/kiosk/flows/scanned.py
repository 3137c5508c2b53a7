"""What a QR code is that somebody held before the terminal's scanner.

| code                                                       | answer                          |
|------------------------------------------------------------|---------------------------------|
| a voucher's check address at our ledger, or its bare code  | a voucher: the shop takes it    |
| the address that links a phone                             | scan it with the phone instead  |
| anything else: payment codes, health codes, others' links  | not ours                        |

Anybody can print any code, so nothing is opened, sent or kept of it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from linli.kiosk.flows.views import Trouble

CHECK, LINK = "/merchant/check", "/me/link"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}")
"""A voucher's twelve letters and digits (Crockford's base32), as slips and screens show them."""
LONGEST = 1024


def answer_to(text: str, public_url: str | None) -> Trouble:
    """`public_url` is the ledger's address as codes carry it, None where none is given out."""
    if len(text) <= LONGEST:
        if CODE.fullmatch(text.upper()):
            return Trouble.VOUCHER_AT_SHOP
        path, code = _ours(text, public_url)
        if path == CHECK and CODE.fullmatch(code.upper()):
            return Trouble.VOUCHER_AT_SHOP
        if path == LINK:
            return Trouble.SCAN_WITH_PHONE
    return Trouble.NOT_OUR_CODE


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
