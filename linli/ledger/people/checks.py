"""What is asked of new org nodes, holders and cards before any table is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from linli.sync.messages import Kind

STREET, COMMUNITY, BUILDING, HOUSEHOLD = "street", "community", "building", "household"
LEVELS = (STREET, COMMUNITY, BUILDING, HOUSEHOLD)
"""From the top of the tree down; each level's parent is of the level before."""
COUNTED = (STREET, COMMUNITY)
"""Levels that keep point counts; a building is small enough to be counted directly."""
NODE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
"""Safe inside a topic, a URL and a path of ids."""
ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}")
"""Without `.` and `:`, which join it to an activity and to a purse."""
CARD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")
UID = re.compile(r"(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{14}|[0-9a-fA-F]{20})")
KEY = re.compile(r"[0-9a-fA-F]{32}")
CHIP = re.compile(r"[a-z0-9-]{1,16}")


class PeopleError(ValueError):
    """People, places or cards cannot be taken in; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class NewOrg:
    """A node to be added; `parent` is None for a street."""

    id: str
    parent: str | None
    level: str
    name: str


@dataclass(frozen=True)
class NewHolder:
    """Somebody to be enrolled. `home` is their household or building, a unit's its
    building or the community itself. `consent` allows the masked name in public; `under14` never
    does."""

    account: str
    name: str = field(repr=False)
    kind: Kind
    home: str
    consent: bool
    under14: bool


@dataclass(frozen=True)
class NewCard:
    """A card to be issued. `uid` and the chip's own AES-128 `key` are hex; None without keys."""

    id: str
    uid: str
    account: str
    chip: str
    key: str | None = field(repr=False)


def check_org(new: NewOrg) -> None:
    """Raises PeopleError, as the others here do."""
    if not NODE_ID.fullmatch(new.id):
        raise PeopleError(
            f"org node id {new.id!r}: use 1 to 48 small letters, digits and -, no - first"
        )
    if new.level not in LEVELS:
        raise PeopleError(f"org node {new.id}: level {new.level!r} is none of {', '.join(LEVELS)}")
    if not new.name.strip():
        raise PeopleError(f"org node {new.id} has no name: give the one people know it by")


def check_parent(new: NewOrg, parent_level: str | None) -> None:
    """`parent_level` is None where the parent is not in the tree or none is given."""
    if new.level == STREET:
        if new.parent is not None:
            raise PeopleError(f"street {new.id} is under {new.parent!r}: a street has no parent")
        return
    above = LEVELS[LEVELS.index(new.level) - 1]
    if new.parent is None:
        raise PeopleError(f"{new.level} {new.id} has no parent: give the id of its {above}")
    if parent_level is None:
        raise PeopleError(
            f"{new.level} {new.id} is under {new.parent!r}, which is not in the tree:"
            f" add that {above} first"
        )
    if parent_level != above:
        raise PeopleError(
            f"{new.level} {new.id} is under the {parent_level} {new.parent}:"
            f" give the id of its {above}"
        )


def check_holder(new: NewHolder) -> None:
    if not ACCOUNT_ID.fullmatch(new.account):
        raise PeopleError(
            f"account {new.account!r}: use 1 to 48 letters, digits, - and _, no sign first"
        )
    if not new.name.strip():
        raise PeopleError(
            f"account {new.account} has no name: give the full one, it is masked here"
        )
    if new.under14 and new.kind is not Kind.RESIDENT:
        raise PeopleError(
            f"account {new.account} is a {new.kind.value} under 14: only a resident can be"
        )


def check_home(account: str, kind: Kind, home: str, level: str | None) -> None:
    """`level` is None for a home that is not in the tree."""
    allowed = (BUILDING, COMMUNITY) if kind is Kind.UNIT else (BUILDING, HOUSEHOLD)
    if level is None:
        raise PeopleError(
            f"account {account} lives at {home!r}, which is not in the tree: add it first"
        )
    if level not in allowed:
        raise PeopleError(
            f"account {account} ({kind.value}) cannot live at the {level} {home}:"
            f" give its {' or '.join(allowed)}"
        )


def check_card(new: NewCard) -> None:
    if not CARD_ID.fullmatch(new.id):
        raise PeopleError(
            f"card id {new.id!r}: use 1 to 48 letters, digits, '.', - and _, no sign first"
        )
    if not UID.fullmatch(new.uid):
        raise PeopleError(
            f"card {new.id}: UID {new.uid!r} is not 4, 7 or 10 bytes in hex: read the card again"
        )
    if not CHIP.fullmatch(new.chip):
        raise PeopleError(f"card {new.id}: chip {new.chip!r} is no name such as ntag424")
    if new.key is not None and not KEY.fullmatch(new.key):
        raise PeopleError(f"card {new.id}: its key is not 16 bytes in hex; None for a chip without")


def refuse_repeats(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise PeopleError(f"{what} {value} is given twice: leave one of them out")
        seen.add(value)
