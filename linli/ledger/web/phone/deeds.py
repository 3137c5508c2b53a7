"""我的记录: one's deeds, how far each has come and why, and the proof that the record has it."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.declarations.history import read_history
from linli.ledger.declarations.steps import steps
from linli.ledger.notice.progress import (
    Progress,
    count_deeds,
    family_of,
    newest_deeds,
    progress_of,
)
from linli.ledger.record.log import RecordError
from linli.ledger.record.own import Proved, prove
from linli.ledger.web.listing import Listing, page_number
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download
from linli.ledger.web.site import Here, Site
from linli.sync.record.leaves import LeafError
from linli.sync.record.proofs import ProofError

log = structlog.get_logger()
routes = APIRouter(prefix="/me")
PER_PAGE = 10


@routes.get("/deeds")
def show(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        family = family_of(connection, me.account)
        total = count_deeds(connection, family)
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        stories = newest_deeds(
            connection,
            family,
            site.shelf.read(connection),
            skip=(number - 1) * PER_PAGE,
            count=PER_PAGE,
        )
    page = Listing(stories, number, total, request, PER_PAGE)
    return phone_page(request, me, "deeds.html", page=page)


@routes.get("/deeds/one")
def show_one(request: Request, site: Here, me: Me, id: str) -> Response:
    with reading(site.engine) as connection:
        story = _own(connection, site, me, id)
        history = read_history(connection, id)
        return phone_page(
            request,
            me,
            "deed.html",
            story=story,
            steps=steps(history) if history else [],
        )


@routes.get("/deeds/proof")
def show_proof(request: Request, site: Here, me: Me, id: str) -> Response:
    with reading(site.engine) as connection:
        story = _own(connection, site, me, id)
        proofs = _proofs(connection, id)
    status = 200 if proofs is not None else 500
    return phone_page(request, me, "proof.html", status, story=story, proofs=proofs)


@routes.get("/deeds/proof/file")
def proof_file(site: Here, me: Me, id: str, place: int) -> Response:
    with reading(site.engine) as connection:
        _own(connection, site, me, id)
        proofs = _proofs(connection, id) or []
    for proof in proofs:
        if proof.place == place:
            return download(proof.document(), f"linli-proof-{place}.json", "application/json")
    raise Refused(404, "公开账本里还没有这一条。")


def _own(connection: Connection, site: Site, me: Me, id_: str) -> Progress:
    """Raises Refused for a deed that is not theirs, or none at all: nobody learns which."""
    stories = progress_of(connection, [id_], site.shelf.read(connection))
    if not stories or stories[0].deed.account not in family_of(connection, me.account):
        raise Refused(404, "您的记录里没有这一条。")
    return stories[0]


def _proofs(connection: Connection, id_: str) -> list[Proved] | None:
    """None where the record is not what it should be: that is said, and told to those who keep
    it."""
    try:
        return prove(connection, id_)
    except (ProofError, LeafError, RecordError) as error:
        log.error("the public record does not prove a deed", deed=id_, error=str(error))
        return None
