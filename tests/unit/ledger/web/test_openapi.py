"""What programs may ask is described in OpenAPI; pages for people are not part of it."""

from __future__ import annotations

from tests.unit.ledger.web.site import VillageSite


def test_the_record_and_the_snapshots_are_described(site: VillageSite) -> None:
    described = site.browser().get("/openapi.json").json()["paths"]
    assert {"/v1/record/checkpoint", "/v1/record/inclusion", "/healthz"} <= described.keys()
    assert not any(path.startswith(("/console", "/me", "/merchant")) for path in described)
