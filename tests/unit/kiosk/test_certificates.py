"""When a certificate is asked for, and that only one that can be used is kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from doubles.clock import HandClock
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.network.certificates import (
    CertificateFiles,
    CertificateKeeper,
    Known,
    RenewalError,
    due,
)
from linli.ledger.terminals.authority import TERMINAL_LIFE, for_terminal, found
from linli.sync.enrolment import Certified

NOW = dt.datetime(2026, 11, 28, 8, 45, tzinfo=dt.UTC)
DAY = 24 * 3600.0
KEY = Ed25519PrivateKey.generate()
AUTHORITY = found("Linli test", NOW - dt.timedelta(days=100))


class Line:
    """A link that is up or down."""

    online = True


class Ledger:
    """Gives certificates by its own clock, or does not answer."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.asked = 0
        self.away = False

    def renew(self) -> Certified:
        self.asked += 1
        if self.away:
            raise RenewalError("away")
        return certified(self.clock.now())


def certified(at: dt.datetime, key: Ed25519PrivateKey = KEY) -> Certified:
    made = for_terminal(AUTHORITY, "t1", key.public_key(), 5, at)
    pem = made.public_bytes(Encoding.PEM).decode()
    return Certified(certificate=pem, authority=AUTHORITY.pem.decode())


class Kept:
    """A keeper on a disk of its own."""

    def __init__(self, directory: Path, clock: HandClock) -> None:
        self.clock, self.ledger, self.line = clock, Ledger(clock), Line()
        self.files = CertificateFiles(directory)
        self.keeper = CertificateKeeper(self.files, self.ledger, KEY, self.line, clock)

    def pass_(self, days: float) -> int:
        """How many certificates were given in that time, looked at each hour."""
        times = 0
        for _ in range(round(days * 24)):
            self.clock.pass_(minutes=60)
            times += self.keeper.look()
        return times


@pytest.fixture
def kept(tmp_path: Path, clock: HandClock) -> Kept:
    clock.wall = NOW
    return Kept(tmp_path, clock)


def test_without_a_certificate_one_is_asked_for_at_once(kept: Kept) -> None:
    assert kept.keeper.look()
    assert kept.files.half_life(KEY) is not None
    assert not kept.keeper.look()


def test_it_is_renewed_when_half_of_its_life_is_over(kept: Kept) -> None:
    kept.keeper.look()
    half = TERMINAL_LIFE.days / 2
    assert kept.pass_(half - 1) == 0
    assert kept.pass_(2) == 1
    assert kept.pass_(half * 4) == 4


@given(st.floats(0, 1))
def test_between_half_and_two_thirds_it_is_always_due(part: float) -> None:
    life = TERMINAL_LIFE
    half = NOW + life / 2
    at = half + part * (life * 2 / 3 - life / 2)
    assert due(Known(half, asked_at=0.0, given_at=0.0), at, 10 * DAY, clock_good=True)


def test_a_ledger_that_is_away_is_asked_ever_less_often_and_found_again(kept: Kept) -> None:
    kept.ledger.away = True
    for _ in range(24 * 60):
        kept.clock.pass_(minutes=1)
        kept.keeper.look()
    assert 24 <= kept.ledger.asked < 40
    kept.ledger.away = False
    assert kept.pass_(2) == 1


def test_after_months_away_the_first_thing_is_a_new_certificate(kept: Kept) -> None:
    kept.keeper.look()
    kept.line.online, kept.ledger.away = False, True
    assert kept.pass_(120) == 0
    kept.ledger.away = False
    assert kept.pass_(0.05) == 1


def test_with_a_clock_that_is_not_certain_it_is_renewed_all_the_same(kept: Kept) -> None:
    kept.keeper.look()
    kept.clock.is_good = False
    kept.clock.wall = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert kept.pass_(20) == 4


def test_who_is_cut_off_asks_each_hour_in_case_it_was_refused(kept: Kept) -> None:
    kept.keeper.look()
    kept.line.online = False
    assert kept.pass_(1) >= 11


def test_clocks_that_are_years_apart_do_not_make_it_ask_without_end(kept: Kept) -> None:
    kept.keeper.look()
    kept.ledger.clock = HandClock()
    kept.ledger.clock.wall = NOW - dt.timedelta(days=3000)
    kept.clock.pass_(minutes=60 * 24 * 16)
    times = 0
    for _ in range(60):
        kept.clock.pass_(minutes=1)
        times += kept.keeper.look()
    assert times <= 2


@pytest.mark.parametrize(
    "given_",
    [
        Certified(),
        Certified(certificate="rubbish", authority="rubbish"),
        certified(NOW, Ed25519PrivateKey.generate()),
        Certified(
            certificate=certified(NOW).certificate, authority=found("other", NOW).pem.decode()
        ),
    ],
    ids=["none", "rubbish", "another key", "another authority"],
)
def test_what_cannot_be_used_is_not_kept(tmp_path: Path, given_: Certified) -> None:
    files = CertificateFiles(tmp_path)
    files.keep(certified(NOW), KEY)
    before = files.certificate.read_bytes(), files.authority.read_bytes()
    with pytest.raises(RenewalError):
        files.keep(given_, KEY)
    assert (files.certificate.read_bytes(), files.authority.read_bytes()) == before


def test_a_certificate_of_another_key_is_as_good_as_none(tmp_path: Path) -> None:
    files = CertificateFiles(tmp_path)
    files.keep(certified(NOW), KEY)
    assert files.half_life(Ed25519PrivateKey.generate()) is None
    files.certificate.write_text("torn")
    assert files.half_life(KEY) is None
