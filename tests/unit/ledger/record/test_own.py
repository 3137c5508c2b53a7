"""Somebody is shown that the record has their deed, and nothing that it does not prove."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import text

from linli.ledger.notice.objecting import take_back
from linli.ledger.people.access_log import Staff
from linli.ledger.people.erasing import erase
from linli.ledger.record.log import make_checkpoint
from linli.ledger.record.own import Proved, prove
from linli.ledger.standard.versions import StandardShelf
from linli.sync.record.checkpoint import parse_checkpoint
from linli.sync.record.leaves import LeafError, opens, parse_leaf, parse_opening
from linli.sync.record.merkle import leaf_hash
from linli.sync.record.notes import parse_note, verify
from linli.sync.record.proofs import ProofError, verify_inclusion
from tests.unit.ledger.record.test_log import KEY, LOG_KEY, ORIGIN, salt
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import Village


@pytest.fixture
def village(village: Village) -> Village:
    """Five deeds posted and signed for, a sixth pending."""
    village.send(*[village.check_in(f"a{n}", "visit", f"10:0{n}") for n in range(1, 7)])
    village.decide(*[f"visit.a{n}" for n in range(1, 6)])
    sign(village)
    return village


def sign(village: Village) -> None:
    with village.engine.begin() as connection:
        make_checkpoint(connection, ORIGIN, KEY, salt, village.now)


def proofs(village: Village, deed: str) -> list[Proved]:
    with village.engine.connect() as connection:
        return prove(connection, deed)


def test_a_posted_deed_is_proved(village: Village) -> None:
    (proof,) = proofs(village, "visit.a3")
    assert (proof.leaf.state, proof.leaf.points, proof.opening.account) == ("posted", 10, "a3")
    assert (proof.checkpoint.size, proof.signers) == (5, [ORIGIN])


def test_the_file_is_all_that_somebody_needs_to_check_it_elsewhere(village: Village) -> None:
    (proof,) = proofs(village, "visit.a3")
    told = json.loads(proof.document())
    note = parse_note(told["checkpoint"].encode())
    verify(note, [LOG_KEY])
    signed = parse_checkpoint(note.text)
    path = [base64.b64decode(step) for step in told["path"]]
    leaf = told["leaf"].encode()
    verify_inclusion(told["place"], signed.size, leaf_hash(leaf), path, signed.root)
    assert opens(parse_opening(json.dumps(told["opening"]).encode()), parse_leaf(leaf))


def test_a_pending_deed_and_one_that_is_not_there_are_not_in_the_record(village: Village) -> None:
    assert proofs(village, "visit.a6") == []
    assert proofs(village, "nothing") == []


def test_a_deed_taken_back_has_both_proofs(village: Village) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, "visit.a3", "a mistake", standards, village.now, sealed=False)
    assert [proof.leaf.state for proof in proofs(village, "visit.a3")] == ["posted"]
    sign(village)
    assert [proof.leaf.state for proof in proofs(village, "visit.a3")] == ["posted", "corrected"]


def test_of_somebody_erased_nobody_is_shown_a_proof(village: Village) -> None:
    with village.engine.begin() as connection:
        erase(connection, "a3", Staff("王芳", "clerk"), "本人申请", village.now)
    assert proofs(village, "visit.a3") == []


def test_a_leaf_changed_behind_the_ledgers_back_is_not_called_proved(village: Village) -> None:
    (proof,) = proofs(village, "visit.a3")
    changed = proof.raw.replace(b'"points":10', b'"points":99').hex()
    literal = f"'\\x{changed}'" if _on_postgresql(village) else f"x'{changed}'"
    tamper(village.engine, f"UPDATE log_leaf SET leaf = {literal} WHERE deed = 'visit.a3'")
    with pytest.raises(ProofError, match="not the tree's root"):
        proofs(village, "visit.a3")


def test_another_persons_leaf_is_not_called_proved(village: Village) -> None:
    tamper(village.engine, "UPDATE deed SET account = 'a4' WHERE id = 'visit.a3'")
    with pytest.raises(LeafError, match="does not open"):
        proofs(village, "visit.a3")


def test_before_the_first_checkpoint_nothing_is_proved(village: Village) -> None:
    with village.engine.begin() as connection:
        connection.execute(text("DELETE FROM log_checkpoint"))
    assert proofs(village, "visit.a3") == []


def _on_postgresql(village: Village) -> bool:
    return village.engine.dialect.name == "postgresql"
