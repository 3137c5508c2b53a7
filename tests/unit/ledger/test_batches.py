"""What happens to a batch: applied once, answered after the commit, or parked with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from linli.ledger.audit.verify import verify
from linli.ledger.ingest import parking
from linli.ledger.ingest.batches import set_aside
from linli.ledger.ingest.retrying import retry_parked
from linli.ledger.ingest.schema import attendance, received
from linli.ledger.journal.schema import transfer
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.terminals.registry import register
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import encode
from linli.sync.signing import GENESIS, public_hex
from tests.unit.ledger.village import Village


def reasons(village: Village) -> list[str]:
    return [parked.reason for parked in village.parked()]


def test_a_check_in_without_sign_out_is_a_deed_at_once(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    assert (village.pending("a1"), village.month("a1")) == (10, 10)


def test_a_deed_that_wants_a_sign_out_waits_for_it(village: Village) -> None:
    village.send(village.check_in("a1", "patrol", "09:00"))
    assert village.pending("a1") == 0
    village.send(village.sign_out("a1", "patrol", "10:00"))
    assert village.pending("a1") == 10


def test_a_sign_out_before_the_minimum_time_makes_no_deed(village: Village) -> None:
    village.send(
        village.check_in("a1", "patrol", "09:00"), village.sign_out("a1", "patrol", "09:59")
    )
    assert village.deed("patrol.a1") is None


def test_the_answer_is_the_highest_seq_without_a_gap(village: Village) -> None:
    first = village.batch(village.check_in("a1", "visit", "10:01"))
    second = village.batch(village.check_in("a2", "visit", "10:02"))
    answer = village.deliver(second)
    assert answer is not None
    assert answer.watermark == 0
    answer = village.deliver(first)
    assert answer is not None
    assert answer.watermark == 2


def test_a_batch_that_comes_twice_is_answered_twice_and_applied_once(village: Village) -> None:
    payload = village.batch(village.check_in("a1", "visit", "10:05"))
    assert village.deliver(payload) == village.deliver(payload)
    assert len(village.rows(transfer)) == 1


def test_two_check_ins_at_one_activity_are_one_deed(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"), village.check_in("a1", "visit", "10:09"))
    assert village.pending("a1") == 10


def test_a_refused_card_is_kept_and_makes_nothing(village: Village) -> None:
    answer = village.send(village.refused("a1", "10:05"))
    assert answer is not None
    assert answer.watermark == 1
    assert village.rows(attendance) == []
    assert village.parked() == []


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff\xfe", b'{"batch":1}', b"[" * 100_000])
def test_what_is_no_batch_is_parked_and_not_answered(village: Village, payload: bytes) -> None:
    assert village.deliver(payload) is None
    assert reasons(village) == ["unreadable"]


def test_a_batch_of_more_than_a_mebibyte_is_parked_in_part(village: Village) -> None:
    assert village.deliver(b"x" * 2_000_000) is None
    assert reasons(village) == ["too-large"]


def test_a_wrong_signature_is_parked(village: Village) -> None:
    stranger = Ed25519PrivateKey.generate()
    event = village.check_in("a1", "visit", "10:05")
    assert village.deliver(village.batch(event, key=stranger)) is None
    assert reasons(village) == ["wrong-signature"]
    assert village.pending("a1") == 0


def test_an_unknown_terminal_is_parked(village: Village) -> None:
    event = village.check_in("a1", "visit", "10:05")
    assert village.deliver(village.batch(event, terminal="t9"), name="t9") is None
    assert reasons(village) == ["unknown-terminal"]


def test_a_batch_on_another_terminals_topic_is_parked(village: Village) -> None:
    assert village.deliver(village.batch(village.check_in("a1", "visit", "10:05")), "t2") is None
    assert reasons(village) == ["wrong-name"]


def test_a_parked_message_that_comes_again_is_only_counted(village: Village) -> None:
    village.deliver(b"rubbish")
    village.deliver(b"rubbish")
    assert [parked.count for parked in village.parked()] == [2]


def test_rubbish_that_nobody_signed_is_bounded(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "UNSIGNED_KEPT", 20)
    for n in range(130):
        village.now = village.now.replace(microsecond=n)
        village.deliver(b"rubbish %d" % n, f"t{n}")
    assert len(village.parked()) <= 20 + parking.TRIM_EVERY


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"who": "nobody"}, "unknown-account"),
        ({"what": "nothing"}, "unknown-activity"),
        ({"card": "card-a2"}, "unknown-card"),
        ({"type": "linli.wish.v9"}, "unknown-type"),
    ],
)
def test_an_event_that_does_not_fit_is_parked_and_the_rest_applied(
    village: Village, more: dict[str, Any], reason: str
) -> None:
    rest = {"who": "a1", "what": "visit", **more}
    odd = village.check_in(rest.pop("who"), rest.pop("what"), "10:05", **rest)
    answer = village.send(odd, village.check_in("a3", "visit", "10:06"))
    assert reasons(village) == [reason]
    assert answer is not None
    assert answer.watermark == 2
    assert village.pending("a3") == 10
    assert verify(village.engine) is None


def test_an_event_that_cannot_be_read_is_parked_under_its_number(village: Village) -> None:
    good = village.check_in("a1", "visit", "10:05")
    bad = b'{"seq": 2, "what": "?"}'
    answer = village.send(good, bad, b'"not even an object"')
    assert answer is not None
    assert answer.watermark == 3
    assert sorted(p.seq or 0 for p in village.parked()) == [2, 3]


def test_a_batch_without_any_number_is_parked_and_moves_nothing(village: Village) -> None:
    assert village.send(b'"?"', b"[]") is None
    assert reasons(village) == ["malformed"]


def test_an_event_of_another_source_is_parked(village: Village) -> None:
    event = encode(village.check_in("a1", "visit", "10:05")).replace(b'"t1"', b'"t2"')
    village.send(event)
    assert reasons(village) == ["malformed"]


def test_a_number_used_for_another_event_is_parked(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    village.send(village.check_in("a2", "visit", "10:05", seq=1))
    assert reasons(village) == ["conflict"]
    assert village.pending("a2") == 0


def test_a_fork_is_parked_and_nothing_of_it_applied(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    clone = village.batch(
        village.check_in("a2", "visit", "10:06", seq=1), number=1, previous="0" * 64
    )
    assert village.deliver(clone) is None
    follower = village.batch(village.check_in("a3", "visit", "10:07", seq=5))
    village.deliver(follower)
    assert reasons(village) == ["fork", "fork"]
    assert village.pending("a2") == village.pending("a3") == 0


def test_after_a_fork_the_true_terminal_goes_on(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    true_end = village._previous
    village.deliver(
        village.batch(village.check_in("a2", "visit", "10:06", seq=2), number=2, previous="1" * 64)
    )
    genuine = village.check_in("a3", "visit", "10:07", seq=2)
    village.deliver(village.batch(genuine, number=2, previous=true_end))
    assert village.pending("a3") == 10
    assert [r.seq for r in village.rows(received)] == [1, 2]


def test_a_fork_is_never_answered_so_that_its_terminal_keeps_what_it_has(village: Village) -> None:
    """The watermark speaks of other events under the same numbers."""
    village.send(village.check_in("a1", "visit", "10:05"), village.check_in("a2", "visit", "10:06"))
    put_back = village.batch(
        village.check_in("a3", "visit", "10:07", seq=2), number=1, previous=GENESIS
    )
    assert [village.deliver(put_back), village.deliver(put_back)] == [None, None]
    assert reasons(village) == ["fork"]


def test_a_boards_key_makes_no_points(village: Village) -> None:
    key = Ed25519PrivateKey.generate()
    with village.engine.begin() as connection:
        register(
            connection,
            name="board1",
            kind="board",
            public_key=public_hex(key),
            scope="village",
            centre="centre",
            now=village.now,
        )
    event = village.check_in("a1", "visit", "10:05")
    assert village.deliver(village.batch(event, terminal="board1", key=key), "board1") is None
    assert (reasons(village), village.pending("a1")) == (["unknown-terminal"], 0)


def test_rubbish_bytes_inside_one_event_leave_the_others_alone(village: Village) -> None:
    good, bad = village.check_in("a1", "visit", "10:05"), village.check_in("a2", "visit", "10:06")
    answer = village.send(good, encode(bad).replace(b"card-a2", b"card-\xff2"))
    assert answer is not None
    assert (answer.watermark, village.pending("a1"), reasons(village)) == (2, 10, ["malformed"])


def test_an_event_without_a_number_never_takes_its_neighbours(village: Village) -> None:
    first, second = (
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "visit", "10:06"),
    )
    answer = village.send(first, b'{"nonumber":1}', second)
    assert answer is not None
    assert (answer.watermark, village.pending("a2"), reasons(village)) == (2, 10, ["malformed"])


def test_an_id_too_long_for_an_index_is_parked(village: Village) -> None:
    answer = village.send(village.check_in("a1", "visit", "10:05", bootid="b" * 12_000))
    assert answer is not None
    assert (answer.watermark, reasons(village)) == (1, ["malformed"])


def test_a_batch_set_aside_is_answered_and_may_be_taken_after_all(village: Village) -> None:
    payload = village.batch(village.check_in("a1", "visit", "10:05"))
    with village.engine.begin() as connection:
        answer = set_aside(connection, "t1", payload, "a bug", village.now)
    assert answer is not None
    assert (answer.watermark, reasons(village), village.pending("a1")) == (1, ["unprocessable"], 0)
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        assert retry_parked(connection, standards, village.now) == 1
    assert (reasons(village), village.pending("a1")) == ([], 10)
    assert verify(village.engine) is None


def test_what_came_before_its_terminal_was_known_is_shown_for_what_it_is_afterwards(
    village: Village,
) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    fork = village.batch(village.check_in("a2", "visit", "10:06"), number=1, previous=GENESIS)
    with village.engine.begin() as connection:
        connection.execute(update(terminal).values(kind="board"))
    village.deliver(fork)
    with village.engine.begin() as connection:
        connection.execute(update(terminal).values(kind="terminal"))
    village.deliver(fork)
    (parked,) = village.parked()
    assert (parked.reason, parked.signed) == ("fork", True)


def test_batches_taken_together_are_each_answered(village: Village) -> None:
    first = village.batch(village.check_in("a1", "visit", "10:05"))
    second = village.batch(village.check_in("a2", "visit", "10:06"))
    answers = village.deliver_together([second, first])
    assert [answer and answer.watermark for answer in answers] == [2, 2]
    assert (village.pending("a1"), village.pending("a2")) == (10, 10)


def test_of_two_batches_taken_together_that_contradict_each_other_the_first_is_believed(
    village: Village,
) -> None:
    first = village.batch(village.check_in("a1", "visit", "10:05"))
    other = village.batch(
        village.check_in("a2", "visit", "10:06", seq=1), number=1, previous=GENESIS
    )
    answers = village.deliver_together([first, other])
    assert [answer and answer.watermark for answer in answers] == [1, None]
    assert (village.pending("a1"), village.pending("a2")) == (10, 0)
    assert reasons(village) == ["fork"]


def test_a_number_that_two_batches_taken_together_use_is_the_firsts(village: Village) -> None:
    first = village.batch(village.check_in("a1", "visit", "10:05"))
    second = village.batch(village.check_in("a2", "visit", "10:06", seq=1))
    village.deliver_together([first, second])
    assert (village.pending("a1"), village.pending("a2")) == (10, 0)
    assert reasons(village) == ["conflict"]


def test_rubbish_among_batches_taken_together_leaves_the_others_alone(village: Village) -> None:
    good = village.batch(village.check_in("a1", "visit", "10:05"))
    answers = village.deliver_together([b"{", good])
    assert [answer and answer.watermark for answer in answers] == [None, 1]
    assert (village.pending("a1"), reasons(village)) == (10, ["unreadable"])
