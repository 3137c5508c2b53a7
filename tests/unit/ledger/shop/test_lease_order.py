"""Whatever terminals say, in whatever order and how often, points neither appear nor vanish."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from linli.ledger.journal.schema import account
from linli.ledger.shop.leases import grant, retire_terminal, take_back
from linli.ledger.shop.schema import lease, lease_spend
from linli.ledger.shop.spends import spend
from tests.unit.ledger.shop.counter import Shop

HAD = {"a1": 100, "a2": 50}
rolled_back = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Each example is a transaction that is rolled back: the shop is the same for all of them."""


@dataclass(frozen=True)
class Spend:
    seq: int
    lease: str
    points: int


@dataclass(frozen=True)
class Return:
    seq: int
    lease: str
    points: int


@dataclass(frozen=True)
class Retire:
    seq: int = 0


@st.composite
def days(draw: st.DrawFn, *, honest: bool) -> tuple[dict[str, int], list[Spend | Return | Retire]]:
    """Leases, and what the terminal says of them: an honest one counts what it gives back."""
    leases = {
        f"a{n + 1}.l{number}": points
        for n in range(2)
        for number, points in enumerate(draw(st.lists(st.integers(1, 25), min_size=1, max_size=2)))
    }
    names = st.sampled_from(sorted(leases))
    seqs = draw(st.lists(st.integers(1, 20), min_size=1, max_size=8, unique=True))
    said: list[Spend | Return | Retire] = [
        Spend(seq, draw(names), draw(st.integers(1, 15))) for seq in seqs
    ]
    for number, name in enumerate(sorted(leases)):
        if not draw(st.booleans()):
            continue
        spent = sum(s.points for s in said if isinstance(s, Spend) and s.lease == name)
        left = max(0, leases[name] - spent)
        said.append(
            Return(100 + number, name, left)
            if honest
            else Return(draw(st.integers(1, 20)), name, draw(st.integers(0, 30)))
        )
    if not honest and draw(st.booleans()):
        said.append(Retire())
    return leases, said


def say(connection: Connection, shop: Shop, what: Spend | Return | Retire) -> None:
    if isinstance(what, Spend):
        spend(connection, "t1", what.seq, what.lease, what.points, "大米", shop.now)
    elif isinstance(what, Return):
        take_back(connection, "t1", what.seq, what.lease, what.points, shop.now)
    else:
        retire_terminal(connection, "t1", "王主任", "坏了", shop.now)
    check(connection)


def check(connection: Connection) -> None:
    rows = {r.id: r for r in connection.execute(select(account))}
    assert sum(r.posted for r in rows.values()) == 0
    assert all(r.posted >= 0 for r in rows.values() if r.purse not in ("opening", "issuance"))
    leases = connection.execute(select(lease)).all()
    for who, had in HAD.items():
        spent = sum(r.spent for r in leases if r.holder == who)
        assert rows[f"{who}:redeemable"].posted + rows[f"lease:t1:{who}"].posted + spent == had
    for row in leases:
        assert row.spent + row.returned + row.retired <= row.points
        taken = select(func.coalesce(func.sum(lease_spend.c.taken), 0))
        of_it = taken.where(lease_spend.c.lease == row.id)
        assert connection.execute(of_it).scalar_one() == row.spent


def lived(
    shop: Shop, leases: dict[str, int], said: list[Spend | Return | Retire]
) -> tuple[object, object]:
    """Balances and leases after a day, in a transaction that never was."""
    with shop.engine.connect() as connection, connection.begin() as transaction:
        for id_, points in leases.items():
            who, request = id_.split(".")
            grant(connection, "t1", who, request, points, shop.now)
        for what in said:
            say(connection, shop, what)
        balances = connection.execute(select(account.c.id, account.c.posted)).all()
        columns = (lease.c.id, lease.c.spent, lease.c.returned)
        ends = connection.execute(select(*columns).order_by(lease.c.id)).all()
        short = connection.execute(select(func.sum(lease_spend.c.points - lease_spend.c.taken)))
        result = (sorted(map(tuple, balances)), (list(map(tuple, ends)), short.scalar()))
        transaction.rollback()
    return result


@rolled_back
@given(day=days(honest=True), data=st.data())
def test_any_order_and_repetition_of_a_terminals_words_ends_the_same(
    shop: Shop, day: tuple[dict[str, int], list[Spend | Return | Retire]], data: st.DataObject
) -> None:
    leases, said = day
    again = data.draw(st.lists(st.sampled_from(said), max_size=5))
    shuffled = data.draw(st.permutations(said + again))
    assert lived(shop, leases, said) == lived(shop, leases, shuffled)


@rolled_back
@given(day=days(honest=False), data=st.data())
def test_no_lie_of_a_terminal_makes_or_loses_points(
    shop: Shop, day: tuple[dict[str, int], list[Spend | Return | Retire]], data: st.DataObject
) -> None:
    leases, said = day
    lived(shop, leases, data.draw(st.permutations(said)))
