"""Codes name an item or a class for ever. Pure.

A deed keeps its item's code and not the name: a code that came to mean something else would make
old deeds say what nobody did. A withdrawn item may come back, under its code and its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linli.ledger.standard.changes import classes_of, items_of
from linli.sync.messages import StandardDoc


def misused(docs: Iterable[StandardDoc]) -> Iterator[str]:
    """What is wrong with the codes of versions in the order of their first day, in words."""
    meant: dict[str, tuple[str, str]] = {}
    before: set[str] = set()
    for doc in docs:
        here = dict(_meanings(doc))
        for code, (kind, name) in here.items():
            known_kind, known_name = meant.get(code, (kind, name))
            if known_kind != kind:
                yield f"version {doc.version}: {code} is {kind}, but it was {known_kind}"
            elif code not in before and known_name != name:
                yield (
                    f"version {doc.version}: {code} cannot be {name}, as it was {known_name} until"
                    " it was withdrawn: take a new code"
                )
        meant |= here
        before = set(here)


def next_code(class_code: str, used: Iterable[str]) -> str:
    """A code of the class that none of `used` is: C06 after C05."""
    numbers = (code.removeprefix(class_code) for code in used if code.startswith(class_code))
    highest = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return f"{class_code}{highest + 1:02d}"


def _meanings(doc: StandardDoc) -> Iterator[tuple[str, tuple[str, str]]]:
    for code, name in classes_of(doc).items():
        yield code, ("a class", name)
    for code, placed in items_of(doc).items():
        yield code, ("an item", placed.item.name)
