"""The published notice of an adjustment (标准调整公告), read from the ledger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from linli.ledger.documents.model import Adjustment, Change, Survey, Unshown, Worth
from linli.ledger.people.schema import org
from linli.ledger.standard.changes import Field, Placed, Value, items_of
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.sets import Entry, read_set
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.standard.wording import FIELDS, limit_words, value_words
from linli.ledger.surveys.beside import Beside, beside
from linli.sync.periods import business_day

WAYS = ("到积分服务台当面提出",)
IN_WORTH = frozenset({Field.POINTS, Field.LIMIT, Field.ADDED, Field.WITHDRAWN})
"""What the two large columns show by themselves; the other fields are told below them."""


def adjustment_sheet(
    connection: Connection, id_: str, scope: str, issuer: str, now: dt.datetime
) -> Adjustment:
    """What is put up in a street or community. Raises AdjustError for a draft: what nobody has
    published is no notice."""
    of = read_set(connection, id_)
    if of.version is None or of.published_at is None:
        raise AdjustError(Fault.NOT_PUBLISHED, f"{id_} is a draft: publish it first")
    name = connection.execute(select(org.c.name).where(org.c.id == scope)).scalar()
    if name is None:
        raise AdjustError(Fault.BAD_VALUE, f"there is no street or community {scope!r}")
    docs = {doc.version: doc for doc in StandardShelf().read(connection).docs}
    old, new = items_of(docs[str(of.based_on)]), items_of(docs[of.version])
    said = beside(connection, of, now)
    by_code: dict[str, list[Entry]] = defaultdict(list)
    for entry in of.entries:
        by_code[entry.change.code].append(entry)
    return Adjustment(
        community=str(name),
        version=of.version,
        month=of.month,
        effective_on=of.effective_on,
        issuer=issuer,
        issued_on=business_day(of.published_at),
        changes=tuple(
            _change(code, entries, old.get(code), new.get(code), said.get(code))
            for code, entries in by_code.items()
        ),
        objections=WAYS,
    )


def _change(
    code: str, entries: Sequence[Entry], old: Placed | None, new: Placed | None, of: Beside | None
) -> Change:
    """One item: its changes together, with every reason once."""
    changes = [entry.change for entry in entries]
    named = new or old
    return Change(
        code=code,
        item=code if named is None else named.item.name,
        old=None if old is None else _worth(old, [(c.field, c.old) for c in changes]),
        new=None if new is None else _worth(new, [(c.field, c.new) for c in changes]),
        reason="；".join(dict.fromkeys(entry.reason for entry in entries)),
        survey=None if of is None else _answers(of),
    )


def _worth(of: Placed, changed: Sequence[tuple[Field, Value]]) -> Worth:
    limit = "" if of.item.limit is None else limit_words(of.item.limit)
    details = tuple(
        f"{FIELDS[field]}：{value_words(field, value)}"
        for field, value in changed
        if field not in IN_WORTH
    )
    return Worth(of.item.points, limit, details)


def _answers(of: Beside) -> Survey | Unshown:
    """On the scale, 4 and 5 are for it, 1 and 2 against."""
    if of.opinion is None:
        return Unshown(max(answered.all.answered for _, answered in of.questions), few=False)
    if of.opinion.answered == 0:
        return Survey(0, 0, 0)
    if of.opinion.counts is None:
        return Unshown(of.opinion.answered, few=True)
    against, rather_against, neutral, rather_for, for_it = of.opinion.counts
    return Survey(rather_for + for_it, neutral, against + rather_against)
