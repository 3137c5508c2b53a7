"""A community's cards get keys of a new generation, each at one of its next taps."""

from __future__ import annotations

import pytest

from linli.cards import layout, sun
from linli.devices.readers.base import CardSeen, Chip
from linli.devices.simulated.cards import Ntag424
from linli.kiosk.flows.identify import Known, Unaccepted, identify
from linli.ledger.issuing import masters
from linli.ledger.issuing.rotating import begin_rotation, by_hand, generations, retire
from linli.ledger.issuing.schema import card_master
from linli.ledger.people.access_log import Staff
from linli.ledger.people.cards import block_card, issue_cards
from linli.ledger.people.checks import NewCard, PeopleError
from linli.ledger.people.vault import KeyRing
from linli.sync.messages import CardRow, Trust
from tests.unit.ledger.web.card_maker import CardMaker, blank, torn, whole
from tests.unit.ledger.web.site import RING, VillageSite

UID, OTHER = b"\x04abcdef", b"\x04ghijkl"
COMMANDS = 27
MAINTAINER = Staff("周强(zhou)", "maintainer")


@pytest.fixture
def maker(site: VillageSite) -> CardMaker:
    """With two cards, K-1 and K-2, of generation 1."""
    return CardMaker(site)


@pytest.fixture
def laid(maker: CardMaker) -> Ntag424:
    card, other = blank(UID), blank(OTHER)
    maker.make(card, maker.order("a1", "K-1"))
    maker.make(other, maker.order("a2", "K-2"))
    return card


def begin(maker: CardMaker) -> int:
    with maker.engine.begin() as connection:
        return begin_rotation(
            connection, RING, "village", MAINTAINER, lambda n: b"n" * n, maker.village.now
        )


def end(maker: CardMaker, generation: int = 1) -> int:
    with maker.engine.begin() as connection:
        return retire(connection, "village", generation, MAINTAINER, maker.village.now)


def counts(maker: CardMaker) -> dict[int, int]:
    with maker.engine.connect() as connection:
        return {one.number: one.active for one in generations(connection, "village")}


def tapped(row: CardRow, card: Ntag424) -> Known | Unaccepted:
    file = card.chip.mirrored()
    ndef = file[2 : 2 + int.from_bytes(file[:2], "big")]
    seen = CardSeen("r", card.uid, Chip.ISO_DEP, ndef, 0.0, False, False)
    return identify(seen, row, hot=False, last_counter=None)


def certain(row: CardRow, card: Ntag424) -> bool:
    who = tapped(row, card)
    return isinstance(who, Known) and who.trust is Trust.HIGH


def test_both_keys_are_accepted_until_the_card_was_renewed(maker: CardMaker, laid: Ntag424) -> None:
    before = maker.row("K-1")
    assert begin(maker) == 2
    meanwhile = maker.row("K-1")
    assert (meanwhile.key, meanwhile.next_key is None) == (before.key, False)
    assert certain(meanwhile, laid)
    maker.make(laid)
    assert certain(meanwhile, laid)
    assert not certain(before, laid)
    after = maker.row("K-1")
    assert (after.key, after.next_key) == (meanwhile.next_key, None)
    assert certain(after, laid)


def test_what_was_made_with_the_old_key_is_worth_nothing_after(
    maker: CardMaker, laid: Ntag424
) -> None:
    old = Ntag424(UID, laid.chip.keys[layout.MESSAGE].key, counter=900)
    begin(maker)
    maker.make(laid)
    assert isinstance(tapped(maker.row("K-1"), old), Unaccepted)


@pytest.mark.parametrize("after", range(COMMANDS))
def test_a_renewal_torn_off_anywhere_is_finished_at_a_later_tap(
    maker: CardMaker, laid: Ntag424, after: int
) -> None:
    begin(maker)
    assert maker.declined(torn(laid, after), UID) == "card-torn"
    assert certain(maker.row("K-1"), laid)
    maker.make(laid)
    assert {slot.version for slot in laid.chip.keys} == {2}
    assert certain(maker.row("K-1"), laid)


def test_progress_counts_cards_by_generation(maker: CardMaker, laid: Ntag424) -> None:
    assert counts(maker) == {1: 2}
    begin(maker)
    assert counts(maker) == {2: 0, 1: 2}
    maker.make(laid)
    assert counts(maker) == {2: 1, 1: 1}


def test_a_card_that_needs_nothing_is_left_alone(maker: CardMaker, laid: Ntag424) -> None:
    assert maker.declined(whole(laid), UID) == "not-there"
    begin(maker)
    maker.make(laid)
    assert maker.declined(whole(laid), UID) == "not-there"


def test_a_stopped_card_is_not_renewed(maker: CardMaker, laid: Ntag424) -> None:
    begin(maker)
    with maker.engine.begin() as connection:
        block_card(connection, "K-1", maker.village.now)
    assert maker.declined(whole(laid), UID) == "not-there"


def test_a_card_made_during_a_rotation_has_the_new_keys_at_once(
    maker: CardMaker, laid: Ntag424
) -> None:
    begin(maker)
    new = blank(b"\x04mnopqr")
    maker.make(new, maker.order("a3", "K-3"))
    assert {slot.version for slot in new.chip.keys} == {2}
    assert maker.row("K-3").next_key is None


def test_a_card_half_made_before_a_rotation_is_finished_with_the_new_keys(
    maker: CardMaker, laid: Ntag424
) -> None:
    half, order = blank(b"\x04mnopqr"), maker.order("a3", "K-3")
    assert maker.declined(torn(half, 19), half.uid, order) == "card-torn"
    begin(maker)
    maker.make(half, order)
    assert {slot.version for slot in half.chip.keys} == {2}
    assert certain(maker.row("K-3"), half)


def test_one_rotation_ends_before_the_next_begins(maker: CardMaker, laid: Ntag424) -> None:
    begin(maker)
    with pytest.raises(PeopleError, match="being renewed already"):
        begin(maker)
    end(maker)
    assert begin(maker) == 3


def test_a_retired_master_key_is_gone(maker: CardMaker, laid: Ntag424) -> None:
    begin(maker)
    assert end(maker) == 2
    rows = {row.generation: row for row in maker.village.rows(card_master)}
    assert rows[1].sealed is None
    assert rows[2].sealed is not None
    with pytest.raises(PeopleError, match="not there any more"):
        end(maker)


def test_a_card_that_was_not_renewed_in_time_counts_as_a_simple_one(
    maker: CardMaker, laid: Ntag424
) -> None:
    begin(maker)
    end(maker)
    who = tapped(maker.row("K-1"), laid)
    assert isinstance(who, Known)
    assert who.trust is Trust.LOW
    assert maker.declined(whole(laid), UID) == "not-there"


def test_the_keys_in_use_are_not_retired(maker: CardMaker, laid: Ntag424) -> None:
    with pytest.raises(PeopleError, match="in use"):
        end(maker)


def test_without_cards_there_is_nothing_to_renew(maker: CardMaker) -> None:
    with pytest.raises(PeopleError, match="first card"):
        begin(maker)


def test_cards_whose_key_was_typed_in_are_counted_apart(maker: CardMaker, laid: Ntag424) -> None:
    typed = NewCard("T-1", "04ffffffffff01", "a4", "ntag424", "00" * 16)
    with maker.engine.begin() as connection:
        issue_cards(connection, [typed], maker.village.now)
    begin(maker)
    with maker.engine.connect() as connection:
        assert by_hand(connection, "village") == 1
    assert maker.row("T-1").next_key is None


def test_both_decisions_are_written_down(maker: CardMaker, laid: Ntag424) -> None:
    begin(maker)
    maker.make(laid)
    end(maker)
    assert [(row.who, row.what) for row in maker.audit()][-3:] == [
        ("周强(zhou)", "begin generation 2 of card keys"),
        ("t1", "renew keys of card K-1 to generation 2"),
        ("周强(zhou)", "retire generation 1 of card keys, 1 cards left without"),
    ]


def test_master_keys_go_along_to_a_new_key_of_the_ring(maker: CardMaker, laid: Ntag424) -> None:
    new = KeyRing("k2", {"k1": bytes(32), "k2": b"2" * 32})
    with maker.engine.begin() as connection:
        before = masters.open_all(connection, RING, "village")
        assert masters.rekey(connection, new) == 1
        assert masters.rekey(connection, new) == 0
        only = KeyRing("k2", {"k2": b"2" * 32})
        assert masters.open_all(connection, only, "village") == before


def test_a_renewed_card_proves_itself_with_a_message_of_its_own(
    maker: CardMaker, laid: Ntag424
) -> None:
    begin(maker)
    maker.make(laid)
    key = maker.row("K-1").key
    assert key is not None
    assert sun.verify(sun.read_url(laid.read_url()), bytes.fromhex(key)).uid == UID
