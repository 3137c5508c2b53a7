"""A PIN is its holder's alone: hard to guess, and tries to guess it are counted."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.people.access_log import Staff
from linli.ledger.people.consenting import set_child, set_consent
from linli.ledger.people.erasing import erase
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.personal import Personal
from linli.ledger.people.persons import keep_person
from linli.ledger.people.pins import (
    HELD_FOR,
    MOST_TRIES,
    TRIES,
    PinError,
    PinRefusal,
    choose_pin,
    keep_pin,
    new_pin,
    prove_pin,
    state_of,
    unlock_pin,
)
from linli.ledger.people.vault import KeyRing
from linli.ledger.schema import audit_log, holder_pin
from linli.ledger.staff import passwords
from linli.sync.messages import HolderRow, Row, Stream
from tests.unit.ledger.village import Village

RING = KeyRing("k1", {"k1": bytes(32)})
CLERK = Staff("王红(wang)", "clerk")
PIN, OTHER = "739201", "480215"
Told = Callable[[Engine, str, Stream], list[Row]]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", quick)
    passwords._nobodys.cache_clear()


def set_at_desk(village: Village, account: str = "a1", pin: str = PIN) -> None:
    with village.engine.begin() as connection:
        keep_pin(connection, account, new_pin(pin), RING, CLERK, "at the desk", village.now)


def choose(village: Village, pin: str, old: str | None = None, account: str = "a1") -> None:
    choose_pin(village.engine, account, old, pin, RING, CLERK, "on the phone", village.now)


def refusal(village: Village, *tried: str, account: str = "a1") -> tuple[PinRefusal, int | None]:
    with pytest.raises(PinError) as refused:
        prove_pin(village.engine, account, tried, village.now)
    return refused.value.refusal, refused.value.tries


def row_of(rows: list[Row], account: str = "a1") -> HolderRow:
    return [row for row in rows if isinstance(row, HolderRow) and row.account == account][-1]


def test_the_right_pin_is_right(village: Village) -> None:
    set_at_desk(village)
    assert prove_pin(village.engine, "a1", [PIN], village.now) == PIN
    assert verify(village.engine) is None


def test_nothing_in_the_database_says_the_pin(village: Village) -> None:
    set_at_desk(village)
    (kept,) = village.rows(holder_pin)
    assert kept.hash.startswith("$argon2id$")
    assert PIN not in str(kept)


@pytest.mark.parametrize(
    "easy",
    ["000000", "777777", "123456", "654321", "567890", "098765", "12345", "1234567", "12345a"],
)
def test_what_others_would_try_first_is_refused(easy: str) -> None:
    with pytest.raises(PinError) as refused:
        new_pin(easy)
    assert refused.value.refusal is PinRefusal.EASY


def test_the_end_of_their_phone_number_is_refused(village: Village) -> None:
    with village.engine.begin() as connection:
        given = Personal("张三", phone="13800739201")
        keep_person(connection, "a1", given, RING, village.now)
    with pytest.raises(PinError, match="phone number"):
        set_at_desk(village)
    set_at_desk(village, pin=OTHER)


def test_who_has_none_is_told_so(village: Village) -> None:
    assert refusal(village, PIN) == (PinRefusal.NONE, None)


def test_after_five_wrong_tries_it_is_held_for_a_quarter_of_an_hour(village: Village) -> None:
    set_at_desk(village)
    lefts = [refusal(village, OTHER) for _ in range(TRIES)]
    assert lefts[:-1] == [(PinRefusal.WRONG, left) for left in (4, 3, 2, 1)]
    assert lefts[-1] == (PinRefusal.LOCKED, 0)
    assert refusal(village, PIN) == (PinRefusal.LOCKED, 0)
    village.now += HELD_FOR
    assert prove_pin(village.engine, "a1", [PIN], village.now) == PIN


def test_after_ten_only_the_desk_helps(village: Village) -> None:
    set_at_desk(village)
    for _ in range(MOST_TRIES):
        refusal(village, OTHER)
        village.now += HELD_FOR
    village.now += dt.timedelta(days=400)
    assert refusal(village, PIN) == (PinRefusal.LOCKED, 0)
    with village.engine.begin() as connection:
        assert unlock_pin(connection, "a1", CLERK, "本人到场", village.now)
    assert prove_pin(village.engine, "a1", [PIN], village.now) == PIN


def test_a_new_pin_at_the_desk_opens_a_locked_one(village: Village) -> None:
    set_at_desk(village)
    for _ in range(TRIES):
        refusal(village, OTHER)
    set_at_desk(village, pin=OTHER)
    assert prove_pin(village.engine, "a1", [OTHER], village.now) == OTHER


def test_a_right_try_forgets_the_wrong_ones(village: Village) -> None:
    set_at_desk(village)
    for _ in range(3):
        for _ in range(TRIES - 1):
            refusal(village, OTHER)
        prove_pin(village.engine, "a1", [PIN], village.now)
    assert refusal(village, OTHER) == (PinRefusal.WRONG, 4)


def test_however_many_try_at_once_no_more_than_five_are_answered(village: Village) -> None:
    set_at_desk(village)
    answers: list[PinRefusal] = []
    tries = [
        threading.Thread(target=lambda: answers.append(refusal(village, OTHER)[0]))
        for _ in range(12)
    ]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert len(answers) == 12
    assert answers.count(PinRefusal.WRONG) == TRIES - 1
    assert village.rows(holder_pin)[0].failures == TRIES


def test_who_has_a_pin_gives_the_old_one_for_a_new_one(village: Village) -> None:
    choose(village, PIN)
    with pytest.raises(PinError) as refused:
        choose(village, OTHER)
    assert refused.value.refusal is PinRefusal.NEEDED
    with pytest.raises(PinError) as refused:
        choose(village, OTHER, old="111222")
    assert refused.value.refusal is PinRefusal.WRONG
    choose(village, OTHER, old=PIN)
    assert prove_pin(village.engine, "a1", [OTHER], village.now) == OTHER


def test_the_same_choice_again_after_a_lost_answer_is_answered_alike(village: Village) -> None:
    choose(village, PIN)
    choose(village, PIN)
    choose(village, OTHER, old=PIN)
    choose(village, OTHER, old=PIN)
    assert len([w for w in village.rows(audit_log) if w.what == "choose PIN"]) == 2


def test_to_name_a_new_pin_does_not_serve_to_guess_the_old_one(village: Village) -> None:
    choose(village, PIN)
    for guess in ("739202", "739203", "739204", "739205", "739206"):
        with pytest.raises(PinError):
            choose(village, guess)
    with pytest.raises(PinError) as refused:
        choose(village, PIN)
    assert refused.value.refusal is PinRefusal.LOCKED


def test_every_choice_and_unlocking_is_written_down(village: Village) -> None:
    set_at_desk(village)
    choose(village, OTHER, old=PIN)
    with village.engine.begin() as connection:
        unlock_pin(connection, "a1", CLERK, "本人到场", village.now)
        assert not unlock_pin(connection, "a2", CLERK, "本人到场", village.now)
    said = [(row.what, row.account) for row in village.rows(audit_log)]
    assert said == [("choose PIN", "a1"), ("choose PIN", "a1"), ("unlock PIN", "a1")]
    assert not any(pin in str(row) for row in village.rows(audit_log) for pin in (PIN, OTHER))


def test_terminals_hear_that_there_is_one_and_snapshots_say_so(
    village: Village, told: Told
) -> None:
    set_at_desk(village)
    assert row_of(told(village.engine, "village", Stream.HOLDERS)).pin
    with reading(village.engine) as connection:
        rows = snapshot(connection, "village", Stream.HOLDERS, village.now).rows
    assert row_of(rows).pin
    assert not row_of(rows, "a2").pin


def test_terminals_hear_of_consent_and_age(village: Village, told: Told) -> None:
    def newest() -> tuple[bool, bool]:
        row = row_of(told(village.engine, "village", Stream.HOLDERS))
        return row.consent, row.under14

    for agreed in (False, True):
        with village.engine.begin() as connection:
            set_consent(connection, "a1", village.now, agreed=agreed)
        assert newest() == (agreed, False)
    with village.engine.begin() as connection:
        set_child(connection, "a1", village.now, under14=True)
    assert newest() == (False, True)
    with reading(village.engine) as connection:
        rows = snapshot(connection, "village", Stream.HOLDERS, village.now).rows
    assert (row_of(rows).consent, row_of(rows).under14) == (False, True)


def test_of_two_accounts_that_become_one_a_pin_is_left(village: Village, told: Told) -> None:
    set_at_desk(village)
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
    assert prove_pin(village.engine, "a1", [PIN], village.now) == PIN
    with village.engine.connect() as connection:
        assert state_of(connection, "a1") is None
    assert row_of(told(village.engine, "village", Stream.HOLDERS), "a2").pin


def test_the_winners_own_pin_stays_when_both_had_one(village: Village) -> None:
    set_at_desk(village)
    set_at_desk(village, "a2", OTHER)
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
    assert prove_pin(village.engine, "a2", [OTHER], village.now) == OTHER
    assert refusal(village, PIN, account="a2")[0] is PinRefusal.WRONG


def test_who_has_left_chooses_none(village: Village) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
    with pytest.raises(PinError) as refused:
        set_at_desk(village)
    assert refused.value.refusal is PinRefusal.ACCOUNT


def test_with_a_person_their_pin_is_forgotten(village: Village, told: Told) -> None:
    set_at_desk(village)
    with village.engine.begin() as connection:
        erase(connection, "a1", CLERK, "本人要求", village.now)
    with village.engine.connect() as connection:
        assert connection.execute(select(holder_pin)).all() == []
    assert not row_of(told(village.engine, "village", Stream.HOLDERS)).pin
    assert verify(village.engine) is None
