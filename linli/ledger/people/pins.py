"""PINs: six digits that a holder chose, so that a card alone is not enough to spend much.

Six digits are few. What protects them is that wrong tries are counted and kept: after five the PIN
is held for a while, after ten until the service desk looks at the person. A try is compared outside
of any transaction, since a hash takes long, and counted inside of one: however many come at once,
no more than five are answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, update

from linli.ledger.database import reading, upsert
from linli.ledger.feed.rows import holder_rows
from linli.ledger.feed.writer import append
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.bearers import bearers
from linli.ledger.people.holding import hold
from linli.ledger.people.personal_schema import person
from linli.ledger.people.persons import opened
from linli.ledger.people.schema import holder_pin
from linli.ledger.people.vault import KeyRing
from linli.ledger.staff import passwords
from linli.sync.messages import Stream
from linli.sync.rules import PIN_LENGTH, easy_pin

TRIES, MOST_TRIES = 5, 10
HELD_FOR = dt.timedelta(minutes=15)
CHOSEN, UNLOCKED = "choose PIN", "unlock PIN"
"""What the audit log says was done."""


class PinRefusal(StrEnum):
    """Why a PIN was not taken, in the words of `sync.asks.REASONS`."""

    NONE = "no-pin"
    WRONG = "pin-wrong"
    LOCKED = "pin-locked"
    NEEDED = "pin-needed"
    EASY = "pin-easy"
    ACCOUNT = "account"


class PinError(ValueError):
    """A PIN is not right, or cannot be chosen; the text says why. `tries` are left before it is
    locked, None where that is not the point."""

    def __init__(self, refusal: PinRefusal, text: str, tries: int | None = None) -> None:
        super().__init__(text)
        self.refusal = refusal
        self.tries = tries


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN that was chosen, with its hash: to hash takes long, so it is done before the
    transaction."""

    pin: str = field(repr=False)
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinState:
    """How somebody's PIN stands, for the desk."""

    set_at: dt.datetime
    failures: int
    held_until: dt.datetime | None

    def locked(self, now: dt.datetime) -> bool:
        return self.failures >= MOST_TRIES or (
            self.held_until is not None and now < self.held_until
        )


def new_pin(pin: str) -> NewPin:
    """Raises PinError for one that others would try first."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise PinError(PinRefusal.EASY, f"a PIN is {PIN_LENGTH} digits")
    if easy_pin(pin):
        raise PinError(PinRefusal.EASY, "this PIN is easy to guess: choose another")
    return NewPin(pin, passwords.hasher.hash(pin))


def prove_pin(engine: Engine, account: str, tried: Sequence[str], now: dt.datetime) -> str:
    """Which of the PINs that were tried is right: all together are one try. The bearer's counts.
    Raises PinError: there is none, it is locked, or none of them is right."""
    with reading(engine) as connection:
        account = bearers(connection, [account])[account]
        kept = _kept(connection, account)
    _require_free(kept, now)
    right = next((pin for pin in tried if passwords.matches(pin, kept.hash)), None)
    with engine.begin() as connection:
        left = _count(connection, account, kept.hash, right is not None, now)
    if right is None:
        if left == 0:
            raise _locked()
        raise PinError(PinRefusal.WRONG, f"the PIN is wrong: {left} more tries", left)
    return right


def keep_pin(
    connection: Connection,
    account: str,
    new: NewPin,
    ring: KeyRing,
    by: Staff,
    why: str,
    now: dt.datetime,
) -> None:
    """It is their PIN from now on, and nothing is held against them. Terminals are told that there
    is one. Raises PinError: the last digits of their phone, or an account that is closed or was
    merged into another; PeopleError for an unknown one."""
    known = hold(connection, [account])[account]
    if known.closed_at is not None:
        raise PinError(PinRefusal.ACCOUNT, f"account {account} is closed: it needs no PIN")
    row = connection.execute(select(person).where(person.c.account == account)).first()
    phone = None if row is None else opened(ring, row, "phone")
    if phone is not None and phone.endswith(new.pin):
        raise PinError(PinRefusal.EASY, "this PIN is the end of the phone number: choose another")
    kept = {"account": account, "hash": new.hash, "failures": 0, "held_until": None, "set_at": now}
    upsert(connection, holder_pin, [kept])
    note(connection, by, CHOSEN, account, why, now)
    append(connection, known.scope, Stream.HOLDERS, holder_rows(connection, [account]), now)


def choose_pin(
    engine: Engine,
    account: str,
    old: str | None,
    pin: str,
    ring: KeyRing,
    by: Staff,
    why: str,
    now: dt.datetime,
) -> None:
    """By the holder alone, without the desk: whoever has a PIN gives the old one. The same again,
    after a lost answer, is answered alike. Raises PinError, PeopleError."""
    new = new_pin(pin)
    with reading(engine) as connection:
        account = bearers(connection, [account])[account]
        has_one = state_of(connection, account) is not None
    if has_one:
        try:
            # To name the new one counts like a try: it must tell nobody what the PIN is.
            right = prove_pin(engine, account, [pin] if old is None else [old, pin], now)
        except PinError as error:
            if error.refusal is PinRefusal.WRONG and old is None:
                text = "there is a PIN already: give the old one"
                raise PinError(PinRefusal.NEEDED, text, error.tries) from error
            raise
        if right == pin:
            return
    with engine.begin() as connection:
        hold(connection, [account])
        if not has_one and state_of(connection, account) is not None:
            raise PinError(PinRefusal.NEEDED, "there is a PIN already: give the old one")
        keep_pin(connection, account, new, ring, by, why, now)


def unlock_pin(connection: Connection, account: str, by: Staff, why: str, now: dt.datetime) -> bool:
    """Tries are counted anew; the PIN stays. False where there is none. Raises PeopleError."""
    hold(connection, [account])
    mine = holder_pin.c.account == account
    if not connection.execute(
        update(holder_pin).where(mine).values(failures=0, held_until=None)
    ).rowcount:
        return False
    note(connection, by, UNLOCKED, account, why, now)
    return True


def hand_over_pin(connection: Connection, loser: str, winner: str) -> None:
    """Two accounts become one: the one that is left keeps its PIN, or takes over the other's."""
    if state_of(connection, winner) is None:
        moved = update(holder_pin).where(holder_pin.c.account == loser)
        connection.execute(moved.values(account=winner))
    forget_pins(connection, [loser])


def forget_pins(connection: Connection, accounts: Collection[str]) -> None:
    connection.execute(delete(holder_pin).where(holder_pin.c.account.in_(accounts)))


def state_of(connection: Connection, account: str) -> PinState | None:
    """None for who has none."""
    row = connection.execute(select(holder_pin).where(holder_pin.c.account == account)).first()
    return None if row is None else PinState(row.set_at, row.failures, row.held_until)


def _kept(connection: Connection, account: str) -> Row[Any]:
    row = connection.execute(select(holder_pin).where(holder_pin.c.account == account)).first()
    if row is None:
        raise PinError(PinRefusal.NONE, f"account {account} has no PIN: the service desk sets one")
    return row


def _require_free(kept: Row[Any], now: dt.datetime) -> None:
    if PinState(kept.set_at, kept.failures, kept.held_until).locked(now):
        raise _locked()


def _count(connection: Connection, account: str, tried: str, right: bool, now: dt.datetime) -> int:
    """How many tries are left. Raises PinError where others used them up meanwhile, or the PIN is
    another by now."""
    query = select(holder_pin).where(holder_pin.c.account == account)
    row = connection.execute(query.with_for_update(key_share=True)).first()
    if row is None or row.hash != tried:
        raise PinError(PinRefusal.WRONG, "the PIN was changed just now: try again", TRIES)
    _require_free(row, now)
    failures = 0 if right else row.failures + 1
    held = failures and failures % TRIES == 0
    if right and not row.failures:
        return TRIES
    connection.execute(
        update(holder_pin)
        .where(holder_pin.c.account == account)
        .values(failures=failures, held_until=now + HELD_FOR if held else None)
    )
    return 0 if held else TRIES - failures % TRIES


def _locked() -> PinError:
    text = "the PIN is locked after too many wrong tries: wait, or ask at the service desk"
    return PinError(PinRefusal.LOCKED, text, 0)
