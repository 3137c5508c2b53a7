"""Only a terminal of this ledger is answered, and only what it said itself, just now."""

from __future__ import annotations

import datetime as dt

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.shop.leases import retire_terminal
from linli.ledger.terminals.registry import register
from linli.ledger.web.app import make_app
from linli.ledger.web.asking import AT_ONCE, LARGEST
from linli.sync.asks import AskLoss, AskRedeem, AskSetPin, Declined, read_answer, seal_ask
from linli.sync.signing import public_hex
from tests.unit.ledger.village import KEY
from tests.unit.ledger.web.asker import PIN, Asker
from tests.unit.ledger.web.site import Browser, VillageSite

OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


@pytest.fixture
def asker(site: VillageSite) -> Asker:
    return Asker(site)


def rice(asker: Asker, request: str = "r1") -> AskRedeem:
    return AskRedeem(who=asker.tap("a1"), request=request, ware="rice")


def test_a_terminal_is_answered(asker: Asker) -> None:
    answer = asker.send(rice(asker))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert asker.site.poked == 1


def test_another_key_is_not_answered(asker: Asker) -> None:
    assert asker.send(rice(asker), key=OTHER).status_code == 401
    assert asker.shop.balance("a1:redeemable") == 100


def test_a_terminal_speaks_in_its_own_name_alone(asker: Asker) -> None:
    assert asker.send(rice(asker), path="t2").status_code == 403


def test_a_terminal_nobody_registered_is_not_answered(asker: Asker) -> None:
    assert asker.send(rice(asker), name="t2").status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_ask_of_another_time_is_not_answered(asker: Asker, minutes: int) -> None:
    at = asker.site.clock.now() + dt.timedelta(minutes=minutes)
    assert asker.send(rice(asker), at=at).status_code == 401
    at = asker.site.clock.now() + dt.timedelta(minutes=minutes * 4 / 6)
    assert asker.send(rice(asker), at=at).status_code == 200


def test_a_board_is_not_answered(asker: Asker) -> None:
    with asker.engine.begin() as connection:
        register(
            connection,
            name="wall",
            kind="board",
            public_key=public_hex(OTHER),
            scope="village",
            centre="centre",
            now=asker.village.now,
        )
    assert asker.send(rice(asker), name="wall", key=OTHER).status_code == 403


def test_a_retired_terminal_is_not_answered(asker: Asker) -> None:
    asker.shop.do(lambda c: retire_terminal(c, "t1", "王主任", "坏了", asker.shop.now))
    assert asker.send(rice(asker)).status_code == 403


@pytest.mark.parametrize("payload", [b"", b"{}", b"\xff", b"[" * 3000])
def test_what_is_no_ask_is_said_to_be_none(asker: Asker, payload: bytes) -> None:
    assert asker.client.post("/v1/terminals/t1/ask", content=payload).status_code == 400


def test_a_nul_in_an_id_reaches_no_database(asker: Asker) -> None:
    ask = AskRedeem(who=asker.tap("a1\0"), request="r1", ware="rice")
    assert asker.send(ask).status_code == 400


def test_a_large_ask_is_not_even_read(asker: Asker) -> None:
    payload = seal_ask("t1", asker.site.clock.now(), rice(asker), KEY) + b" " * LARGEST
    assert asker.client.post("/v1/terminals/t1/ask", content=payload).status_code == 413


def test_a_terminal_that_asks_too_often_waits(asker: Asker) -> None:
    answers = [asker.send(rice(asker)).status_code for _ in range(AT_ONCE + 1)]
    assert answers == [200] * AT_ONCE + [429]
    asker.site.clock.pass_(minutes=1)
    assert asker.send(rice(asker)).status_code == 200


def test_without_keys_to_personal_data_goods_are_given_and_pins_are_not(asker: Asker) -> None:
    client = Browser(make_app(asker.engine, asker.site.clock), base_url="http://testserver")
    now = asker.site.clock.now()
    asks = {
        200: rice(asker),
        503: AskSetPin(who=asker.tap("a1"), pin=PIN),
    }
    for status, ask in asks.items():
        payload = seal_ask("t1", now, ask, KEY)
        assert client.post("/v1/terminals/t1/ask", content=payload).status_code == status


def test_nothing_of_a_person_is_logged(asker: Asker) -> None:
    with structlog.testing.capture_logs() as lines:
        asker.send(rice(asker))
        asker.send(AskSetPin(who=asker.tap("a1"), pin=PIN))
        loss = asker.send(AskLoss(phone="13800001234", pin=PIN))
    assert read_answer(loss.content) == Declined(reason="pin-wrong")
    said = str(lines)
    assert "AskLoss" in said
    assert not any(text in said for text in ("a1", PIN, "13800001234", "张"))
