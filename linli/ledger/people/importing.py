"""A list of people becomes holders of a community: looked at first, then taken whole or not.

Nothing is decided behind anybody's back: what `preview` has no problem with, and nothing else, is
what `take` takes, as long as the ledger is still the one that was looked at.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import (
    BUILDING,
    COMMUNITY,
    HOUSEHOLD,
    NewCard,
    NewHolder,
    NewOrg,
    PeopleError,
)
from linli.ledger.people.holding import hold
from linli.ledger.people.households import door_id
from linli.ledger.people.masking import masked
from linli.ledger.people.numbering import hold_numbers, next_numbers
from linli.ledger.people.personal import Personal, plain
from linli.ledger.people.personal_schema import person
from linli.ledger.people.persons import keep_new, opened
from linli.ledger.people.register import enrol
from linli.ledger.people.roster import BUILDING as BUILDING_COLUMN
from linli.ledger.people.roster import CARD, CHIP, NAME, Line, Problem, read_roster
from linli.ledger.people.schema import card, holder, org
from linli.ledger.people.spreadsheet import SheetError, read_sheets
from linli.ledger.people.tree import add_orgs
from linli.ledger.people.vault import KeyRing, blind_index
from linli.sync.messages import Kind

CARD_CHIP = "ntag213"
"""Lists name cards by their UID alone; a chip with a key is issued at the desk."""


class StaleImportError(PeopleError):
    """The ledger is not the one that was looked at: look again."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would add to a community. `seen` marks what the ledger said about it."""

    scope: str
    rows: tuple[Line, ...]
    problems: tuple[Problem, ...]
    seen: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Places:
    """The community's buildings by name, its households by (building, name), and all ids."""

    buildings: Mapping[str, str]
    doors: Mapping[tuple[str, str], str]
    ids: frozenset[str]


def preview(connection: Connection, scope: str, data: bytes, ring: KeyRing) -> Preview:
    """Look at a file for the community `scope`; changes nothing. Problems of the file and those
    with the ledger, all of them. Raises PeopleError for what is no community."""
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != COMMUNITY:
        raise PeopleError(f"{scope!r} is not a community: people are taken into one")
    try:
        lines, problems = read_roster(read_sheets(data))
    except SheetError as error:
        what, _, todo = str(error).partition("：")
        return Preview(scope, (), (Problem("", 0, "", what, todo),), "")
    against = list(_against_ledger(connection, scope, lines, ring))
    return Preview(scope, tuple(lines), (*problems, *against), _mark(connection, scope, lines))


def take(connection: Connection, of: Preview, ring: KeyRing, now: dt.datetime) -> list[str]:
    """Enrol everybody of a preview, with households, cards and personal data; returns their
    account numbers in the order of its rows. All or nothing: raises PeopleError where the preview
    has problems, StaleImportError where the ledger has changed under it."""
    if of.problems or not of.rows:
        raise PeopleError(f"the list has {len(of.problems)} problems: correct the file first")
    hold_numbers(connection)
    hold(connection, (), [of.scope])
    if of.seen != _mark(connection, of.scope, of.rows) or any(
        _against_ledger(connection, of.scope, of.rows, ring)
    ):
        raise StaleImportError("the ledger has changed since the list was looked at: look again")
    with connection.begin_nested():
        return _take(connection, of, ring, now)


def _take(connection: Connection, of: Preview, ring: KeyRing, now: dt.datetime) -> list[str]:
    homes = _homes(connection, of, now)
    accounts = next_numbers(connection, [line.kind for line in of.rows])
    pairs = list(zip(accounts, of.rows, strict=True))
    enrol(
        connection,
        [
            NewHolder(a, line.name, line.kind, homes[i], line.consent, line.under14)
            for i, (a, line) in enumerate(pairs)
        ],
        now,
    )
    cards = [
        NewCard(line.card, line.uid, account, CARD_CHIP, None)
        for account, line in pairs
        if line.card is not None and line.uid is not None
    ]
    issue_cards(connection, cards, now)
    given = {account: Personal(line.name, line.phone) for account, line in pairs}
    keep_new(connection, given, ring, now)
    return accounts


# --- homes -----------------------------------------------------------------------------------


def _homes(connection: Connection, of: Preview, now: dt.datetime) -> list[str]:
    """Each line's home; households that are not there yet are added."""
    places = _places(connection, of.scope)
    doors = dict(places.doors)
    new: list[NewOrg] = []
    homes = []
    for line in of.rows:
        home = places.buildings[line.building] if line.building else of.scope
        if line.door and line.kind is not Kind.UNIT:
            key = (home, line.door)
            if key not in doors:
                doors[key] = door_id(*key, {*places.ids, *doors.values()})
                new.append(NewOrg(doors[key], home, HOUSEHOLD, line.door))
            home = doors[key]
        homes.append(home)
    add_orgs(connection, new, now)
    return homes


def _places(connection: Connection, scope: str) -> _Places:
    rows = connection.execute(select(org).where(org.c.scope == scope)).all()
    return _Places(
        {plain(row.name): row.id for row in rows if row.level == BUILDING},
        {(row.parent, plain(row.name)): row.id for row in rows if row.level == HOUSEHOLD},
        frozenset(row.id for row in rows),
    )


# --- what the ledger says --------------------------------------------------------------------


def _against_ledger(
    connection: Connection, scope: str, lines: Sequence[Line], ring: KeyRing
) -> Iterator[Problem]:
    places = _places(connection, scope)
    cards, uids = _known_cards(connection, lines)
    phones = _known_phones(connection, lines, ring)
    names = _names_behind(connection, scope)
    for line in lines:
        if line.building and line.building not in places.buildings:
            what = f"社区里没有楼栋“{line.building}”"
            yield line.problem(BUILDING_COLUMN, what, "先登记这栋楼，或改成登记的名称")
        if line.card in cards:
            yield line.problem(CARD, "这张卡已登记", "换一张卡，或删去这一行的卡")
        elif line.uid in uids:
            yield line.problem(CHIP, "这张卡片已登记为别的卡号", "重读卡片，或换一张卡")
        door = places.doors.get((places.buildings.get(line.building, ""), line.door))
        known = phones.get((line.phone or "", line.name))
        if known is None and line.phone is None and door is not None:
            known = names.get((door, line.kind.value, masked(line.name, line.kind)))
        if known is not None:
            yield line.problem(NAME, f"已登记为 {known}", "删去这一行，或到服务台办理变更")


def _known_cards(connection: Connection, lines: Sequence[Line]) -> tuple[set[str], set[str]]:
    found: list[set[str]] = []
    for column, values in (
        (card.c.id, [line.card for line in lines if line.card is not None]),
        (card.c.uid, [line.uid for line in lines if line.uid is not None]),
    ):
        found.append(
            {
                value
                for chunk in in_chunks(values)
                for value in connection.execute(select(column).where(column.in_(chunk))).scalars()
            }
        )
    return found[0], found[1]


def _known_phones(
    connection: Connection, lines: Sequence[Line], ring: KeyRing
) -> dict[tuple[str, str], str]:
    """Accounts by (phone, name). Names are compared here and shown to nobody."""
    phones = {line.phone for line in lines if line.phone is not None}
    indexes = {blind_index(key, "phone", p): p for key in ring.keys.values() for p in phones}
    return {
        (indexes[bytes(row.phone_index)], opened(ring, row, "name") or ""): row.account
        for chunk in in_chunks(indexes)
        for row in connection.execute(select(person).where(person.c.phone_index.in_(chunk)))
    }


def _names_behind(connection: Connection, scope: str) -> dict[tuple[str, str, str], str]:
    """Accounts by home, kind and masked name: all that is known of who gave no phone."""
    query = select(holder).where(holder.c.scope == scope, holder.c.closed_at.is_(None))
    return {(row.home, row.kind, row.name_masked): row.account for row in connection.execute(query)}


def _mark(connection: Connection, scope: str, lines: Sequence[Line]) -> str:
    """Changes with whatever the ledger says of these lines' places."""
    places = _places(connection, scope)
    used = {line.building for line in lines}
    told = sorted((name, id_) for name, id_ in places.buildings.items() if name in used)
    return hashlib.sha256(repr((scope, told)).encode()).hexdigest()
