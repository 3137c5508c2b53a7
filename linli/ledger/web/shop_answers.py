"""What the shop refuses, as an answer of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from linli.ledger.shop.held_points import HeldError, ask_back
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.refusals import Refused
from linli.ledger.web.site import Site

WRONG_INPUT = frozenset({Refusal.NOT_POSSIBLE, Refusal.MISTYPED})
"""Everything else was right when the page was drawn, or for somebody else."""


def refused(error: ShopError) -> Refused:
    return Refused(422 if error.refusal in WRONG_INPUT else 409, in_chinese(str(error)))


@contextmanager
def shop_answers(site: Site | None = None) -> Iterator[None]:
    """Raises Refused for a ShopError. With a `site`, terminals are asked for the points that they
    hold: open the transaction inside of this."""
    try:
        yield
    except HeldError as error:
        if site is not None and ask_back(site.engine, error.account, site.clock.now()):
            site.committed()
        raise refused(error) from error
    except ShopError as error:
        raise refused(error) from error
