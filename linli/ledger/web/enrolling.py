"""How terminals and boards come in, and stay in, over HTTPS: claims, certificates, and the batches
of one that is gone, brought from its card. All is signed with the terminal's own key."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Annotated

import msgspec
import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy import Connection, Engine, func, select

from linli.ledger.database import reading
from linli.ledger.ingest.batches import take
from linli.ledger.ingest.limits import EVENTS, Allowance, events_in
from linli.ledger.ingest.parking import SIZE_CAP
from linli.ledger.ingest.schema import received
from linli.ledger.ingest.words import settle_words
from linli.ledger.people.schema import org
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.terminals.authority import Authority
from linli.ledger.terminals.certifying import OutOfServiceError, certify, require_trusted
from linli.ledger.terminals.claiming import (
    Claim,
    KnownKeyError,
    TooManyClaimsError,
    claim_of,
    registered_as,
)
from linli.ledger.terminals.doubles import Sign, raise_alarm
from linli.ledger.terminals.quarantine import require_free
from linli.ledger.terminals.registry import Registered, find
from linli.ledger.web.asking import Pace, body_of
from linli.ledger.web.site import Site
from linli.sync.clock import Clock
from linli.sync.enrolment import (
    Brought,
    Certified,
    EnrolAnswer,
    Enrolled,
    Rejected,
    Waiting,
    open_enrol,
    open_renewal,
)
from linli.sync.messages import encode
from linli.sync.signing import MalformedError, SignatureError, open_sealed, public_from_hex

log = structlog.get_logger()
LARGEST = 4 * 1024
RENEWALS, BATCHES = 30, 1200
"""A minute, of each terminal."""
WHERE = "/console/terminals/new"


@dataclass(frozen=True)
class Gate:
    """What newcomers are told of the broker, and who signs their certificates: without an
    authority they connect without TLS, as on a loopback."""

    authority: Authority | None
    broker_host: str
    broker_port: int
    websockets: int = 0
    record_key: str = ""


def enrol_routes(engine: Engine, clock: Clock, site: Site | None, gate: Gate | None) -> APIRouter:
    """Without a `site` nobody confirms, and without a `gate` nobody is told where the broker is."""
    routes = APIRouter(prefix="/v1")
    renewals, brought = Pace(clock, RENEWALS), Pace(clock, BATCHES)
    events = Allowance(EVENTS, clock)
    shelf = StandardShelf()

    @routes.post("/enrol")
    def enrol(request: Request, payload: Annotated[bytes, Depends(body_of(LARGEST))]) -> Response:
        if site is None or gate is None:
            raise HTTPException(503, "this ledger takes nobody in: it was started without a gate")
        return _json(_enrolled(engine, site, gate, request, payload, clock.now()))

    @routes.post("/terminals/{name}/certificate")
    def certificate(name: str, payload: Annotated[bytes, Depends(body_of(LARGEST))]) -> Response:
        if gate is None or gate.authority is None:
            raise HTTPException(503, "this ledger gives no certificates: it has no authority")
        with engine.begin() as connection:
            at = _renewing(connection, name, payload)
            if not renewals.allows(name):
                raise HTTPException(429, f"{name} asks too often: wait a minute")
            return _json(_certified(connection, gate, at, clock.now()))

    @routes.post("/terminals/{name}/batches")
    def bring(name: str, payload: Annotated[bytes, Depends(body_of(SIZE_CAP))]) -> Response:
        with reading(engine) as connection:
            _require_signed(connection, name, payload)
        if not (brought.allows(name) and events.allows(name, events_in(payload))):
            raise HTTPException(429, f"{name} brings too much at once: wait a minute")
        answer = _taken(engine, name, payload, shelf, clock.now())
        if site is not None:
            site.committed()
        return _json(answer)

    return routes


def _taken(
    engine: Engine, name: str, payload: bytes, shelf: StandardShelf, now: dt.datetime
) -> Brought:
    """Like a batch that came by the broker."""
    of_it = select(func.count()).select_from(received).where(received.c.terminal == name)
    with engine.begin() as connection:
        before = connection.execute(of_it).scalar_one()
        answer = take(connection, name, payload, shelf.read(connection), now)
        fresh = connection.execute(of_it).scalar_one() - before
        watermark = registered_as(connection, name).watermark
    settle_words(engine, name, now)
    return Brought(taken=answer is not None, watermark=watermark, fresh=fresh)


def _enrolled(
    engine: Engine, site: Site, gate: Gate, request: Request, payload: bytes, now: dt.datetime
) -> EnrolAnswer:
    try:
        body = open_enrol(payload)
    except MalformedError as error:
        raise HTTPException(400, str(error)) from error
    except SignatureError as error:
        raise HTTPException(401, str(error)) from error
    address = request.client.host if request.client else "?"
    try:
        with engine.begin() as connection:
            found = claim_of(connection, body, address, secrets.randbelow, now)
            return _answer(connection, site, gate, found, now)
    except TooManyClaimsError as error:
        raise HTTPException(429, str(error)) from error
    except KnownKeyError as error:
        with engine.begin() as connection:
            detail = "somebody with its key asked to be enrolled as a new terminal"
            raise_alarm(connection, error.name, Sign.ENROL, detail, now)
        return Rejected(reason="known-key")


def _answer(
    connection: Connection, site: Site, gate: Gate, found: Claim, now: dt.datetime
) -> EnrolAnswer:
    if found.terminal is not None:
        at = registered_as(connection, found.terminal)
        return _who_it_is(connection, site, gate, at, found, now)
    if found.decided_by is not None:
        return Rejected(reason="refused")
    url = f"{site.public_url.rstrip('/')}{WHERE}?code={found.code}"
    return Waiting(code=found.code, url=url, until=found.until)


def _who_it_is(
    connection: Connection,
    site: Site,
    gate: Gate,
    at: Registered,
    found: Claim,
    now: dt.datetime,
) -> Enrolled:
    place = connection.execute(select(org.c.name).where(org.c.id == at.scope)).scalar_one()
    certified = Certified()
    if gate.authority is not None:
        certified = _certified(connection, gate, at, now)
    return Enrolled(
        name=at.name,
        scope=at.scope,
        place=place,
        centre=at.centre,
        centre_name=found.centre_name,
        broker_host=gate.broker_host,
        broker_port=gate.broker_port,
        websockets=gate.websockets,
        public_url=site.public_url,
        record_key=gate.record_key,
        certified=certified,
    )


def _certified(connection: Connection, gate: Gate, at: Registered, now: dt.datetime) -> Certified:
    assert gate.authority is not None  # noqa: S101 - looked at by the callers
    try:
        pem = certify(connection, gate.authority, at, now)
    except OutOfServiceError as error:
        raise HTTPException(403, str(error)) from error
    return Certified(certificate=pem.decode(), authority=gate.authority.pem.decode())


def _known(connection: Connection, name: str) -> Registered:
    found = find(connection, name)
    if found is None:
        raise HTTPException(401, f"nobody is registered as {name[:48]}")
    return found


def _renewing(connection: Connection, name: str, payload: bytes) -> Registered:
    """Who asks for a certificate, or an error of HTTP."""
    at = _known(connection, name)
    try:
        said = open_renewal(payload, at.public_key)
    except MalformedError as error:
        raise HTTPException(400, str(error)) from error
    except SignatureError as error:
        raise HTTPException(401, str(error)) from error
    if said.terminal != name:
        raise HTTPException(403, f"it came as {name}, but says something else")
    return at


def _require_signed(connection: Connection, name: str, payload: bytes) -> None:
    """Unlike on the broker nothing of strangers is kept here: who brings rubbish is told."""
    at = _known(connection, name)
    try:
        opened = open_sealed(payload, public_from_hex(at.public_key))
        require_trusted(connection, name)
        require_free(connection, name)
    except MalformedError as error:
        raise HTTPException(400, str(error)) from error
    except SignatureError as error:
        raise HTTPException(401, str(error)) from error
    except OutOfServiceError as error:
        raise HTTPException(403, str(error)) from error
    if opened.batch.terminal != name:
        raise HTTPException(403, f"it came as {name}, but says {opened.batch.terminal}")


def _json(answer: msgspec.Struct) -> Response:
    return Response(
        encode(answer), media_type="application/json", headers={"Cache-Control": "no-store"}
    )
