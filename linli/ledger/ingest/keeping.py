"""Events of batches that fit are kept, each once (key: terminal and seq), and what they change is
derived."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, func, select

from linli.ledger.database import Lines, among, insert_rows
from linli.ledger.feed.telling import Pair
from linli.ledger.ingest.concerned import check_references, hold_concerned
from linli.ledger.ingest.derivation import derive_from
from linli.ledger.ingest.events import Arrived, Reason
from linli.ledger.ingest.parking import park
from linli.ledger.ingest.schema import received
from linli.ledger.ingest.taps import Seen, arriving_taps, kept_taps
from linli.ledger.ingest.words import keep_words
from linli.ledger.prepared import Prepared
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Envelope

MOST_TAPS = 120
"""Of one person at one activity and terminal, more is nobody's doing. Every tap of such a pair is
looked at again with each new one."""


def keep_events(
    connection: Connection, arrived: Sequence[Arrived], standards: Standards, now: dt.datetime
) -> None:
    """Keep those that are new and bring everything that follows from them up to date."""
    fresh = not_yet_received(connection, arrived, now)
    redated = _dated_anew(connection, fresh)
    concerned = hold_concerned(
        connection,
        {e.account for e in fresh if e.account} | {account for account, _ in redated},
        {e.activity for e in fresh if e.activity} | {activity for _, activity in redated},
    )
    checked = check_references(fresh, concerned)
    pairs = redated | {(e.account, e.activity) for e in checked if e.reason is None and e.activity}
    before = kept_taps(connection, pairs) if pairs else []
    if len(before) + len(checked) > MOST_TAPS:
        checked = _not_too_many(checked, before)
    for event in checked:
        if event.reason is not None:
            park_event(connection, event, event.reason, event.detail, now)
    insert_events(connection, checked, now)
    keep_words(connection, checked)
    if pairs:
        seen = [*before, *arriving_taps(checked, now)]
        derive_from(connection, pairs, seen, concerned, standards, now)


def _not_too_many(checked: Sequence[Arrived], before: Sequence[Seen]) -> list[Arrived]:
    """What comes beyond MOST_TAPS is not applied. It depends on the order of arrival, which is
    why an honest terminal must never come to that."""
    count = Counter((tap.terminal, tap.account, tap.activity) for tap in before)
    kept = []
    for event in checked:
        key = (event.terminal, event.account, event.activity or "")
        if event.reason is None and event.activity:
            count[key] += 1
            if count[key] > MOST_TAPS:
                detail = f"more than {MOST_TAPS} taps of one person at one activity"
                event = replace(event, reason=Reason.TOO_MANY, detail=detail)
        kept.append(event)
    return kept


_DIGESTS = Prepared(
    select(received.c.seq, received.c.digest).where(
        received.c.terminal == bindparam("of"), among(received.c.seq, "seqs")
    )
)


def not_yet_received(
    connection: Connection, arrived: Sequence[Arrived], now: dt.datetime
) -> list[Arrived]:
    """Those whose number is new. The same number with another content is parked."""
    seqs: dict[str, list[int]] = defaultdict(list)
    for event in arrived:
        seqs[event.terminal].append(event.seq)
    digests = {
        (name, seq): digest
        for name, some in seqs.items()
        for seq, digest in _DIGESTS.all(connection, of=name, seqs=some)
    }
    fresh = []
    for event in arrived:
        known = digests.get((event.terminal, event.seq))
        if known is None:
            digests[event.terminal, event.seq] = event.digest
            fresh.append(event)
        elif known != event.digest:
            detail = f"another event with the number {event.seq} came before"
            park_event(connection, event, Reason.CONFLICT, detail, now)
    return fresh


_UNCERTAIN = Prepared(
    select(received.c.account, received.c.activity).where(
        received.c.terminal == bindparam("of"),
        received.c.boot == bindparam("in_boot"),
        received.c.clockgood.is_(False),
        received.c.applied.is_(True),
        received.c.activity.is_not(None),
    )
)


_FIRST_GOOD = Prepared(
    select(func.min(received.c.seq)).where(
        received.c.terminal == bindparam("of"),
        received.c.boot == bindparam("in_boot"),
        received.c.clockgood.is_(True),
    )
)


def _dated_anew(connection: Connection, arrived: Collection[Arrived]) -> set[Pair]:
    """Pairs with events of uncertain time, in boots whose first good clock is heard just now."""
    first: dict[tuple[str, str], int] = {}
    for event in arrived:
        if event.envelope and event.envelope.clockgood:
            boot = (event.terminal, event.envelope.bootid)
            first[boot] = min(event.seq, first.get(boot, event.seq))
    found: set[Pair] = set()
    for (name, boot_id), seq in first.items():
        uncertain = _UNCERTAIN.all(connection, of=name, in_boot=boot_id)
        if uncertain:
            known = _FIRST_GOOD.all(connection, of=name, in_boot=boot_id)[0][0]
            if known is None or seq < known:
                found |= {(account, activity) for account, activity in uncertain}
    return found


def park_event(
    connection: Connection, event: Arrived, reason: Reason, detail: str, now: dt.datetime
) -> None:
    park(connection, event.terminal, event.body, reason, detail, now, signed=True, seq=event.seq)


def insert_events(connection: Connection, events: Sequence[Arrived], now: dt.datetime) -> None:
    """As rows of the table of what was received."""
    rows = [
        (
            *(event.terminal, event.seq, event.digest, event.body, event.batch, now),
            *(_as_told(event.envelope) if event.envelope else _UNTOLD),
            *(event.account or None, event.activity),
            event.reason is None,
            event.reason.value if event.reason else None,
        )
        for event in events
    ]
    insert_rows(connection, received, Lines(_COLUMNS, rows))


_COLUMNS = (
    *("terminal", "seq", "digest", "body", "batch", "received_at"),
    *("type", "boot", "claimed_at", "clockgood", "monotonicms"),
    *("account", "activity", "applied", "reason"),
)
_UNTOLD = ("", "", None, False, 0)
"""Of an event whose envelope cannot be read."""


def _as_told(by: Envelope) -> tuple[object, ...]:
    return (by.type, by.bootid, by.time, by.clockgood, by.monotonicms)
