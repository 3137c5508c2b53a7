"""Newcomers show a code; one maintainer says who they are, once."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, select

from linli.ledger.terminals import claiming
from linli.ledger.terminals.claiming import (
    Claim,
    ClaimError,
    KnownKeyError,
    Naming,
    TooManyClaimsError,
    claim_of,
    confirm,
    find_claim,
    refuse,
)
from linli.ledger.terminals.registry import RegistryError, find
from linli.ledger.terminals.schema import terminal
from linli.sync.enrolment import EnrolBody, enrol_body, grouped
from linli.sync.signing import public_hex

KEY = Ed25519PrivateKey.from_private_bytes(bytes([3] * 32))
NAMING = Naming("yangguang-2", "yangguang", "yangguang-centre", "阳光邻里中心")
MINUTE = dt.timedelta(minutes=1)


def body(key: Ed25519PrivateKey = KEY, kind: str = "terminal") -> EnrolBody:
    return enrol_body(key, kind, "boot-1", "1.0", "南门")


@dataclass
class Door:
    """Newcomers and maintainers before one connection."""

    connection: Connection
    now: dt.datetime
    numbers: random.Random = field(default_factory=lambda: random.Random(7))

    def claim(self, sent: EnrolBody | None = None, address: str = "192.0.2.1") -> Claim:
        numbers = self.numbers.randrange
        return claim_of(self.connection, sent or body(), address, numbers, self.now)


@pytest.fixture
def door(town: Engine, now: dt.datetime) -> Iterator[Door]:
    with town.begin() as connection:
        yield Door(connection, now)


def strangers(count: int) -> list[EnrolBody]:
    return [body(Ed25519PrivateKey.generate()) for _ in range(count)]


def test_a_newcomer_has_one_code_as_long_as_it_is_good(door: Door) -> None:
    first = door.claim()
    door.now += 14 * MINUTE
    assert door.claim() == first
    door.now += MINUTE
    assert door.claim().until > first.until


def test_a_confirmed_newcomer_is_registered_with_its_own_key(door: Door) -> None:
    code = door.claim().code
    made = confirm(door.connection, grouped(code).lower(), NAMING, "wangli", door.now)
    assert (made.name, made.public_key, made.kind) == (
        "yangguang-2",
        public_hex(KEY),
        "terminal",
    )
    told = door.claim()
    assert (told.terminal, told.centre_name) == ("yangguang-2", "阳光邻里中心")


def test_a_code_is_good_once_and_the_second_hears_who_was_first(door: Door) -> None:
    code = door.claim().code
    confirm(door.connection, code, NAMING, "wangli", door.now)
    with pytest.raises(ClaimError, match="became yangguang-2: wangli decided"):
        find_claim(door.connection, code, door.now)
    with pytest.raises(ClaimError, match="wangli decided"):
        confirm(door.connection, code, NAMING, "zhaomin", door.now)


def test_a_refused_newcomer_stays_refused_until_its_code_is_out_of_date(door: Door) -> None:
    first = door.claim()
    refuse(door.connection, first.code, "wangli", door.now)
    again = door.claim()
    assert (again.code, again.decided_by, again.terminal) == (first.code, "wangli", None)
    door.now = first.until
    assert door.claim().decided_by is None


def test_a_code_that_is_out_of_date_is_not_taken(door: Door) -> None:
    code = door.claim().code
    with pytest.raises(ClaimError, match="out of date"):
        confirm(door.connection, code, NAMING, "wangli", door.now + 15 * MINUTE)


@pytest.mark.parametrize("typed", ["", "K7PM", "K7PM-3XQ4-", "????????", "1234567Z"])
def test_what_is_no_code_is_told_apart_from_one_that_nobody_shows(door: Door, typed: str) -> None:
    with pytest.raises(ClaimError, match=r"is no code|no terminal shows"):
        find_claim(door.connection, typed, door.now)


def test_a_name_that_is_taken_leaves_the_code_open(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        code = claim_of(connection, body(), "192.0.2.1", random.Random(1).randrange, now).code
        other = strangers(1)[0]
        taken = claim_of(connection, other, "192.0.2.1", random.Random(2).randrange, now).code
        confirm(connection, taken, NAMING, "wangli", now)
    with pytest.raises(RegistryError, match="already"), town.begin() as connection:
        confirm(connection, code, NAMING, "wangli", now)
    with town.connect() as connection:
        assert find_claim(connection, code, now).decided_by is None


def test_of_two_maintainers_at_once_one_confirms(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        code = claim_of(connection, body(), "192.0.2.1", random.Random(1).randrange, now).code
    ready, outcomes = threading.Barrier(2), []

    def maintain(who: str) -> None:
        naming = Naming(f"yangguang-{who}", "yangguang", "yangguang-centre", "中心")
        ready.wait()
        try:
            with town.begin() as connection:
                confirm(connection, code, naming, who, now)
            outcomes.append("confirmed")
        except ClaimError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=maintain, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(text.split()[-1] for text in outcomes) == ["confirmed", "you"]
    with town.connect() as connection:
        assert len(connection.execute(select(terminal.c.name)).all()) == 1


def test_a_key_that_is_registered_is_told_who_it_is_for_a_day(door: Door) -> None:
    confirm(door.connection, door.claim().code, NAMING, "wangli", door.now)
    door.now += dt.timedelta(hours=23)
    assert door.claim().terminal == "yangguang-2"
    door.now += dt.timedelta(hours=1)
    with pytest.raises(KnownKeyError, match=r"yangguang-2's already: delete terminal\.key"):
        door.claim()


def test_an_address_gets_so_many_new_codes_and_then_waits(door: Door) -> None:
    for sent in strangers(claiming.AT_AN_ADDRESS):
        door.claim(sent)
    with pytest.raises(TooManyClaimsError, match="quarter of an hour"):
        door.claim()
    assert door.claim(address="192.0.2.2").code
    door.now += claiming.WITHIN
    assert door.claim(strangers(1)[0]).code


def test_newcomers_from_everywhere_do_not_fill_the_table(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "MOST_OPEN", 3)
    for number, sent in enumerate(strangers(3)):
        door.claim(sent, f"192.0.2.{number}")
    with pytest.raises(TooManyClaimsError, match="confirm or refuse"):
        door.claim(address="192.0.2.9")


def test_old_claims_are_cleared_away(door: Door) -> None:
    old = door.claim()
    door.now += claiming.KEPT_FOR + MINUTE
    door.claim(strangers(1)[0])
    with pytest.raises(ClaimError, match="no terminal shows"):
        find_claim(door.connection, old.code, door.now)


def test_a_board_comes_in_as_a_board(door: Door) -> None:
    code = door.claim(body(kind="board")).code
    confirm(door.connection, code, NAMING, "wangli", door.now)
    found = find(door.connection, "yangguang-2")
    assert found is not None
    assert found.kind == "board"
