"""Checks the public record as anybody can: nothing is trusted but public keys, and a checkpoint
that was checked before.

What is found wrong is told apart, because it means different things: leaves that do not fit the
signed root were changed or removed behind the signer's back, while a fork or a shrunk log was
signed by the log itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.sync.record.checkpoint import Checkpoint, CosignerKey, cosigned_at, parse_checkpoint
from linli.sync.record.keys import NoteError, NoteKey, NoteSignatureError
from linli.sync.record.leaves import LeafError, parse_leaf
from linli.sync.record.merkle import EMPTY_ROOT, Frontier
from linli.sync.record.notes import parse_note, verify
from linli.sync.record.proofs import ProofError, verify_consistency

CHUNK = 1000


class Fault(StrEnum):
    """What is wrong with a record."""

    MALFORMED = "malformed"
    """What is served for a checkpoint is not one."""
    BAD_SIGNATURE = "bad-signature"
    """The checkpoint is not signed by the log, or not by a cosigner who has to."""
    OTHER_LOG = "other-log"
    """The checkpoint is of another log."""
    SHRUNK_LOG = "shrunk-log"
    """The log signed a smaller tree than before."""
    FORKED_LOG = "forked-log"
    """The log signed a tree that does not begin with the one it signed before."""
    REMOVED_LEAF = "removed-leaf"
    """Fewer leaves are served than were signed."""
    CHANGED_LEAF = "changed-leaf"
    """The leaves that are served are not those that were signed."""
    BAD_LEAF = "bad-leaf"
    """The log signed a leaf that says what no leaf may say, or not in canonical JSON."""
    BAD_PROOF = "bad-proof"
    """The proof that is served fails although the leaves are in order."""


class AuditError(Exception):
    """The record is not in order; the text says where."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(f"{fault}: {text}")
        self.fault = fault


@dataclass(frozen=True)
class Keys:
    """Whose word counts. Every one of `cosigners` has to have cosigned."""

    log: NoteKey
    cosigners: tuple[CosignerKey, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where the record is read. `leaves(begin, end)` may give fewer than asked, none when there are
    no more; `consistency(first, second)` gives a proof."""

    checkpoint: Callable[[], bytes]
    leaves: Callable[[int, int], Sequence[bytes]]
    consistency: Callable[[int, int], Sequence[bytes]]


@dataclass(frozen=True)
class Audited:
    """A checkpoint that may be trusted from now on, and when each cosigner saw it."""

    checkpoint: Checkpoint
    cosigned: dict[str, int]


def audit(source: Source, keys: Keys, earlier: Checkpoint | None = None) -> Audited:
    """Check everything: signatures, every leaf, the root over them, and that the log only grew
    since the `earlier` checkpoint. Raises AuditError with the first fault."""
    audited = open_checkpoint(source.checkpoint(), keys)
    now = audited.checkpoint
    if earlier is not None:
        _check_size(earlier, now)
    _check_leaves(source, now, earlier)
    if earlier is not None:
        check_growth(earlier, now, source.consistency, Fault.BAD_PROOF)
    return audited


def open_checkpoint(raw: bytes, keys: Keys) -> Audited:
    """The checkpoint in this note, signed and cosigned as it has to be. Raises AuditError."""
    try:
        note = parse_note(raw)
        good = verify(note, (keys.log, *keys.cosigners))
        for key in (keys.log, *keys.cosigners):
            if not any(signature.made_with(key) for signature in good):
                raise AuditError(Fault.BAD_SIGNATURE, f"{key.name} did not sign the checkpoint")
        checkpoint = parse_checkpoint(note.text)
    except NoteSignatureError as error:
        raise AuditError(Fault.BAD_SIGNATURE, str(error)) from error
    except NoteError as error:
        raise AuditError(Fault.MALFORMED, str(error)) from error
    if checkpoint.origin != keys.log.name:
        raise AuditError(Fault.OTHER_LOG, f"the checkpoint is of {checkpoint.origin!r}")
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise AuditError(Fault.MALFORMED, "the root is not that of a tree without leaves")
    cosigned = {
        signature.name: cosigned_at(signature)
        for signature in good
        if any(signature.made_with(key) for key in keys.cosigners)
    }
    return Audited(checkpoint, cosigned)


def check_growth(
    earlier: Checkpoint,
    now: Checkpoint,
    consistency: Callable[[int, int], Sequence[bytes]],
    otherwise: Fault = Fault.FORKED_LOG,
) -> None:
    """The log only grew from `earlier` to `now`, without a look at its leaves. Enough for a
    cosigner. A proof that fails is the fault `otherwise`. Raises AuditError."""
    _check_size(earlier, now)
    if earlier.size == 0 or earlier.size == now.size:
        return
    proof = consistency(earlier.size, now.size)
    try:
        verify_consistency(earlier.size, now.size, proof, earlier.root, now.root)
    except ProofError as error:
        raise AuditError(otherwise, str(error)) from error


def _check_size(earlier: Checkpoint, now: Checkpoint) -> None:
    if now.origin != earlier.origin:
        raise AuditError(Fault.OTHER_LOG, f"{now.origin!r} does not follow {earlier.origin!r}")
    if now.size < earlier.size:
        raise AuditError(Fault.SHRUNK_LOG, f"{now.size} leaves, but before {earlier.size}")
    if now.size == earlier.size and now.root != earlier.root:
        raise AuditError(Fault.FORKED_LOG, f"two different trees of {now.size} leaves are signed")


def _check_leaves(source: Source, now: Checkpoint, earlier: Checkpoint | None) -> None:
    """Read all leaves, and see whether they have the signed root, and had the earlier one."""
    frontier = Frontier()
    bad: str | None = None
    as_before = True
    while frontier.size < now.size:
        end = min(frontier.size + CHUNK, now.size)
        served = source.leaves(frontier.size, end)
        if not served:
            raise AuditError(
                Fault.REMOVED_LEAF, f"of {now.size} signed leaves only {frontier.size} are served"
            )
        for leaf in served[: end - frontier.size]:
            bad = bad or _fault_of(leaf, frontier.size)
            frontier, _ = frontier.append(leaf)
            if earlier is not None and frontier.size == earlier.size:
                as_before = frontier.root() == earlier.root
    if frontier.root() != now.root:
        where = ""
        if earlier is not None:
            where = f", {'after' if as_before else 'among'} the first {earlier.size}"
        raise AuditError(Fault.CHANGED_LEAF, f"the leaves have another root than was signed{where}")
    if earlier is not None and not as_before:
        raise AuditError(
            Fault.FORKED_LOG, f"the first {earlier.size} leaves are not those signed before"
        )
    if bad is not None:
        raise AuditError(Fault.BAD_LEAF, bad)


def _fault_of(leaf: bytes, index: int) -> str | None:
    """Why this is no leaf. Told only once the root is known to be right: until then somebody else
    than the log may have changed it."""
    try:
        parse_leaf(leaf)
    except LeafError as error:
        return f"leaf {index}: {error}"
    return None
