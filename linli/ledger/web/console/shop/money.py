"""Money as staff type it. Pure."""

from __future__ import annotations

import re
import unicodedata

from linli.ledger.web.refusals import Refused

YUAN = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")


def fen(typed: str) -> int:
    """Yuan such as 3, 3.5 or ３．５０, in fen; 0 for nothing. Raises Refused for what is no sum."""
    text = unicodedata.normalize("NFKC", typed).strip().removesuffix("元").strip()
    if not text:
        return 0
    found = YUAN.fullmatch(text)
    if found is None:
        raise Refused(422, f"“{typed[:20]}”不是金额，请写成 3 或 3.50 这样的数字。")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
