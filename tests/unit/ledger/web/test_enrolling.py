"""How terminals come in over HTTPS, and what becomes of those that are gone."""

from __future__ import annotations

import pytest
from cryptography import x509

from linli.ledger.ingest.limits import Rate
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.authority import Authority, found
from linli.ledger.terminals.retiring import retire
from linli.ledger.terminals.watching import watched_one
from linli.ledger.web import enrolling
from linli.sync.enrolment import Certified, Enrolled, Rejected, Waiting, read_certified
from tests.unit.ledger.village import KEY, NOW
from tests.unit.ledger.web.newcomers import NEW, Newcomer, naming
from tests.unit.ledger.web.site import VillageSite


@pytest.fixture(scope="module")
def authority() -> Authority:
    return found("Linli test", NOW)


@pytest.fixture
def newcomer(site: VillageSite, authority: Authority) -> Newcomer:
    return Newcomer(site, authority)


def enrolled(site: VillageSite, newcomer: Newcomer) -> Enrolled:
    maintainer = site.log_in(Role.MAINTAINER)
    code = newcomer.code()
    answer = maintainer.submit(NEW, naming(code), seen=f"{NEW}?code={code}")
    assert "t2 已登记" in answer.text
    told = newcomer.ask()
    assert isinstance(told, Enrolled)
    return told


def test_a_newcomer_is_told_a_code_and_where_it_is_typed(newcomer: Newcomer) -> None:
    answer = newcomer.ask()
    assert isinstance(answer, Waiting)
    assert answer.url.endswith(f"/console/terminals/new?code={answer.code}")
    assert newcomer.ask() == answer


def test_a_confirmed_newcomer_is_told_who_it_is_and_gets_its_certificate(
    site: VillageSite, newcomer: Newcomer, authority: Authority
) -> None:
    told = enrolled(site, newcomer)
    assert (told.name, told.scope, told.place) == ("t2", "village", "阳光社区")
    assert (told.broker_host, told.broker_port, told.websockets) == ("broker.example", 8883, 443)
    certificate = x509.load_pem_x509_certificate(told.certified.certificate.encode())
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.public_key() == newcomer.key.public_key()
    assert told.certified.authority.encode() == authority.pem


def test_a_ledger_without_an_authority_enrols_all_the_same(site: VillageSite) -> None:
    newcomer = Newcomer(site, None)
    assert enrolled(site, newcomer).certified == Certified()
    assert newcomer.renew("t2").status_code == 503


def test_a_refused_newcomer_hears_of_it(site: VillageSite, newcomer: Newcomer) -> None:
    code = newcomer.code()
    maintainer = site.log_in(Role.MAINTAINER)
    answer = maintainer.submit(f"{NEW}/refuse", {"code": code}, seen=f"{NEW}?code={code}")
    assert "已拒绝" in answer.text
    assert newcomer.ask() == Rejected(reason="refused")


def test_a_copy_of_a_registered_key_is_turned_away_and_shown_to_a_maintainer(
    site: VillageSite, newcomer: Newcomer
) -> None:
    newcomer.key = KEY
    assert newcomer.ask() == Rejected(reason="known-key")
    page = site.log_in(Role.MAINTAINER).text("/console/terminals/one?name=t1")
    assert "有人拿着它的密钥来登记新终端" in page


@pytest.mark.parametrize("payload", [b"", b"{}", b"\xff", b"[" * 3000])
def test_rubbish_is_refused(newcomer: Newcomer, payload: bytes) -> None:
    assert newcomer.post(payload).status_code == 400


def test_a_newcomer_that_says_too_much_is_cut_off(newcomer: Newcomer) -> None:
    assert newcomer.post(b"x" * 5000).status_code == 413


def test_a_certificate_is_renewed_with_the_registered_key_alone(
    site: VillageSite, newcomer: Newcomer
) -> None:
    first = enrolled(site, newcomer).certified.certificate
    site.clock.pass_(minutes=61)
    renewed = read_certified(newcomer.renew("t2").content).certificate
    assert renewed != first
    assert newcomer.renew("t2", KEY).status_code == 401
    assert newcomer.renew("t9").status_code == 401


def test_a_certificate_is_renewed_whatever_the_terminals_clock_says_and_long_after_its_end(
    site: VillageSite, newcomer: Newcomer
) -> None:
    enrolled(site, newcomer)
    site.clock.pass_(minutes=60 * 24 * 90)
    renewed = x509.load_pem_x509_certificate(
        read_certified(newcomer.renew("t2").content).certificate.encode()
    )
    assert renewed.not_valid_after_utc > site.clock.now()


def test_who_is_retired_gets_no_certificate_and_no_snapshot(
    site: VillageSite, newcomer: Newcomer
) -> None:
    enrolled(site, newcomer)
    with site.engine.begin() as connection:
        retire(connection, "t2", "wangli", "broken", site.clock.now(), lost=False)
    assert newcomer.renew("t2").status_code == 403


def test_a_batch_that_is_brought_is_taken_once_however_often_it_is_brought(
    site: VillageSite, newcomer: Newcomer
) -> None:
    payload = site.village.batch(site.village.check_in("a1", "patrol", "09:00"))
    for fresh in (1, 0):
        answer = newcomer.bring("t1", payload)
        assert answer.json() == {"taken": True, "watermark": 1, "fresh": fresh}
    with site.engine.connect() as connection:
        one = watched_one(connection, "village", "t1")
    assert one is not None
    assert one.watermark == 1


def test_what_is_brought_is_vouched_for_or_refused(site: VillageSite, newcomer: Newcomer) -> None:
    payload = site.village.batch(site.village.check_in("a1", "patrol", "09:00"))
    enrolled(site, newcomer)
    assert newcomer.bring("t2", payload).status_code == 401
    assert newcomer.bring("t9", payload).status_code == 401
    assert newcomer.bring("t1", b"rubbish").status_code == 400
    assert site.village.parked() == []


def test_no_more_is_brought_than_any_terminal_could_have(
    site: VillageSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolling, "EVENTS", Rate(3, 0))
    newcomer = Newcomer(site, None)
    village = site.village
    two = [village.check_in(who, "visit", "10:05") for who in ("a1", "a2")]
    assert newcomer.bring("t1", village.batch(*two)).status_code == 200
    two = [village.check_in(who, "visit", "10:05") for who in ("a3", "a4")]
    assert newcomer.bring("t1", village.batch(*two)).status_code == 429


def test_a_fork_that_is_brought_is_kept_and_said_to_be_one(
    site: VillageSite, newcomer: Newcomer
) -> None:
    village = site.village
    village.send(village.check_in("a1", "patrol", "09:00"))
    fork = village.batch(village.check_in("a2", "visit", "10:05"), number=1, previous="0" * 64)
    assert newcomer.bring("t1", fork).json()["taken"] is False
    assert [one.reason for one in village.parked()] == ["fork"]


def test_of_a_broken_terminal_the_rest_is_taken_and_of_a_lost_one_nothing(
    site: VillageSite, newcomer: Newcomer
) -> None:
    village = site.village
    with site.engine.begin() as connection:
        retire(connection, "t1", "wangli", "broken", site.clock.now(), lost=False)
    first = village.batch(village.check_in("a1", "patrol", "09:00"))
    assert newcomer.bring("t1", first).json()["taken"] is True


def test_of_a_lost_terminal_nothing_is_taken(site: VillageSite, newcomer: Newcomer) -> None:
    village = site.village
    with site.engine.begin() as connection:
        retire(connection, "t1", "wangli", "stolen", site.clock.now(), lost=True)
    payload = village.batch(village.check_in("a1", "patrol", "09:00"))
    assert newcomer.bring("t1", payload).status_code == 403
    assert village.parked() == []


def test_a_code_is_told_for_a_day_after_it_was_confirmed(
    site: VillageSite, newcomer: Newcomer
) -> None:
    told = enrolled(site, newcomer)
    site.clock.pass_(minutes=60 * 23)
    again = newcomer.ask()
    assert isinstance(again, Enrolled)
    assert again.name == told.name
    site.clock.pass_(minutes=61)
    assert newcomer.ask() == Rejected(reason="known-key")
