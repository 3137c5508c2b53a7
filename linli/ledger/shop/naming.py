"""Ids and words that the shop takes in."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import Connection, select

from linli.ledger.people.schema import org
from linli.ledger.shop.refusals import Refusal, ShopError

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
REQUEST = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""No point in it: a redemption's id is its holder, a point, and this."""
LONGEST = 200
MOST = 1_000_000
"""More points, pieces or fen than any one thing of a neighbourhood has."""


def check_id(what: str, text: str) -> None:
    """Raises ShopError for what cannot be an id of the shop."""
    if not ID.fullmatch(text):
        raise ShopError(
            Refusal.NOT_POSSIBLE,
            f"{what} {text!r}: use 1 to 48 small letters, digits and -, no - first",
        )


def check_request(text: str) -> None:
    """Raises ShopError for what a client may not choose as its request's id."""
    if not REQUEST.fullmatch(text):
        raise ShopError(
            Refusal.NOT_POSSIBLE, f"request {text!r}: use 1 to 64 letters, digits, - and _"
        )


def check_amount(what: str, amount: int, least: int = 1) -> None:
    """Raises ShopError for an amount that is out of bounds."""
    if not least <= amount <= MOST:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{what} is {amount}: give {least} to {MOST}")


def clean(what: str, words: str) -> str:
    """The words without space around them. Raises ShopError where there are none, too many, or
    some that nobody can read: not every database keeps those."""
    words = words.strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in words):
        raise ShopError(Refusal.NOT_POSSIBLE, f"{what}: leave control characters out")
    if not 0 < len(words) <= LONGEST:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{what}: give 1 to {LONGEST} characters")
    return words


def require_community(connection: Connection, scope: str) -> None:
    """Raises ShopError for what is not a community."""
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != "community":
        raise ShopError(Refusal.NOT_POSSIBLE, f"{scope!r} is not a community: name one")
