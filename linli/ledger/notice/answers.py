"""The words of objections and of their answers: read where they are kept, and forgotten there.

The journal names an objection that was upheld, and keeps none of its words: a transfer never
changes, and somebody may want to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, case, or_, select, update

from linli.ledger.database import in_chunks
from linli.ledger.journal.schema import deed
from linli.ledger.notice.schema import objection

UPHELD = "objection "


def upheld(id_: str) -> str:
    """What the journal says of a deed that an objection took back."""
    return f"{UPHELD}{id_}"


def spelled_out(connection: Connection, reasons: Mapping[str, str]) -> dict[str, str]:
    """The same reasons, with the answer in place of an objection's name; empty once it was
    forgotten."""
    ids = {r.removeprefix(UPHELD) for r in reasons.values() if r.startswith(UPHELD)}
    query = select(objection.c.id, objection.c.answer)
    answers = {
        upheld(row.id): row.answer or ""
        for chunk in in_chunks(ids)
        for row in connection.execute(query.where(objection.c.id.in_(chunk)))
    }
    return {of: answers.get(reason, reason) for of, reason in reasons.items()}


def forget_objections(connection: Connection, account: str) -> None:
    """The words of what they objected to, and of what others objected to in their deeds, are gone
    with the answers; that there were objections, and what came of them, stays."""
    theirs = select(deed.c.id).where(deed.c.account == account)
    about = or_(objection.c.account == account, objection.c.deed.in_(theirs))
    answer = case((objection.c.answer.is_not(None), ""))
    connection.execute(update(objection).where(about).values(words="", answer=answer))
