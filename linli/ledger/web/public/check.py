"""查一查: anybody follows a leaf of the record up to its signed root.

What the page computes, it computes at the ledger: it shows how checking works. Who trusts nobody
checks with a program of their own; the page gives the command.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.people.schema import org
from linli.ledger.record.checking import Looked, check_kept, find_place, look_up, proof_file
from linli.ledger.record.log import RecordError, newest_note
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form
from linli.ledger.web.public.drawing import EVERYWHERE
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download, page
from linli.ledger.web.site import Here, Site
from linli.sync.periods import SHANGHAI
from linli.sync.record.checkpoint import Checkpoint, cosigned_at, parse_checkpoint
from linli.sync.record.keys import NoteError
from linli.sync.record.leaves import LeafError, parse_opening
from linli.sync.record.notes import Note
from linli.sync.record.proof_files import HEAD, parse_proof_file
from linli.sync.record.proofs import ProofError

routes = APIRouter(prefix="/check")
LONGEST_PLACE = 15
UNREADABLE = "贴进来的内容认不出，请贴完整的回执，或者当时下载的证明文件。"


@dataclass(frozen=True, slots=True)
class Signed:
    """A line under the checkpoint. `at` is when a cosigner stood by it, None for the log itself."""

    name: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows of a leaf: whose community it is of, and what its item is called."""

    looked: Looked
    community: str
    item: str
    kept: bool


@routes.get("")
def show(request: Request, site: Here, place: str = "") -> Response:
    with reading(site.engine) as connection:
        if not place:
            return _page(request, connection, site, None, "")
        return _answer(request, connection, site, place)


@routes.post("")
def check(request: Request, site: Here, form: Form) -> Response:
    """A receipt or a kept proof comes in a form: a receipt's salt belongs into no address."""
    with reading(site.engine) as connection:
        return _answer(request, connection, site, form.text("what"))


@routes.get("/{place}.tlog-proof")
def keep(site: Here, place: int) -> Response:
    with reading(site.engine) as connection:
        try:
            text = proof_file(connection, place)
        except (RecordError, ProofError) as error:
            raise Refused(404, in_chinese(str(error))) from error
    return download(text.encode(), f"linli-{place}.tlog-proof", "text/plain; charset=utf-8")


def _answer(request: Request, connection: Connection, site: Site, what: str) -> Response:
    try:
        looked, kept = _looked(connection, what)
    except (NoteError, LeafError):
        return _page(request, connection, site, None, UNREADABLE, 422)
    except (RecordError, ProofError) as error:
        return _page(request, connection, site, None, in_chinese(str(error)), 422)
    names = {row.id: row.name for row in connection.execute(select(org.c.id, org.c.name))}
    found = Found(
        looked,
        names.get(looked.leaf.node, looked.leaf.node),
        site.shelf.read(connection).name_of(looked.leaf.item, looked.day),
        kept,
    )
    return _page(request, connection, site, found, "")


def _looked(connection: Connection, what: str) -> tuple[Looked, bool]:
    """What was given: a place, a receipt or a kept proof; and whether it was the last."""
    if what.startswith(HEAD):
        return check_kept(connection, parse_proof_file(what)), True
    if what.startswith("{"):
        return look_up(connection, find_place(connection, parse_opening(what.encode()))), False
    if not (what.isascii() and what.isdigit() and len(what) <= LONGEST_PLACE):
        raise RecordError("give a place in the record, a receipt or a kept proof")
    return look_up(connection, int(what)), False


def _page(
    request: Request,
    connection: Connection,
    site: Site,
    found: Found | None,
    error: str,
    status: int = 200,
) -> Response:
    newest, note = _newest(connection)
    return page(
        request,
        "public/check.html",
        status,
        here=EVERYWHERE,
        newest=newest,
        signed=_signed(note),
        found=found,
        error=error,
        url=(site.public_url or str(request.base_url)).rstrip("/"),
    )


def _newest(connection: Connection) -> tuple[Checkpoint | None, Note | None]:
    try:
        note = newest_note(connection)
    except RecordError:
        return None, None
    return parse_checkpoint(note.text), note


def _signed(note: Note | None) -> Sequence[Signed]:
    if note is None:
        return ()
    signed = []
    for signature in note.signatures:
        try:
            at = dt.datetime.fromtimestamp(cosigned_at(signature), SHANGHAI)
            signed.append(Signed(signature.name, at))
        except (NoteError, ValueError, OverflowError, OSError):
            signed.append(Signed(signature.name, None))
    return signed
