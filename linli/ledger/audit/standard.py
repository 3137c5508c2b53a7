"""Checks of the standard: its codes mean one thing for ever, and each published adjustment made
just the version that it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from linli.ledger.audit.difference import Difference
from linli.ledger.standard.changes import Change, difference, written
from linli.ledger.standard.codes import misused
from linli.ledger.standard.sets import read_sets
from linli.ledger.standard.versions import Standards


def adjustments_made_their_versions(
    connection: Connection, standards: Standards
) -> Iterator[Difference]:
    for wrong in misused(standards.docs):
        yield Difference("codes of the standard", wrong, "one meaning for each code")
    docs = {doc.version: doc for doc in standards.docs}
    for of in read_sets(connection):
        if of.version is None:
            continue
        old, new = docs[str(of.based_on)], docs[of.version]
        if of.effective_on != new.effective_from:
            where = f"adjustment {of.id}, effective day"
            yield Difference(where, of.effective_on, new.effective_from)
        kept, made = _by_field(of.changes), _by_field(difference(old, new))
        for code, field in sorted(kept.keys() | made.keys()):
            says, did = kept.get((code, field)), made.get((code, field))
            if says != did:
                yield Difference(f"adjustment {of.id}, {field} of {code}", says, did)


def _by_field(changes: Sequence[Change]) -> dict[tuple[str, str], tuple[str, str]]:
    return {(c.code, c.field.value): (written(c.old), written(c.new)) for c in changes}
