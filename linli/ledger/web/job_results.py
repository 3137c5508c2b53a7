"""`POST /v1/terminals/{name}/jobs/{id}/result`: what a terminal found out for a job, signed with
its key: a picture, lines of its log, findings."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import Connection, Engine

from linli.ledger.database import reading
from linli.ledger.fleet.jobs.results import NoJobError, OtherResultError, ResultError, take_result
from linli.ledger.terminals.certifying import OutOfServiceError, require_in_service
from linli.ledger.terminals.registry import Registered, find
from linli.ledger.web.asking import Pace, body_of
from linli.sync.clock import Clock
from linli.sync.job_messages import RESULT_BYTES, JobResult, open_result
from linli.sync.signing import MalformedError, SignatureError, public_from_hex

log = structlog.get_logger()
LARGEST = RESULT_BYTES * 4 // 3 + 4096
"""Base64, and what stands around it."""
RESULTS = 30
"""A minute, of each terminal."""


def job_result_routes(engine: Engine, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix="/v1/terminals")
    pace = Pace(clock, RESULTS)

    @routes.post("/{name}/jobs/{id_}/result")
    def take(
        name: str, id_: str, payload: Annotated[bytes, Depends(body_of(LARGEST))]
    ) -> dict[str, str]:
        with reading(engine) as connection:
            at = _known(connection, name)
        told, data = _opened(at, id_, payload)
        # Counted once it is known to be the terminal's own: nobody else uses up what it may bring.
        if not pace.allows(at.name):
            raise HTTPException(429, f"{at.name} brings too much at once: wait a minute")
        try:
            with engine.begin() as connection:
                digest = take_result(connection, told, data, clock.now())
        except NoJobError as error:
            raise HTTPException(404, str(error)) from error
        except OtherResultError as error:
            raise HTTPException(409, str(error)) from error
        except ResultError as error:
            raise HTTPException(422, str(error)) from error
        log.info("result of a job", terminal=name, job=id_, size=len(data))
        return {"digest": digest}

    return routes


def _known(connection: Connection, name: str) -> Registered:
    """Who is said to bring it, in service, or an error of HTTP."""
    at = find(connection, name)
    if at is None:
        raise HTTPException(401, f"nobody is registered as {name[:48]}")
    try:
        require_in_service(connection, name)
    except OutOfServiceError as error:
        raise HTTPException(403, str(error)) from error
    return at


def _opened(at: Registered, id_: str, payload: bytes) -> tuple[JobResult, bytes]:
    try:
        told, data = open_result(payload, public_from_hex(at.public_key))
    except MalformedError as error:
        raise HTTPException(400, str(error)) from error
    except SignatureError as error:
        raise HTTPException(401, str(error)) from error
    if (told.terminal, told.id) != (at.name, id_):
        raise HTTPException(403, f"it came as {at.name}'s {id_[:64]}, but says something else")
    return told, data
