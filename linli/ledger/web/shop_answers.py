"""What the shop refuses, as an answer of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.refusals import Refused

WRONG_INPUT = frozenset({Refusal.NOT_POSSIBLE, Refusal.MISTYPED})
"""Everything else was right when the page was drawn, or for somebody else."""


def refused(error: ShopError) -> Refused:
    return Refused(422 if error.refusal in WRONG_INPUT else 409, in_chinese(str(error)))


@contextmanager
def shop_answers() -> Iterator[None]:
    """Raises Refused for a ShopError."""
    try:
        yield
    except ShopError as error:
        raise refused(error) from error
