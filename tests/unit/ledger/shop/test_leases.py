"""Points leased to a terminal are spent by it alone, and come back once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from linli.ledger.shop.leases import Lease, Returned, grant, retire_terminal, take_back
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import lease_spend
from linli.ledger.shop.spending import Outcome
from linli.ledger.shop.spends import Spent, spend
from linli.ledger.terminals.registry import register
from linli.sync.signing import public_hex
from tests.unit.ledger.shop.counter import Shop


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """With a second terminal, in the north."""
    key = public_hex(Ed25519PrivateKey.from_private_bytes(bytes([7] * 32)))
    shop.do(
        lambda c: register(
            c,
            name="t2",
            kind="terminal",
            public_key=key,
            scope="village",
            centre="north",
            now=shop.now,
        )
    )
    return shop


def granted(
    shop: Shop, points: int = 40, who: str = "a1", request: str = "l1", at: str = "t1"
) -> Lease:
    return shop.do(lambda c: grant(c, at, who, request, points, shop.now))


def spent(
    shop: Shop, seq: int, points: int, lease: str = "a1.l1", what: str = "大米", at: str = "t1"
) -> Spent:
    return shop.do(lambda c: spend(c, at, seq, lease, points, what, shop.now))


def returned(shop: Shop, seq: int, points: int, lease: str = "a1.l1", at: str = "t1") -> Returned:
    return shop.do(lambda c: take_back(c, at, seq, lease, points, shop.now))


def retired(shop: Shop, at: str = "t1") -> dict[str, int]:
    return shop.do(lambda c: retire_terminal(c, at, "王主任", "掉进水里", shop.now))


def test_a_lease_leaves_the_purse_and_waits_at_the_terminal(shop: Shop) -> None:
    made = granted(shop)
    assert (made.id, made.centre) == ("a1.l1", "centre")
    assert (shop.balance("a1:redeemable"), shop.balance("lease:t1:a1")) == (60, 40)


def test_the_same_lease_again_is_the_same_and_another_is_refused(shop: Shop) -> None:
    assert granted(shop) == granted(shop)
    assert refusal(lambda: granted(shop, points=41)) is Refusal.OTHER_CONTENT
    assert shop.balance("lease:t1:a1") == 40


def test_a_lease_asked_for_four_times_at_once_is_one(shop: Shop) -> None:
    answers = shop.at_once(lambda c, _: grant(c, "t1", "a1", "l1", 40, shop.now))
    assert answers == [answers[0]] * 4
    assert shop.balance("lease:t1:a1") == 40


def test_nobody_leases_more_than_they_have(shop: Shop) -> None:
    assert refusal(lambda: granted(shop, points=101)) is Refusal.TOO_FEW_POINTS


def test_a_person_has_leases_at_one_terminal_at_a_time(shop: Shop) -> None:
    granted(shop)
    granted(shop, 10, request="l2")
    assert refusal(lambda: granted(shop, request="l3", at="t2")) is Refusal.ELSEWHERE
    returned(shop, 1, 40)
    assert refusal(lambda: granted(shop, request="l3", at="t2")) is Refusal.ELSEWHERE
    returned(shop, 2, 10, "a1.l2")
    granted(shop, request="l3", at="t2")


def test_two_terminals_that_lease_at_once_do_not_both_get_points(shop: Shop) -> None:
    answers = shop.at_once(
        lambda c, n: grant(c, f"t{n + 1}", "a1", f"l{n}", 20, shop.now), threads=2
    )
    assert sum(isinstance(a, Lease) for a in answers) == 1


def test_only_terminals_of_the_community_lease(shop: Shop) -> None:
    assert refusal(lambda: granted(shop, at="t9")) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: granted(shop, who="nobody")) is Refusal.NOT_POSSIBLE


def test_a_spend_goes_to_the_centre_once(shop: Shop) -> None:
    granted(shop)
    assert spent(shop, 7, 30) == Spent(Outcome.APPLIED, 30)
    assert spent(shop, 7, 30) == Spent(Outcome.APPLIED, 30)
    assert (shop.balance("lease:t1:a1"), shop.balance("goods:centre")) == (10, 30)


def test_a_spend_sent_four_times_at_once_is_one(shop: Shop) -> None:
    granted(shop)
    answers = shop.at_once(lambda c, _: spend(c, "t1", 7, "a1.l1", 30, "大米", shop.now))
    assert answers == [Spent(Outcome.APPLIED, 30)] * 4
    assert shop.balance("goods:centre") == 30


@pytest.mark.parametrize(("points", "what"), [(31, "大米"), (30, "面粉")])
def test_another_spend_under_the_same_number_is_for_parking(
    shop: Shop, points: int, what: str
) -> None:
    granted(shop)
    spent(shop, 7, 30)
    other = spent(shop, 7, points, what=what)
    assert (other.outcome, other.recorded) == (Outcome.OTHER_CONTENT, False)
    assert shop.balance("goods:centre") == 30


def test_a_spend_from_a_lease_that_is_not_there_is_for_parking(shop: Shop) -> None:
    granted(shop)
    for unknown in (spent(shop, 7, 30, "a1.l9"), spent(shop, 7, 30, at="t2")):
        assert unknown == Spent(Outcome.UNKNOWN_LEASE)
    assert spent(shop, 7, 30).outcome is Outcome.APPLIED


def test_a_lease_is_never_spent_beyond_its_points_and_the_rest_is_recorded(shop: Shop) -> None:
    granted(shop)
    granted(shop, 20, request="l2")
    spent(shop, 7, 30)
    assert spent(shop, 8, 30) == Spent(Outcome.OVERSPENT, 10, 20)
    assert spent(shop, 8, 30) == Spent(Outcome.OVERSPENT, 10, 20)
    assert shop.balance("lease:t1:a1") == 20
    [row] = [r for r in shop.village.rows(lease_spend) if r.conflict]
    assert (row.seq, row.points, row.taken) == (8, 30, 10)


@pytest.mark.parametrize("points", [0, -5])
def test_a_spend_of_nothing_is_refused(shop: Shop, points: int) -> None:
    granted(shop)
    assert refusal(lambda: spent(shop, 7, points)) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: spent(shop, 7, 5, what="a\0b")) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: spent(shop, -1, 5)) is Refusal.NOT_POSSIBLE


def test_what_the_terminal_did_not_spend_comes_back(shop: Shop) -> None:
    granted(shop)
    spent(shop, 7, 30)
    assert returned(shop, 8, 10) == Returned(Outcome.APPLIED, 10)
    assert returned(shop, 8, 10) == Returned(Outcome.APPLIED, 10)
    assert (shop.balance("a1:redeemable"), shop.balance("lease:t1:a1")) == (70, 0)
    assert returned(shop, 9, 10).outcome is Outcome.OTHER_CONTENT


def test_a_spend_from_before_the_return_may_come_after_it(shop: Shop) -> None:
    granted(shop)
    returned(shop, 8, 10)
    assert (shop.balance("a1:redeemable"), shop.balance("lease:t1:a1")) == (70, 30)
    assert spent(shop, 7, 30).outcome is Outcome.APPLIED
    assert shop.balance("lease:t1:a1") == 0


def test_a_spend_after_the_return_takes_nothing_and_is_recorded(shop: Shop) -> None:
    granted(shop)
    returned(shop, 8, 10)
    assert spent(shop, 9, 5) == Spent(Outcome.AFTER_END, 0, 5)
    assert shop.balance("lease:t1:a1") == 30


def test_a_terminal_cannot_return_more_than_it_has(shop: Shop) -> None:
    granted(shop)
    spent(shop, 7, 30)
    assert returned(shop, 8, 25) == Returned(Outcome.OVERSPENT, 10, 15)


def test_only_its_own_terminal_returns_a_lease(shop: Shop) -> None:
    granted(shop)
    assert returned(shop, 8, 10, at="t2").outcome is Outcome.UNKNOWN_LEASE
    assert returned(shop, 8, 10, "a1.l9").outcome is Outcome.UNKNOWN_LEASE


def test_a_retired_terminal_gives_back_what_it_still_has_of_everybody(shop: Shop) -> None:
    granted(shop)
    granted(shop, 20, who="a2")
    spent(shop, 7, 30)
    assert retired(shop) == {"a1.l1": 10, "a2.l1": 20}
    assert (shop.balance("a1:redeemable"), shop.balance("a2:redeemable")) == (70, 50)
    assert refusal(lambda: retired(shop)) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: granted(shop, request="l2")) is Refusal.NOT_POSSIBLE
    granted(shop, request="l2", at="t2")


def test_what_waits_for_late_spends_comes_back_with_the_terminals_retirement(shop: Shop) -> None:
    granted(shop)
    returned(shop, 8, 10)
    assert retired(shop) == {"a1.l1": 30}
    assert spent(shop, 7, 30) == Spent(Outcome.AFTER_END, 0, 30)
    assert shop.balance("a1:redeemable") == 100


def test_what_a_retired_terminal_says_later_moves_nothing(shop: Shop) -> None:
    granted(shop)
    retired(shop)
    assert spent(shop, 7, 30) == Spent(Outcome.AFTER_END, 0, 30)
    assert returned(shop, 8, 10) == Returned(Outcome.AFTER_END, 0, 10)
    assert shop.balance("a1:redeemable") == 100


def test_a_terminal_that_holds_nothing_is_retired_too(shop: Shop) -> None:
    assert retired(shop, "t2") == {}


def test_spending_returning_and_retiring_at_once_do_not_wait_in_a_circle(shop: Shop) -> None:
    for who in ("a1", "a2"):
        granted(shop, who=who)

    def one(c: Connection, n: int) -> object:
        if n < 2:
            return take_back(c, "t1", 9, f"a{n + 1}.l1", 10, shop.now)
        if n == 2:
            return retire_terminal(c, "t1", "王主任", "坏了", shop.now)
        return spend(c, "t1", n, "a1.l1", 5, "大米", shop.now)

    answers = shop.at_once(one, threads=5)
    assert not [a for a in answers if isinstance(a, Exception)]
    in_all = sum(shop.balance(f"{a}:redeemable") for a in ("a1", "a2"))
    assert in_all + shop.balance("goods:centre") == 150


def test_the_database_itself_keeps_a_lease_from_falling_below_zero(shop: Shop) -> None:
    granted(shop)
    move = "UPDATE account SET posted = posted + {} WHERE id = '{}'"
    with pytest.raises(IntegrityError):
        shop.do(
            lambda c: [
                c.execute(text(move.format(41, "goods:centre"))),
                c.execute(text(move.format(-41, "lease:t1:a1"))),
            ]
        )
