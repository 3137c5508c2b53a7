"""A terminal brings the result of its job: once, bounded, and signed with its own key."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.pictures import picture as pixels

from linli.ledger.fleet.jobs import results as job_results
from linli.ledger.fleet.jobs.giving import give
from linli.ledger.fleet.jobs.hearing import hear
from linli.ledger.fleet.jobs.results import KEPT, forget_results, result_of
from linli.ledger.terminals.retiring import retire
from linli.ledger.web.job_results import RESULTS
from linli.sync.job_messages import (
    RESULT_BYTES,
    JobResult,
    JobStatus,
    Restart,
    Screenshot,
    SelfTest,
    Task,
    digest_of_result,
    seal_result,
)
from linli.sync.jobs import JobState
from tests.unit.ledger.village import KEY, NOW
from tests.unit.ledger.web.site import VillageSite

FOUND = b'{"schema":1,"checks":[]}'


def asked(site: VillageSite, id_: str = "job-1", task: Task | None = None) -> str:
    with site.engine.begin() as connection:
        until = NOW + dt.timedelta(hours=1)
        give(connection, "t1", task or SelfTest(), until, "m", lambda: id_, NOW)
    return id_


def brought(
    site: VillageSite,
    id_: str,
    data: bytes = FOUND,
    media_type: str = "application/json",
    key: Ed25519PrivateKey = KEY,
    at: str = "",
) -> int:
    body = base64.b64encode(data).decode()
    told = JobResult(terminal="t1", id=id_, at=NOW, media_type=media_type, data=body)
    url = at or f"/v1/terminals/t1/jobs/{id_}/result"
    return site.browser().post(url, content=seal_result(told, key)).status_code


def test_a_result_is_kept_and_the_same_again_answered_alike(site: VillageSite) -> None:
    id_ = asked(site)
    assert brought(site, id_) == 200
    assert brought(site, id_) == 200
    assert brought(site, id_, b"{}") == 409
    with site.engine.connect() as connection:
        kept = result_of(connection, id_)
    assert kept is not None
    assert (kept.terminal, kept.data, kept.agreed) == ("t1", FOUND, True)


def test_only_the_terminals_own_key_and_jobs_count(site: VillageSite) -> None:
    id_ = asked(site)
    assert brought(site, id_, key=Ed25519PrivateKey.generate()) == 401
    assert brought(site, id_, at="/v1/terminals/nobody/jobs/job-1/result") == 401
    assert brought(site, id_, at="/v1/terminals/t1/jobs/job-2/result") == 403
    assert brought(site, "never-given") == 404
    rubbish = site.browser().post("/v1/terminals/t1/jobs/job-1/result", content=b"\xff")
    assert rubbish.status_code == 400
    with site.engine.begin() as connection:
        retire(connection, "t1", "m", "broken", NOW, lost=False)
    assert brought(site, id_) == 403


def test_what_is_no_result_of_that_job_is_not_taken(site: VillageSite) -> None:
    assert brought(site, asked(site, "restart", Restart(part="app"))) == 422
    picture = asked(site, "picture", Screenshot())
    assert brought(site, picture) == 422
    assert brought(site, picture, b"<svg>", "image/png") == 422
    assert brought(site, picture, pixels(60_000, 1), "image/png") == 422
    assert brought(site, picture, pixels(8, 6), "image/png") == 200
    assert brought(site, asked(site, "large"), b"x" * (RESULT_BYTES + 1)) == 422
    assert brought(site, "large", b"x" * (RESULT_BYTES + 8192)) == 413


def test_a_result_other_than_the_terminal_said_is_not_taken(site: VillageSite) -> None:
    id_ = asked(site)
    said = digest_of_result(b"something else")
    told = JobStatus(terminal="t1", id=id_, state=JobState.SUCCEEDED, at=NOW, result=said)
    with site.engine.begin() as connection:
        hear(connection, told, NOW)
    assert brought(site, id_) == 409


def test_a_result_other_than_is_said_later_does_not_agree(site: VillageSite) -> None:
    id_ = asked(site)
    brought(site, id_)
    said = digest_of_result(b"something else")
    told = JobStatus(terminal="t1", id=id_, state=JobState.SUCCEEDED, at=NOW, result=said)
    with site.engine.begin() as connection:
        hear(connection, told, NOW)
        kept = result_of(connection, id_)
    assert kept is not None
    assert not kept.agreed


def test_results_go_by_number_and_by_age(
    site: VillageSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_results, "MOST", 2)
    for id_ in ("one", "two", "three"):
        brought(site, asked(site, id_))
        site.clock.pass_(minutes=1)
    with site.engine.begin() as connection:
        assert result_of(connection, "one") is None
        assert result_of(connection, "three") is not None
        assert forget_results(connection, site.clock.now() + KEPT) == 2
        assert result_of(connection, "three") is None


def test_nobody_else_uses_up_what_a_terminal_may_bring(site: VillageSite) -> None:
    id_, stranger = asked(site), Ed25519PrivateKey.generate()
    assert {brought(site, id_, key=stranger) for _ in range(RESULTS + 1)} == {401}
    assert {brought(site, id_) for _ in range(RESULTS)} == {200}
    assert brought(site, id_) == 429
