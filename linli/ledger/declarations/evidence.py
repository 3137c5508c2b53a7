"""What speaks for a written-down deed: words, photos, a paper's number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from linli.ledger.database import in_chunks, insert_missing
from linli.ledger.declarations.photos import Photo
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.declarations.schema import declaration, desk_entry, evidence, photo
from linli.ledger.review.schema import verdict

MOST_PHOTOS = 3
"""In one form."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a deed, without its bytes. `elsewhere` is whether another deed shows it too."""

    place: int
    photo: str
    width: int
    height: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a panel is shown of a deed besides the deed. `added` is what was said when it came
    back after a return."""

    words: str
    paper: str
    pictures: tuple[Picture, ...]
    added: tuple[str, ...]

    def told(self) -> tuple[str, ...]:
        """All of it as text, for a mark of what somebody has seen."""
        shown = (f"{one.photo} {one.elsewhere}" for one in self.pictures)
        return (self.words, self.paper, *shown, *self.added)


def keep_photos(
    connection: Connection, deed: str, photos: Sequence[Photo], now: dt.datetime
) -> None:
    """Add the photos of one form; the same one twice is one. Raises DeclarationError."""
    distinct = {one.id: one for one in photos}
    if len(distinct) > MOST_PHOTOS:
        raise DeclarationError(
            Refusal.TOO_MANY_PHOTOS, f"there are {len(distinct)} photos: send {MOST_PHOTOS} at most"
        )
    if not distinct:
        return
    insert_missing(
        connection,
        photo,
        [
            {"id": one.id, "jpeg": one.jpeg, "width": one.width, "height": one.height}
            for one in distinct.values()
        ],
    )
    newest = select(func.coalesce(func.max(evidence.c.place), 0)).where(evidence.c.deed == deed)
    before = connection.execute(newest).scalar_one()
    rows = [
        {"deed": deed, "place": place, "photo": id_, "added_at": now}
        for place, id_ in enumerate(distinct, start=before + 1)
    ]
    connection.execute(insert(evidence), rows)


def read_photo(connection: Connection, deed: str, place: int) -> bytes | None:
    """A photo's JPEG; None where there is none."""
    query = (
        select(photo.c.jpeg)
        .join(evidence, evidence.c.photo == photo.c.id)
        .where(evidence.c.deed == deed, evidence.c.place == place)
    )
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def read_evidence(connection: Connection, ids: Iterable[str]) -> dict[str, Evidence]:
    """By deed, of those of `ids` that were written down, entries that wait too."""
    found: dict[str, Evidence] = {}
    for chunk in in_chunks(ids):
        said = {row.id: (row.words, "") for row in _rows(connection, declaration, chunk)}
        said |= {row.id: (row.reason, row.paper) for row in _rows(connection, desk_entry, chunk)}
        pictures = _pictures(connection, said)
        added = _added(connection, said)
        for id_, (words, paper) in said.items():
            found[id_] = Evidence(words, paper, tuple(pictures[id_]), tuple(added[id_]))
    return found


def forget_evidence(connection: Connection, account: str) -> None:
    """The photos and words of all that was written down of this account are gone; that it was,
    stays."""
    theirs = [
        id_
        for table in (declaration, desk_entry)
        for id_ in connection.execute(
            select(table.c.id).where(table.c.account == account)
        ).scalars()
    ]
    for chunk in in_chunks(theirs):
        shown = select(evidence.c.photo).where(evidence.c.deed.in_(chunk))
        photos = set(connection.execute(shown).scalars())
        connection.execute(delete(evidence).where(evidence.c.deed.in_(chunk)))
        _drop_unused(connection, photos)
        completed = verdict.c.deed.in_(chunk) & verdict.c.completion.is_not(None)
        connection.execute(update(verdict).where(completed).values(completion=""))
    of_declaration, of_entry = declaration.c.account == account, desk_entry.c.account == account
    connection.execute(update(declaration).where(of_declaration).values(words=""))
    connection.execute(update(desk_entry).where(of_entry).values(reason="", paper="", why=""))


def _drop_unused(connection: Connection, photos: Collection[str]) -> None:
    unused = ~exists().where(evidence.c.photo == photo.c.id)
    for chunk in in_chunks(sorted(photos)):
        connection.execute(delete(photo).where(photo.c.id.in_(chunk), unused))


def _rows(connection: Connection, table: Any, ids: Collection[str]) -> Iterable[Any]:
    return connection.execute(select(table).where(table.c.id.in_(ids)))


def _pictures(connection: Connection, ids: Collection[str]) -> dict[str, list[Picture]]:
    other = evidence.alias("other")
    query = (
        select(
            evidence,
            photo.c.width,
            photo.c.height,
            exists()
            .where(other.c.photo == evidence.c.photo, other.c.deed != evidence.c.deed)
            .label("elsewhere"),
        )
        .join(photo, photo.c.id == evidence.c.photo)
        .where(evidence.c.deed.in_(ids))
        .order_by(evidence.c.deed, evidence.c.place)
    )
    found: dict[str, list[Picture]] = defaultdict(list)
    for row in connection.execute(query):
        picture = Picture(row.place, row.photo, row.width, row.height, bool(row.elsewhere))
        found[row.deed].append(picture)
    return found


def _added(connection: Connection, ids: Collection[str]) -> dict[str, list[str]]:
    query = select(verdict).where(verdict.c.deed.in_(ids), verdict.c.completion.is_not(None))
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query.order_by(verdict.c.deed, verdict.c.round)):
        found[row.deed].append(row.completion)
    return found
