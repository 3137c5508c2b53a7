"""That the public record holds a deed: the proof to check, and what opens its commitment."""

from __future__ import annotations

from sqlalchemy import Connection, select

from linli.ledger.asks.declining import Decline
from linli.ledger.asks.tapped import caller_of
from linli.ledger.journal.schema import deed
from linli.ledger.record.own import prove
from linli.ledger.terminals.registry import Registered
from linli.sync.asks import AskProof, Proven
from linli.sync.record.leaves import opening_bytes
from linli.sync.record.proof_files import write_proof_file


def prove_at(connection: Connection, at: Registered, ask: AskProof) -> Proven:
    """The newest leaf of a deed of this person, under whichever of their numbers. Raises Decline
    where it is another's or not in the record yet; ProofError, LeafError or RecordError as `prove`
    does."""
    caller = caller_of(connection, ask.who, at.scope)
    of = connection.execute(select(deed.c.account).where(deed.c.id == ask.deed)).scalar()
    if of not in caller.numbers:
        raise Decline("not-there")
    proved = prove(connection, ask.deed)
    if not proved:
        raise Decline("not-there")
    newest = proved[-1]
    return Proven(
        file=write_proof_file(newest.place, newest.raw, newest.path, newest.note),
        opening=opening_bytes(newest.opening).decode(),
    )
