"""The public record over HTTP, for everybody: checkpoints, leaves and proofs.

Nothing here is personal: a leaf commits to a deed without saying whose it is.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import PlainTextResponse
from sqlalchemy import Engine

from linli.ledger.database import reading
from linli.ledger.record.log import RecordError, newest_note, read_leaves, read_node, tree_size
from linli.sync.record.proofs import consistency_proof, inclusion_proof

LEAVES_AT_ONCE = 1000
LARGEST = 2**53 - 1
Size = Annotated[int, Query(ge=0, le=LARGEST)]


def record_routes(engine: Engine) -> APIRouter:
    """`/v1/record/…`. Hashes and leaves are Base64, as in checkpoints."""
    routes = APIRouter(prefix="/v1/record")

    @routes.get("/checkpoint")
    def checkpoint() -> PlainTextResponse:
        """The newest signed checkpoint (C2SP tlog-checkpoint)."""
        with reading(engine) as connection:
            try:
                return PlainTextResponse(str(newest_note(connection)))
            except RecordError as error:
                raise HTTPException(404, str(error)) from error

    @routes.get("/leaves")
    def leaves(begin: Size, end: Size) -> dict[str, list[str]]:
        """Leaves from `begin` up to before `end`, at most a thousand."""
        with reading(engine) as connection:
            found = read_leaves(connection, begin, min(end, begin + LEAVES_AT_ONCE))
        return {"leaves": _base64(found)}

    @routes.get("/consistency")
    def consistency(first: Size, second: Size) -> dict[str, list[str]]:
        """That the tree of `second` leaves begins with that of `first` (RFC 9162, 2.1.4)."""
        with reading(engine) as connection:
            _require(0 < first <= second <= tree_size(connection), "no such two trees")
            return {"proof": _base64(consistency_proof(first, second, read_node(connection)))}

    @routes.get("/inclusion")
    def inclusion(place: Size, size: Size) -> dict[str, list[str]]:
        """That the leaf at `place` is in the tree of `size` leaves (RFC 9162, 2.1.3)."""
        with reading(engine) as connection:
            _require(place < size <= tree_size(connection), "no such leaf in such a tree")
            return {"proof": _base64(inclusion_proof(place, size, read_node(connection)))}

    return routes


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise HTTPException(404, otherwise)


def _base64(values: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in values]
