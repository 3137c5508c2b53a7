"""The ledger's HTTP: whether it is well, snapshots and answers for terminals, the public record,
and where it has a site, the pages for people."""

from __future__ import annotations

import gzip

from fastapi import FastAPI, HTTPException, Request, Response
from sqlalchemy import Connection, Engine

import linli
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import UnknownScopeError, require_scope, snapshot
from linli.ledger.metrics.meters import Meters
from linli.ledger.metrics.timing import Timing
from linli.ledger.terminals.certifying import OutOfServiceError, require_in_service
from linli.ledger.terminals.registry import BOARD, Registered, find
from linli.ledger.web.asking import Pace, ask_routes
from linli.ledger.web.enrolling import Gate, enrol_routes
from linli.ledger.web.errors import answer_errors
from linli.ledger.web.job_results import job_result_routes
from linli.ledger.web.pages import serve_pages
from linli.ledger.web.pictures import picture_routes
from linli.ledger.web.record import record_routes
from linli.ledger.web.site import Site
from linli.sync.clock import Clock
from linli.sync.messages import Stream, encode
from linli.sync.signing import (
    MalformedError,
    SignatureError,
    check_request,
    claimed_terminal,
    public_from_hex,
)

GZIP_ABOVE, GZIP_LEVEL = 1024, 3
SNAPSHOTS = 120
"""A minute, of each terminal and board: each is work for the whole ledger."""


def make_app(
    engine: Engine,
    clock: Clock,
    site: Site | None = None,
    gate: Gate | None = None,
    meters: Meters | None = None,
) -> FastAPI:
    """The application on a ledger database. Programs' errors are JSON, `{"error": sentence}`;
    people's are pages. With a `gate` it takes new terminals in; `meters` time its answers."""
    app = FastAPI(title="Linli ledger", version=linli.__version__, docs_url=None, redoc_url=None)
    app.state.site = site
    answer_errors(app)
    if site is not None:
        serve_pages(app, site)
    if meters is not None:
        app.add_middleware(Timing, meters=meters)

    snapshots = Pace(clock, SNAPSHOTS)

    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        return {"ok": True, "version": linli.__version__}

    @app.get("/v1/scope/{org}/{stream}/snapshot")
    def read_snapshot(org: str, stream: str, request: Request) -> Response:
        with reading(engine) as connection:
            asker = _authenticated(connection, request, clock)
            if not snapshots.allows(asker.name):
                raise HTTPException(429, f"{asker.name} fetches too often: wait a minute")
            wanted = _allowed(connection, asker, org, stream)
            answer = snapshot(connection, org, wanted, clock.now())
        return _json(encode(answer), request)

    app.include_router(record_routes(engine))
    app.include_router(picture_routes(engine))
    app.include_router(ask_routes(engine, clock, site))
    app.include_router(enrol_routes(engine, clock, site, gate))
    app.include_router(job_result_routes(engine, clock))
    return app


def _authenticated(connection: Connection, request: Request, clock: Clock) -> Registered:
    """Who signed the request, or 401."""
    header = request.headers.get("Authorization", "")
    try:
        asker = find(connection, claimed_terminal(header))
        if asker is None:
            raise SignatureError("nobody of this name is registered: register it at the ledger")
        key = public_from_hex(asker.public_key)
        check_request(header, request.scope["path"], key, clock.now())
        require_in_service(connection, asker.name)
    except (MalformedError, SignatureError) as error:
        raise HTTPException(401, str(error), {"WWW-Authenticate": "Linli"}) from error
    except OutOfServiceError as error:
        raise HTTPException(403, str(error)) from error
    return asker


def _allowed(connection: Connection, asker: Registered, org: str, stream: str) -> Stream:
    """The stream that is asked for, 404 where there is none such, 403 where it is for others."""
    try:
        wanted = Stream(stream)
        require_scope(connection, org)
    except (ValueError, UnknownScopeError) as error:
        raise HTTPException(404, str(error)) from error
    if asker.scope != org:
        raise HTTPException(403, f"{asker.name} belongs to {asker.scope}, not to {org}")
    if wanted is Stream.HOLDERS and asker.kind == BOARD:
        raise HTTPException(403, f"{asker.name} is a board: holders are for terminals only")
    return wanted


def _json(body: bytes, request: Request) -> Response:
    """Packed here, on the request's own thread, where the asker can unpack it."""
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    if len(body) > GZIP_ABOVE and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, GZIP_LEVEL)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)
