"""Checks of the public record: its leaves, its tree, and that no checkpoint passed a deed over."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from linli.ledger.audit.difference import Difference
from linli.ledger.journal.accounts import ISSUANCE
from linli.ledger.journal.deed import CORRECTED, POSTED
from linli.ledger.journal.schema import deed, transfer
from linli.ledger.record.schema import log_checkpoint, log_leaf, log_node
from linli.ledger.standard.versions import Standards
from linli.sync.record.checkpoint import parse_checkpoint
from linli.sync.record.leaves import LeafError, open_for, opens, parse_leaf
from linli.sync.record.merkle import Frontier
from linli.sync.record.notes import parse_note


def leaves_speak_of_deeds(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each leaf says what its deed is, and opens with its salt where there still is one."""
    query = (
        select(log_leaf, deed, transfer.c.debit, deed.c.state.label("now"))
        .join(deed, deed.c.id == log_leaf.c.deed)
        .join(transfer, transfer.c.id == deed.c.transfer)
    )
    for row in connection.execute(query.order_by(log_leaf.c.place)):
        where = f"leaf {row.place} of deed {row.id}"
        try:
            leaf = parse_leaf(bytes(row.leaf))
        except LeafError as error:
            yield Difference(where, str(error), "a leaf")
            continue
        kept = (leaf.item, leaf.item_class, leaf.points, leaf.day, leaf.standard, leaf.state)
        item_class = row.debit.removeprefix(f"{ISSUANCE}:")
        told = (row.item, item_class, row.points, row.day, row.standard_version, row[2])
        if kept != told:
            yield Difference(where, kept, told)
        if row.salt is not None and not opens(open_for(row.account, row.id, bytes(row.salt)), leaf):
            yield Difference(f"{where}, salt", "another", "the one it was committed with")
        if row.now != POSTED and CORRECTED not in row.flags.split():
            yield Difference(where, f"a {row.now} deed", "a posted or corrected one")


def tree_and_checkpoints(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """The kept subtrees and every signed root are those of the leaves, and the newest checkpoint
    covers all of them."""
    notes = {r.size: r.note for r in connection.execute(select(log_checkpoint))}
    nodes = {(r.level, r.place): bytes(r.hash) for r in connection.execute(select(log_node))}
    frontier = Frontier()
    leaves = connection.execute(
        select(log_leaf.c.place, log_leaf.c.leaf).order_by(log_leaf.c.place)
    )
    for row in leaves:
        if row.place != frontier.size:
            yield Difference(f"leaf {frontier.size}", "no such row", "a leaf")
            return
        frontier, made = frontier.append(bytes(row.leaf))
        for level, place, hash_ in made:
            if nodes.pop((level, place), None) != hash_:
                yield Difference(f"subtree {level}/{place}, hash", "another", hash_.hex())
        if frontier.size in notes:
            signed = parse_checkpoint(parse_note(notes.pop(frontier.size)).text)
            if (signed.size, signed.root) != (frontier.size, frontier.root()):
                yield Difference(
                    f"checkpoint {frontier.size}, root", signed.root.hex(), frontier.root().hex()
                )
    for level, place in sorted(nodes):
        yield Difference(f"subtree {level}/{place}", "a row", "none: it has no leaves")
    for size in sorted(set(notes) - {0}):
        yield Difference(f"checkpoint {size}", "a signed tree", f"none: {frontier.size} leaves")


def nothing_was_passed_over(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Every deed that was posted before the newest checkpoint has its leaf in it."""
    newest = select(log_checkpoint.c.made_at).order_by(log_checkpoint.c.size.desc()).limit(1)
    made_at = connection.execute(newest).scalar()
    if made_at is None:
        return
    query = (
        select(deed.c.id)
        .join(transfer, transfer.c.id == deed.c.transfer)
        .outerjoin(log_leaf, (log_leaf.c.deed == deed.c.id) & (log_leaf.c.state == "posted"))
        .where(deed.c.state == POSTED, transfer.c.decided_at < made_at, log_leaf.c.place.is_(None))
    )
    for row in connection.execute(query.order_by(deed.c.id)):
        yield Difference(f"deed {row.id}, leaf", "no such row", "a leaf in the public record")
