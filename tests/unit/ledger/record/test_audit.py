"""What somebody finds out who has nothing but public keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.record.audit import (
    AuditError,
    Fault,
    Keys,
    Source,
    audit,
    check_growth,
    open_checkpoint,
)
from linli.sync.record.checkpoint import Checkpoint, CosignerKey, cosign, sign_checkpoint
from linli.sync.record.keys import NoteKey
from linli.sync.record.leaves import build_leaf, leaf_bytes, open_for
from linli.sync.record.merkle import root_of
from linli.sync.record.notes import Note, sign
from linli.sync.record.proofs import consistency_proof

ORIGIN, LEADER = "linli.example/xiangyang", "linli.example/panel-leader"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"c" * 32)
LEADER_KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
LOG = Keys(NoteKey.of(ORIGIN, LOG_KEY))
COSIGNED = Keys(LOG.log, (CosignerKey.of(LEADER, LEADER_KEY),))
NOW = 1_795_000_000


def deed(number: int, points: int = 5) -> bytes:
    leaf = build_leaf(
        open_for(f"a{number:06}", f"d{number}", number.to_bytes(32)),
        item="A01",
        item_class="A",
        points=points,
        day=dt.date(2026, 11, 28),
        standard="2026-01",
        node="yangguang",
    )
    return leaf_bytes(leaf)


LEAVES = [deed(number) for number in range(23)]


def head(leaves: Sequence[bytes]) -> Checkpoint:
    return Checkpoint(ORIGIN, len(leaves), root_of(leaves))


def serving(
    leaves: Sequence[bytes], signed: Sequence[bytes] | None = None, chunk: int = 4
) -> Source:
    """A record that serves these leaves, under a checkpoint over `signed`."""
    over = leaves if signed is None else signed

    def node(level: int, index: int) -> bytes:
        return root_of(over[index << level : (index + 1) << level])

    return Source(
        checkpoint=lambda: str(sign_checkpoint(head(over), LOG_KEY)).encode(),
        leaves=lambda begin, end: leaves[begin : min(end, begin + chunk)],
        consistency=lambda first, second: consistency_proof(first, second, node),
    )


def fault_of(check: Callable[[], object]) -> Fault:
    with pytest.raises(AuditError) as caught:
        check()
    return caught.value.fault


@given(st.integers(0, 23), st.integers(0, 23), st.integers(1, 30))
def test_a_record_in_order_passes_from_any_earlier_checkpoint(
    size: int, before: int, chunk: int
) -> None:
    before = min(before, size)
    source = serving(LEAVES[:size], chunk=chunk)
    audited = audit(source, LOG, head(LEAVES[:before]))
    assert audited.checkpoint == head(LEAVES[:size])
    assert audit(source, LOG) == audited


@given(st.integers(0, 22), st.integers(0, 23))
def test_a_changed_leaf_is_found(changed: int, before: int) -> None:
    served = [*LEAVES[:changed], deed(changed, points=500), *LEAVES[changed + 1 :]]
    source = serving(served, signed=LEAVES)
    assert fault_of(lambda: audit(source, LOG)) is Fault.CHANGED_LEAF
    assert fault_of(lambda: audit(source, LOG, head(LEAVES[:before]))) is Fault.CHANGED_LEAF


def test_it_is_told_on_which_side_of_the_earlier_checkpoint_a_leaf_was_changed() -> None:
    for changed, where in ((3, "among the first 10"), (15, "after the first 10")):
        served = [*LEAVES[:changed], b"{}", *LEAVES[changed + 1 :]]
        with pytest.raises(AuditError, match=where):
            audit(serving(served, signed=LEAVES), LOG, head(LEAVES[:10]))


def test_two_leaves_in_the_other_order_are_found() -> None:
    served = [LEAVES[1], LEAVES[0], *LEAVES[2:]]
    assert fault_of(lambda: audit(serving(served, signed=LEAVES), LOG)) is Fault.CHANGED_LEAF


@given(st.integers(0, 22))
def test_a_removed_leaf_is_found(removed: int) -> None:
    served = [*LEAVES[:removed], *LEAVES[removed + 1 :]]
    assert fault_of(lambda: audit(serving(served, signed=LEAVES), LOG)) is Fault.REMOVED_LEAF


@given(st.integers(1, 23), st.data())
def test_a_log_that_signs_another_past_is_a_fork(before: int, data: st.DataObject) -> None:
    changed = data.draw(st.integers(0, before - 1))
    other = [*LEAVES[:changed], deed(changed, points=500), *LEAVES[changed + 1 :]]
    source = serving(other)
    earlier = head(LEAVES[:before])
    assert fault_of(lambda: audit(source, LOG, earlier)) is Fault.FORKED_LOG
    growth = partial(check_growth, earlier, head(other), source.consistency)
    assert fault_of(growth) is Fault.FORKED_LOG


def test_a_smaller_tree_than_before_is_a_shrunk_log() -> None:
    source = serving(LEAVES[:9])
    assert fault_of(lambda: audit(source, LOG, head(LEAVES))) is Fault.SHRUNK_LOG


def test_a_wrong_proof_over_leaves_in_order_is_only_a_bad_proof() -> None:
    source = replace(serving(LEAVES), consistency=lambda first, second: [bytes(32)])
    assert fault_of(lambda: audit(source, LOG, head(LEAVES[:5]))) is Fault.BAD_PROOF


def test_a_checkpoint_signed_by_a_stranger_is_not_believed() -> None:
    for note in (
        sign_checkpoint(head(LEAVES), STRANGER),
        sign(Note(str(head(LEAVES))), "linli.example/stranger", STRANGER),
    ):
        source = replace(serving(LEAVES), checkpoint=str(note).encode)
        assert fault_of(partial(audit, source, LOG)) is Fault.BAD_SIGNATURE


def test_a_changed_checkpoint_is_a_bad_signature() -> None:
    raw = serving(LEAVES).checkpoint().replace(b"\n23\n", b"\n22\n")
    source = replace(serving(LEAVES), checkpoint=lambda: raw)
    assert fault_of(lambda: audit(source, LOG)) is Fault.BAD_SIGNATURE


def test_the_required_cosigner_has_to_have_cosigned() -> None:
    signed = sign_checkpoint(head(LEAVES), LOG_KEY)
    by_stranger = cosign(signed, LEADER, STRANGER, NOW)
    only_leader = cosign(Note(signed.text), LEADER, LEADER_KEY, NOW)
    for note in (signed, by_stranger, only_leader):
        found = fault_of(partial(open_checkpoint, str(note).encode(), COSIGNED))
        assert found is Fault.BAD_SIGNATURE
    both = cosign(signed, LEADER, LEADER_KEY, NOW)
    source = replace(serving(LEAVES), checkpoint=str(both).encode)
    assert audit(source, COSIGNED).cosigned == {LEADER: NOW}


def test_the_checkpoint_of_another_log_is_told_apart() -> None:
    other = replace(head(LEAVES), origin="linli.example/hupan")
    note = sign(Note(str(other)), ORIGIN, LOG_KEY)
    source = replace(serving(LEAVES), checkpoint=str(note).encode)
    assert fault_of(lambda: audit(source, LOG)) is Fault.OTHER_LOG
    assert fault_of(lambda: audit(serving(LEAVES), LOG, other)) is Fault.OTHER_LOG


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>502</html>",
        str(sign(Note("no checkpoint\n"), ORIGIN, LOG_KEY)).encode(),
        str(sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), LOG_KEY)).encode(),
    ],
)
def test_what_is_no_checkpoint_is_malformed(raw: bytes) -> None:
    assert fault_of(lambda: open_checkpoint(raw, LOG)) is Fault.MALFORMED


@pytest.mark.parametrize("leaf", [b"", b"{}", LEAVES[5].replace(b",", b", ")])
def test_a_signed_leaf_that_is_none_is_a_fault_of_the_log(leaf: bytes) -> None:
    served = [*LEAVES[:5], leaf, *LEAVES[6:]]
    with pytest.raises(AuditError, match="leaf 5") as caught:
        audit(serving(served), LOG)
    assert caught.value.fault is Fault.BAD_LEAF


def test_leaves_beyond_the_signed_ones_are_not_looked_at() -> None:
    source = replace(
        serving(LEAVES[:6]), leaves=lambda begin, end: [*LEAVES[begin:6], b"not signed yet"]
    )
    assert audit(source, LOG).checkpoint.size == 6
