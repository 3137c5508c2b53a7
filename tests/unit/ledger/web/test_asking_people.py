"""At a terminal somebody chooses a PIN, sees the proof of a deed, and stops their cards."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.asks.losing import COMPARED
from linli.ledger.audit.verify import verify
from linli.ledger.people.access_log import Staff
from linli.ledger.people.erasing import erase
from linli.ledger.people.merging import merge
from linli.ledger.people.personal import Personal
from linli.ledger.people.persons import keep_person
from linli.ledger.people.vault import blind_index
from linli.ledger.record.log import make_checkpoint
from linli.ledger.review.deciding import review
from linli.ledger.schema import attempt, card, hot_list
from linli.ledger.staff import passwords
from linli.ledger.staff.attempts import of_loss
from linli.ledger.standard.versions import StandardShelf
from linli.sync.asks import AskLoss, AskProof, AskSetPin, Declined, LossTaken, PinSet, Proven
from linli.sync.messages import Trust
from linli.sync.record.leaves import opens, parse_leaf, parse_opening
from linli.sync.record.merkle import leaf_hash
from linli.sync.record.proof_files import parse_proof_file
from linli.sync.record.proofs import verify_inclusion
from tests.unit.ledger.web.asker import PIN, WRONG, Asker
from tests.unit.ledger.web.site import RING, VillageSite

PHONE, NOBODYS = "13800001234", "13900005678"
BY_PHONE = of_loss(blind_index(bytes(32), "phone", PHONE))
CLERK = Staff("王红(wang)", "clerk")


@pytest.fixture
def asker(site: VillageSite) -> Asker:
    return Asker(site)


# --- PIN -------------------------------------------------------------------------------------


def choose(asker: Asker, pin: str = PIN, old: str | None = None, **more: object) -> object:
    who = more.get("tap", asker.tap("a1"))
    return asker.ask(AskSetPin(who=who, pin=pin, old=old))  # type: ignore[arg-type]


def test_the_holder_of_a_verified_card_chooses_a_pin(asker: Asker) -> None:
    assert choose(asker) == PinSet()
    assert asker.got(tap=asker.tap("a1", "card-a1", Trust.LOW), pin=PIN).left == 70
    assert asker.site.audited() == ["choose PIN"]


def test_a_card_that_may_be_a_copy_chooses_none(asker: Asker) -> None:
    low = asker.tap("a1", "card-a1", Trust.LOW)
    assert choose(asker, tap=low) == Declined(reason="card")
    assert choose(asker, tap=asker.tap("a1", "card-a1")) == Declined(reason="card")


def test_an_easy_pin_is_refused(asker: Asker) -> None:
    assert choose(asker, "123456") == Declined(reason="pin-easy")


def test_a_pin_that_is_there_is_changed_with_the_old_one(asker: Asker) -> None:
    choose(asker)
    assert choose(asker) == PinSet()
    assert choose(asker, WRONG) == Declined(reason="pin-needed", tries=4)
    assert choose(asker, WRONG, old="111222") == Declined(reason="pin-wrong", tries=3)
    assert choose(asker, WRONG, old=PIN) == PinSet()
    assert choose(asker, WRONG, old=PIN) == PinSet()


# --- proofs ----------------------------------------------------------------------------------


def posted(asker: Asker) -> str:
    """A deed of a1 that a checkpoint has."""
    village = asker.village
    village.send(village.check_in("a1", "visit", "10:05"), village.check_in("a2", "visit", "10:06"))
    key = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
    with asker.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        ids = ["visit.a1", "visit.a2"]
        review(connection, ids, "posted", "", standards, village.now)
        salts = iter(bytes([n]) * 32 for n in range(1, 9))
        make_checkpoint(connection, "linli.example/log", key, lambda: next(salts), village.now)
    return "visit.a1"


def proof_of(asker: Asker, deed: str, who: str = "a1") -> object:
    return asker.ask(AskProof(who=asker.tap(who), deed=deed))


def test_the_proof_of_an_own_deed_holds_without_the_ledger(asker: Asker) -> None:
    answer = proof_of(asker, posted(asker))
    assert isinstance(answer, Proven)
    file = parse_proof_file(answer.file)
    leaf, root = parse_leaf(file.leaf), file.checkpoint.root
    verify_inclusion(file.index, file.checkpoint.size, leaf_hash(file.leaf), file.proof, root)
    opening = parse_opening(answer.opening.encode())
    assert opens(opening, leaf)
    assert (opening.account, opening.deed, leaf.points) == ("a1", "visit.a1", 10)


def test_nobody_sees_the_proof_of_anothers_deed(asker: Asker) -> None:
    assert proof_of(asker, posted(asker), "a2") == Declined(reason="not-there")


def test_a_deed_that_is_not_in_the_record_yet_has_no_proof(asker: Asker) -> None:
    village = asker.village
    village.send(village.check_in("a1", "visit", "10:05"))
    assert proof_of(asker, "visit.a1") == Declined(reason="not-there")
    assert proof_of(asker, "nothing") == Declined(reason="not-there")


def test_deeds_of_an_account_that_was_merged_are_ones_own(asker: Asker) -> None:
    deed = posted(asker)
    asker.shop.do(lambda c: merge(c, "a1", "a2", asker.village.now))
    answer = proof_of(asker, deed, "a2")
    assert isinstance(answer, Proven)
    assert parse_opening(answer.opening.encode()).account == "a1"


# --- losses ----------------------------------------------------------------------------------


def known_by_phone(asker: Asker, who: str = "a1", pin: str = PIN) -> None:
    with asker.engine.begin() as connection:
        keep_person(connection, who, Personal("张三", phone=PHONE), RING, asker.village.now)
    asker.set_pin(who, pin)


def lose(asker: Asker, pin: str = PIN, phone: str = PHONE) -> object:
    return asker.ask(AskLoss(phone=phone, pin=pin))


def states(asker: Asker, who: str = "a1") -> set[str]:
    return {row.status for row in asker.village.rows(card) if row.account == who}


def test_who_knows_number_and_pin_stops_all_their_cards(asker: Asker) -> None:
    known_by_phone(asker)
    before = asker.village.rows(hot_list)
    assert lose(asker) == LossTaken(name="张*", cards=2)
    assert states(asker) == {"blocked"}
    assert states(asker, "a2") == {"active"}
    assert asker.village.rows(hot_list) != before
    assert "stop cards, lost" in asker.site.audited()
    assert lose(asker) == LossTaken(name="张*", cards=2)
    assert verify(asker.engine) is None


def test_a_wrong_pin_and_an_unknown_number_are_answered_alike(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in time: as many hashes are compared, and as much is written."""
    known_by_phone(asker)
    compared: list[str | None] = []
    real = passwords.matches

    def counted(pin: str, kept: str | None) -> bool:
        compared.append(kept)
        return real(pin, kept)

    monkeypatch.setattr(passwords, "matches", counted)
    assert lose(asker, WRONG) == Declined(reason="pin-wrong")
    assert len(compared) == COMPARED
    assert lose(asker, phone=NOBODYS) == Declined(reason="pin-wrong")
    assert len(compared) == 2 * COMPARED
    assert states(asker) == {"active"}


@pytest.mark.parametrize("phone", [PHONE, NOBODYS])
def test_a_number_can_be_tried_a_few_times_whether_it_is_known_or_not(
    asker: Asker, phone: str
) -> None:
    known_by_phone(asker)
    said = [lose(asker, WRONG, phone) for _ in range(6)]
    assert said == [Declined(reason="pin-wrong")] * 5 + [Declined(reason="pin-locked", tries=0)]
    assert lose(asker, PIN, phone) == Declined(reason="pin-locked", tries=0)


def test_a_terminal_can_be_used_for_some_tries_in_all(asker: Asker) -> None:
    known_by_phone(asker)
    for number in range(20):
        lose(asker, WRONG, f"139000000{number:02d}")
    assert lose(asker) == Declined(reason="pin-locked", tries=0)
    asker.site.clock.pass_(minutes=16)
    assert isinstance(lose(asker), LossTaken)


def test_a_stranger_who_knows_the_number_does_not_lock_the_pin(asker: Asker) -> None:
    known_by_phone(asker)
    for _ in range(6):
        lose(asker, WRONG)
    assert asker.got(tap=asker.tap("a1", "card-a1", Trust.LOW), pin=PIN).left == 70


def test_a_thief_who_locked_the_pin_does_not_keep_the_owner_from_stopping_the_card(
    asker: Asker,
) -> None:
    known_by_phone(asker)
    low = asker.tap("a1", "card-a1", Trust.LOW)
    for number in range(5):
        asker.refused(request=f"r{number}", tap=low, pin=WRONG)
    assert isinstance(lose(asker), LossTaken)


def test_of_a_family_with_one_number_the_one_with_the_pin_is_meant(asker: Asker) -> None:
    known_by_phone(asker)
    known_by_phone(asker, "a2", WRONG)
    assert isinstance(lose(asker, WRONG), LossTaken)
    assert (states(asker), states(asker, "a2")) == ({"active"}, {"blocked"})


def test_tries_are_kept_without_the_number_and_go_with_the_person(asker: Asker) -> None:
    known_by_phone(asker)
    lose(asker, WRONG)
    names = [row.name for row in asker.village.rows(attempt)]
    assert BY_PHONE in names
    assert not any(PHONE in name for name in names)
    later = asker.village.now + dt.timedelta(minutes=1)
    asker.shop.do(lambda c: erase(c, "a1", CLERK, "本人要求", later))
    assert BY_PHONE not in [row.name for row in asker.village.rows(attempt)]
    assert lose(asker) == Declined(reason="pin-wrong")
