"""The record grows with what reviews post, and whatever is changed behind its back is found."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from linli.ledger.audit.verify import verify
from linli.ledger.notice.objecting import take_back
from linli.ledger.record.audit import AuditError, Fault, Keys, Source, audit
from linli.ledger.record.log import (
    RecordError,
    make_checkpoint,
    newest_checkpoint,
    newest_note,
    read_leaves,
    read_node,
)
from linli.ledger.record.schema import log_leaf
from linli.ledger.standard.versions import StandardShelf
from linli.sync.record.checkpoint import Checkpoint, CosignerKey, sign_checkpoint
from linli.sync.record.keys import NoteKey
from linli.sync.record.leaves import open_for, opens, parse_leaf
from linli.sync.record.merkle import EMPTY_ROOT, leaf_hash
from linli.sync.record.proofs import consistency_proof, inclusion_proof, verify_inclusion
from tests.unit.ledger.record.cosigned import cosign_newest
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import Village

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LEADER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ORIGIN = "points.example/linli"
LOG_KEY = NoteKey.of(ORIGIN, KEY)
_SALTS = itertools.count(1)


def salt() -> bytes:
    return next(_SALTS).to_bytes(32)


@pytest.fixture
def village(village: Village) -> Village:
    """Three deeds posted, one pending."""
    village.send(*[village.check_in(f"a{n}", "visit", f"10:0{n}") for n in range(1, 5)])
    village.decide("visit.a1", "visit.a2", "visit.a3")
    return village


def corrected(village: Village, id_: str) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, id_, "a mistake", standards, village.now, sealed=False)


def checkpoint(village: Village) -> Checkpoint:
    with village.engine.begin() as connection:
        return make_checkpoint(connection, ORIGIN, KEY, salt, village.now)


def served(village: Village) -> Source:
    def asking(read: Any) -> Any:
        def answer(*arguments: int) -> Any:
            with village.engine.connect() as connection:
                return read(connection, *arguments)

        return answer

    return Source(
        checkpoint=asking(lambda c: str(newest_note(c)).encode()),
        leaves=asking(lambda c, begin, end: read_leaves(c, begin, end)),
        consistency=asking(lambda c, first, second: consistency_proof(first, second, read_node(c))),
    )


def test_every_posted_deed_is_a_leaf_and_a_pending_one_is_none(village: Village) -> None:
    assert checkpoint(village).size == 3
    assert [row.deed for row in village.rows(log_leaf)] == ["visit.a1", "visit.a2", "visit.a3"]
    assert verify(village.engine) is None


def test_a_stranger_with_the_public_key_finds_it_in_order(village: Village) -> None:
    made = checkpoint(village)
    assert audit(served(village), Keys(LOG_KEY)).checkpoint == made


def test_it_grows_and_the_one_who_saw_it_before_can_tell(village: Village) -> None:
    before = checkpoint(village)
    village.decide("visit.a4")
    assert checkpoint(village).size == 4
    assert audit(served(village), Keys(LOG_KEY), before).checkpoint.size == 4


def test_where_nothing_was_posted_the_checkpoint_stands(village: Village) -> None:
    assert checkpoint(village) == checkpoint(village)


def test_a_deed_taken_back_has_a_second_leaf_with_the_same_commitment(village: Village) -> None:
    checkpoint(village)
    corrected(village, "visit.a2")
    assert checkpoint(village).size == 4
    leaves = [parse_leaf(bytes(row.leaf)) for row in village.rows(log_leaf)]
    assert (leaves[3].state, leaves[3].commitment) == ("corrected", leaves[1].commitment)
    assert verify(village.engine) is None


def test_one_taken_back_before_any_checkpoint_leaves_no_leaf(village: Village) -> None:
    corrected(village, "visit.a2")
    assert checkpoint(village).size == 2
    assert verify(village.engine) is None


def test_its_bearer_can_show_that_a_leaf_is_theirs_and_in_the_tree(village: Village) -> None:
    made = checkpoint(village)
    row = next(r for r in village.rows(log_leaf) if r.deed == "visit.a3")
    leaf = bytes(row.leaf)
    assert opens(open_for("a3", "visit.a3", bytes(row.salt)), parse_leaf(leaf))
    assert not opens(open_for("a2", "visit.a3", bytes(row.salt)), parse_leaf(leaf))
    with village.engine.connect() as connection:
        proof = inclusion_proof(row.place, made.size, read_node(connection))
    verify_inclusion(row.place, made.size, leaf_hash(leaf), proof, made.root)


def test_no_leaf_names_anybody(village: Village) -> None:
    checkpoint(village)
    for row in village.rows(log_leaf):
        told = json.loads(bytes(row.leaf))
        del told["commitment"]
        assert not [value for value in told.values() if row.deed in str(value)]
        assert not {"visit.a1", "a1", "张*1"} & set(map(str, told.values()))


def test_the_leaders_cosignature_is_on_the_checkpoint(village: Village) -> None:
    checkpoint(village)
    with village.engine.begin() as connection:
        cosign_newest(connection, "leader.village", LEADER, village.now)
    keys = Keys(LOG_KEY, (CosignerKey.of("leader.village", LEADER),))
    cosigned = audit(served(village), keys).cosigned
    assert cosigned == {"leader.village": int(village.now.timestamp())}


def test_before_the_first_checkpoint_there_is_none(village: Village) -> None:
    with village.engine.connect() as connection, pytest.raises(RecordError, match="yet"):
        newest_checkpoint(connection)


@pytest.mark.parametrize(
    ("change", "fault", "named"),
    [
        (
            "UPDATE log_leaf SET leaf = other.leaf FROM (SELECT leaf FROM log_leaf WHERE place = 0)"
            " AS other WHERE place = 1",
            Fault.CHANGED_LEAF,
            "leaf 1 of deed visit.a2",
        ),
        ("DELETE FROM log_leaf WHERE place = 2", Fault.REMOVED_LEAF, "subtree 0/2"),
    ],
)
def test_a_changed_or_removed_leaf_is_found_by_both(
    village: Village, change: str, fault: Fault, named: str
) -> None:
    checkpoint(village)
    tamper(village.engine, change)
    with pytest.raises(AuditError) as found:
        audit(served(village), Keys(LOG_KEY))
    assert found.value.fault is fault
    assert str(verify(village.engine)).startswith(named)


def test_a_log_written_anew_is_found_by_who_saw_it_before(village: Village) -> None:
    before = checkpoint(village)
    tables = ("log_leaf", "log_node", "log_checkpoint")
    tamper(village.engine, *(f"DELETE FROM {table}" for table in tables))
    checkpoint(village)
    with pytest.raises(AuditError) as found:
        audit(served(village), Keys(LOG_KEY), before)
    assert found.value.fault is Fault.FORKED_LOG


def test_a_deed_that_a_checkpoint_passed_over_is_named(village: Village) -> None:
    with village.engine.begin() as connection:
        note = str(sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), KEY)).encode()
        connection.execute(
            text("INSERT INTO log_checkpoint (size, note, made_at) VALUES (0, :note, :at)"),
            {"note": note, "at": "2030-01-01T00:00:00.000000+00:00"},
        )
    assert str(verify(village.engine)).startswith("deed visit.a1, leaf")
