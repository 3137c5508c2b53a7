"""Terminals that want to come in, as their programs ask."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx2 import Response
from starlette.testclient import TestClient

from linli.ledger.terminals.authority import Authority
from linli.ledger.web.app import make_app
from linli.ledger.web.enrolling import Gate
from linli.sync.enrolment import (
    EnrolAnswer,
    Waiting,
    enrol_body,
    read_enrol_answer,
    seal_enrol,
    seal_renewal,
)
from tests.unit.ledger.web.site import VillageSite

NEW = "/console/terminals/new"


class Newcomer:
    """One program with its key, at a ledger that has a gate."""

    def __init__(self, site: VillageSite, authority: Authority | None, kind: str = "terminal"):
        self.key = Ed25519PrivateKey.generate()
        self.kind = kind
        gate = Gate(authority, "broker.example", 8883, 443, "points.example+1a2b3c4d+AbCd")
        self.http = TestClient(make_app(site.engine, site.clock, site.site, gate))

    def post(self, payload: bytes) -> Response:
        return self.http.post("/v1/enrol", content=payload)

    def ask(self) -> EnrolAnswer:
        body = enrol_body(self.key, self.kind, "boot-1", "1.0", "南门")
        answer = self.post(seal_enrol(body, self.key))
        assert answer.status_code == 200, answer.text
        return read_enrol_answer(answer.content)

    def code(self) -> str:
        answer = self.ask()
        assert isinstance(answer, Waiting)
        return answer.code

    def renew(self, name: str, key: Ed25519PrivateKey | None = None) -> Response:
        payload = seal_renewal(name, key or self.key)
        return self.http.post(f"/v1/terminals/{name}/certificate", content=payload)

    def bring(self, name: str, payload: bytes) -> Response:
        return self.http.post(f"/v1/terminals/{name}/batches", content=payload)


def naming(code: str, **more: str) -> dict[str, str]:
    """A maintainer's form as they fill it in."""
    return {
        "code": code,
        "compared": "yes",
        "name": "t2",
        "centre": "centre",
        "centre_name": "阳光邻里中心",
        **more,
    }
