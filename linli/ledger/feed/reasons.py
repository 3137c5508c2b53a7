"""Why a deed was voided, as its bearer reads it at a terminal.

The panel's own words are for the bearer, but a terminal stands where others look on: masked names
in them are left out. What somebody objected, and what the panel answered them, is not told at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import Connection, select

from linli.ledger.database import among
from linli.ledger.journal.deed import CORRECTED, VOIDED, WITHDRAWN, Deed
from linli.ledger.journal.schema import transfer
from linli.ledger.people.masking import COMPOUND_SURNAMES
from linli.ledger.prepared import Prepared

WITHDRAWN_WORDS = "记录已撤回"
CORRECTED_WORDS = "公示期间有异议，复核后收回"
SOMEBODY = "某居民"
_SURNAME = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[\u4e00-\u9fff])"
MASKED = re.compile(_SURNAME + r"[*＊]+[\u4e00-\u9fff]?")
_REASONS = Prepared(select(transfer.c.id, transfer.c.reason).where(among(transfer.c.id, "ids")))


def told_reason(state: str, flags: Collection[str], words: str) -> str:
    """ "" for a deed that counts. `words` are those of the decision on it. Pure."""
    if state != VOIDED:
        return ""
    if CORRECTED in flags:
        return CORRECTED_WORDS
    return WITHDRAWN_WORDS if WITHDRAWN in flags else MASKED.sub(SOMEBODY, words)


def reasons(connection: Connection, deeds: Collection[Deed]) -> dict[str, str]:
    """What to tell of each of these deeds that is voided."""
    voided = [of for of in deeds if of.state == VOIDED]
    words = dict(_REASONS.all(connection, ids={of.transfer for of in voided})) if voided else {}
    return {of.id: told_reason(of.state, of.flags, words.get(of.transfer, "")) for of in voided}
