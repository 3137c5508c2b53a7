"""Certificates are given, renewed and revoked; who is retired is not let in."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from sqlalchemy import Connection

from linli.ledger.shop.schema import lease, retired_terminal
from linli.ledger.terminals.authority import TERMINAL_LIFE, Authority, found
from linli.ledger.terminals.certifying import (
    OutOfServiceError,
    admitted,
    certify,
    require_trusted,
    revoke_all,
    revoked,
)
from linli.ledger.terminals.claiming import registered_as
from linli.ledger.terminals.registry import register
from linli.ledger.terminals.retiring import RetireError, retire
from tests.unit.ledger.village import Village

HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return found("Linli test", dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


def serial_of(pem: bytes) -> int:
    return x509.load_pem_x509_certificate(pem).serial_number


def given(village: Village, authority: Authority, later: dt.timedelta = dt.timedelta()) -> bytes:
    with village.engine.begin() as connection:
        return certify(connection, authority, registered_as(connection, "t1"), village.now + later)


def test_within_an_hour_the_same_certificate_is_given_again(
    village: Village, authority: Authority
) -> None:
    first = given(village, authority)
    assert given(village, authority, HOUR / 2) == first
    assert serial_of(given(village, authority, HOUR)) != serial_of(first)


def test_another_authority_gives_another_certificate_at_once(
    village: Village, authority: Authority
) -> None:
    first = given(village, authority)
    assert given(village, found("Linli test", village.now)) != first


def test_revoked_certificates_stand_on_the_list_until_they_would_have_ended(
    village: Village, authority: Authority
) -> None:
    first = given(village, authority)
    with village.engine.begin() as connection:
        assert revoke_all(connection, "t1", village.now) == 1
        assert revoke_all(connection, "t1", village.now) == 0
        assert [one.serial for one in revoked(connection, village.now)] == [serial_of(first)]
        assert revoked(connection, village.now + TERMINAL_LIFE) == []


def test_after_a_revocation_a_new_certificate_is_given_at_once(
    village: Village, authority: Authority
) -> None:
    first = given(village, authority)
    with village.engine.begin() as connection:
        revoke_all(connection, "t1", village.now)
    assert given(village, authority) != first


def test_a_retired_terminal_is_not_let_in_and_gets_no_certificate(
    village: Village, authority: Authority
) -> None:
    given(village, authority)
    with village.engine.begin() as connection:
        assert [one.name for one in admitted(connection)] == ["t1"]
        done = retire(connection, "t1", "wangli", "broken", village.now, lost=False)
        assert done.certificates == 1
        assert admitted(connection) == []
        assert len(revoked(connection, village.now)) == 1
        require_trusted(connection, "t1")
    with pytest.raises(OutOfServiceError):
        given(village, authority)


def test_a_retired_terminal_that_is_only_broken_is_still_heard(village: Village) -> None:
    with village.engine.begin() as connection:
        retire(connection, "t1", "wangli", "broken", village.now, lost=False)
    answer = village.send(village.check_in("a1", "patrol", "09:00"))
    assert answer is not None


def test_nothing_of_a_lost_terminal_is_taken_any_more(village: Village) -> None:
    with village.engine.begin() as connection:
        retire(connection, "t1", "wangli", "stolen", village.now, lost=True)
    assert village.send(village.check_in("a1", "patrol", "09:00")) is None
    (parked,) = village.parked()
    assert (parked.reason, parked.signed) == ("unknown-terminal", False)


def test_a_terminal_is_retired_once_and_for_a_reason(village: Village) -> None:
    with village.engine.begin() as connection:
        with pytest.raises(RetireError, match="no terminal t9"):
            retire(connection, "t9", "wangli", "broken", village.now, lost=False)
        with pytest.raises(RetireError, match="say in"):
            retire(connection, "t1", "wangli", "", village.now, lost=False)
        retire(connection, "t1", "wangli", "broken", village.now, lost=False)
        with pytest.raises(RetireError, match="already"):
            retire(connection, "t1", "wangli", "broken", village.now, lost=False)


def test_a_board_is_retired_too(village: Village) -> None:
    with village.engine.begin() as connection:
        add_board(connection, village)
        done = retire(connection, "b1", "wangli", "broken", village.now, lost=False)
        assert done.leases == {}
        assert connection.execute(retired_terminal.select()).one().terminal == "b1"
        assert connection.execute(lease.select()).all() == []


def add_board(connection: Connection, village: Village) -> None:
    register(
        connection,
        name="b1",
        kind="board",
        public_key="ab" * 32,
        scope="village",
        centre="centre",
        now=village.now,
    )
