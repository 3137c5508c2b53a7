"""A leaf is looked up and proven step by step; a proof that was kept stays good, or tells of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from linli.ledger.notice.objecting import take_back
from linli.ledger.record.checking import check_kept, find_place, look_up, proof_file
from linli.ledger.record.log import RecordError, make_checkpoint
from linli.ledger.review.deciding import review
from linli.ledger.schema import log_checkpoint, log_leaf
from linli.ledger.standard.versions import StandardShelf
from linli.sync.record.checkpoint import Checkpoint, sign_checkpoint
from linli.sync.record.keys import NoteError
from linli.sync.record.leaves import open_for
from linli.sync.record.merkle import leaf_hash, root_of
from linli.sync.record.proof_files import HEAD, parse_proof_file, write_proof_file
from linli.sync.record.proofs import ProofError, walk_inclusion
from tests.unit.ledger.village import Village

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
ORIGIN = "points.example/xiangyang"


def signed(village: Village) -> Checkpoint:
    with village.engine.begin() as connection:
        return make_checkpoint(connection, ORIGIN, KEY, lambda: bytes(32), village.now)


def posted(village: Village, who: str) -> None:
    village.send(village.check_in(who, "visit", "10:05"))
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        review(connection, [f"visit.{who}"], "posted", "seen", standards, village.now)


@pytest.fixture
def village(village: Village) -> Village:
    """Deeds of a1 to a4 are leaves 0 to 3."""
    for who in ("a1", "a2", "a3", "a4"):
        posted(village, who)
    signed(village)
    return village


def test_a_leaf_is_followed_up_to_the_signed_root(village: Village) -> None:
    with village.engine.connect() as connection:
        looked = look_up(connection, 2)
    assert (looked.leaf.item, looked.leaf.points, looked.day) == ("D01", 10, dt.date(2026, 11, 24))
    assert [step.on_left for step in looked.steps] == [False, True]
    assert looked.steps[-1].reached == looked.checkpoint.root
    assert looked.corrected_at is None


@pytest.mark.parametrize("place", [-1, 4, 10**12])
def test_a_place_beyond_the_record_says_how_far_it_goes(village: Village, place: int) -> None:
    with village.engine.connect() as connection, pytest.raises(RecordError, match="it has 4"):
        look_up(connection, place)


def test_a_receipt_finds_its_own_leaf_and_no_other(village: Village) -> None:
    with village.engine.connect() as connection:
        assert find_place(connection, open_for("a3", "visit.a3", bytes(32))) == 2
        for wrong in (
            open_for("a2", "visit.a3", bytes(32)),
            open_for("a3", "visit.a3", bytes([1]) * 32),
            open_for("a3", "nothing", bytes(32)),
        ):
            with pytest.raises(RecordError, match="no leaf of the record opens"):
                find_place(connection, wrong)


def test_a_deed_that_was_taken_back_says_where(village: Village) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, "visit.a2", "没来", standards, village.now, sealed=False)
    signed(village)
    with village.engine.connect() as connection:
        assert look_up(connection, 1).corrected_at == 4
        back = look_up(connection, 4)
    assert (back.leaf.state, back.corrected_at) == ("corrected", None)


def test_a_kept_proof_is_still_good_when_the_record_has_grown(village: Village) -> None:
    with village.engine.connect() as connection:
        kept = parse_proof_file(proof_file(connection, 1))
    posted(village, "a5")
    newest = signed(village)
    with village.engine.connect() as connection:
        looked = check_kept(connection, kept)
    assert (looked.place, looked.checkpoint.size, looked.newest) == (1, 4, newest)


def test_a_leaf_that_was_changed_since_contradicts_the_kept_proof(village: Village) -> None:
    with village.engine.connect() as connection:
        kept = parse_proof_file(proof_file(connection, 1))
        other = bytes(connection.execute(select(log_leaf.c.leaf)).scalars().first() or b"")
    with village.engine.connect() as connection, pytest.raises(ProofError, match="is not the tree"):
        check_kept(connection, replace(kept, leaf=other.replace(b'"points":10', b'"points":99')))


def test_a_second_book_is_noticed_by_whoever_kept_a_proof(village: Village) -> None:
    with village.engine.connect() as connection:
        kept = parse_proof_file(proof_file(connection, 1))
    forged = sign_checkpoint(Checkpoint(ORIGIN, 4, bytes(32)), KEY)
    with village.engine.begin() as connection:
        connection.execute(update(log_checkpoint).values(note=str(forged).encode()))
        with pytest.raises(ProofError, match="is not the one that this ledger signed"):
            check_kept(connection, kept)
        connection.execute(delete(log_checkpoint))
        with pytest.raises(RecordError, match="never signed a tree of 4"):
            check_kept(connection, kept)


def test_a_proof_without_its_leaf_is_asked_for_whole(village: Village) -> None:
    with village.engine.connect() as connection:
        kept = parse_proof_file(proof_file(connection, 1))
        with pytest.raises(ProofError, match="has no leaf with it"):
            check_kept(connection, replace(kept, leaf=b""))


# --- the file --------------------------------------------------------------------------------

LEAVES = [b"one", b"two", b"three"]
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 3, root_of(LEAVES)), KEY)
FILE = write_proof_file(2, b"three", [bytes(32)], NOTE)


def test_a_proof_file_is_the_format_that_others_read_too() -> None:
    assert FILE.split("\n")[:5] == [
        HEAD,
        "extra dGhyZWU=",
        "index 2",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "",
    ]
    assert FILE.endswith(str(NOTE))


def test_a_proof_file_comes_back_also_as_a_browser_pastes_it() -> None:
    for text in (FILE, FILE.replace("\n", "\r\n"), FILE.rstrip("\n"), f"\n\n{FILE}\n"):
        found = parse_proof_file(text)
        assert (found.index, found.leaf, found.proof) == (2, b"three", (bytes(32),))
        assert found.note == NOTE
        assert found.checkpoint.size == 3


def test_a_proof_without_extra_data_is_read_too() -> None:
    assert parse_proof_file(FILE.replace("extra dGhyZWU=\n", "")).leaf == b""


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda t: t.replace(HEAD, "c2sp.org/tlog-proof@v2"), ProofError, "begins with"),
        (lambda t: t.replace("index 2", "index 02"), ProofError, "names the place"),
        (lambda t: t.replace("index 2\n", ""), ProofError, "names the place"),
        (lambda t: t.replace("AAA=", "AA=="), ProofError, "base64|32 bytes"),
        (lambda t: t.replace("extra dGhyZWU=", "extra ???"), ProofError, "base64"),
        (lambda t: t.replace("\n\n", "\n", 1), (ProofError, NoteError), "."),
        (lambda t: t.replace("AAA=\n", "AAA=\n" + "QUFB\n" * 70), ProofError, "at most 64 steps"),
        (lambda t: t + "x" * 70_000, ProofError, "some lines"),
        (lambda t: t.replace(f"{ORIGIN}\n3\n", f"{ORIGIN}\nthree\n"), NoteError, "size"),
    ],
)
def test_what_is_no_proof_says_why(
    change: Callable[[str], str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        parse_proof_file(change(FILE))


@given(st.text(max_size=200))
def test_garbage_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises((ProofError, NoteError)):
        parse_proof_file(f"{HEAD}\n{text}")


def test_a_leaf_alone_is_its_own_tree() -> None:
    assert walk_inclusion(0, 1, leaf_hash(b"one"), []) == []
