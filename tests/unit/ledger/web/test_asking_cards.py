"""Cards are made at a terminal that only carries what ledger and card say to each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from linli.cards import sun
from linli.devices.readers.base import CardSeen, Chip
from linli.devices.simulated.cards import Ntag424, RandomUidPhone
from linli.kiosk.flows.identify import Known, identify
from linli.kiosk.network.ledger_asks import NotReachedError
from linli.ledger.issuing.ordering import GOOD_FOR, withdraw
from linli.ledger.issuing.schema import card_master, card_order, card_talk
from linli.ledger.issuing.talks import GOOD_FOR as TALK_GOOD_FOR
from linli.ledger.people.checks import NewOrg, PeopleError
from linli.ledger.people.schema import card, holder
from linli.ledger.people.tree import add_orgs
from linli.ledger.terminals.registry import register
from linli.sync.asks import Declined
from linli.sync.card_asks import AskCard, AskCardOrders, CardCommands, CardMade, CardOrders
from linli.sync.messages import Trust
from linli.sync.signing import public_hex
from tests.unit.ledger.web.card_maker import CLERK, CardMaker, between, blank, torn, whole
from tests.unit.ledger.web.site import VillageSite

UID, OTHER = b"\x04abcdef", b"\x04ghijkl"
COMMANDS = 29
SECOND = Ed25519PrivateKey.from_private_bytes(b"2" * 32)


@pytest.fixture
def maker(site: VillageSite) -> CardMaker:
    return CardMaker(site)


def second(maker: CardMaker, scope: str = "village") -> CardMaker:
    """Another terminal."""
    with maker.engine.begin() as connection:
        if scope != "village":
            lake = NewOrg(scope, "street", "community", "湖畔社区")
            add_orgs(connection, [lake], maker.village.now)
        register(
            connection,
            name="t2",
            kind="terminal",
            public_key=public_hex(SECOND),
            scope=scope,
            centre="centre",
            now=maker.village.now,
        )
    return CardMaker(maker.site, "t2", SECOND)


def accepted(maker: CardMaker, number: str, laid: Ntag424) -> bool:
    """Whether a terminal of the centre knows it for certain."""
    row = maker.row(number)
    file = laid.chip.mirrored()
    ndef = file[2 : 2 + int.from_bytes(file[:2], "big")]
    seen = CardSeen("r", laid.uid, Chip.ISO_DEP, ndef, 0.0, False, False)
    who = identify(seen, row, hot=False, last_counter=None)
    return isinstance(who, Known) and who.trust is Trust.HIGH


def test_an_ordered_card_is_made_and_accepted_at_once(maker: CardMaker) -> None:
    order, laid = maker.order("a1", "K-1"), blank(UID)
    assert maker.make(laid, order) == CardMade(card="K-1", name="张*1")
    assert accepted(maker, "K-1", laid)
    assert maker.row("K-1").account == "a1"
    assert maker.site.poked


def test_orders_appear_at_the_terminals_of_the_community_until_they_are_done(
    maker: CardMaker,
) -> None:
    elsewhere = second(maker, "lake")
    order = maker.order("a1", "K-1")
    answer = maker.ask(AskCardOrders())
    assert isinstance(answer, CardOrders)
    assert [(one.id, one.card, one.name, one.begun) for one in answer.orders] == [
        (order, "K-1", "张*1", False)
    ]
    assert elsewhere.ask(AskCardOrders()) == CardOrders(orders=())
    assert elsewhere.declined(whole(blank(UID)), UID, order) == "order-gone"
    maker.make(blank(UID), order)
    assert maker.ask(AskCardOrders()) == CardOrders(orders=())


def test_no_key_of_a_card_crosses_the_line_or_rests_in_the_open(maker: CardMaker) -> None:
    laid = blank(UID)
    maker.make(laid, maker.order("a1"))
    secrets = {slot.key.hex() for slot in laid.chip.keys}
    with maker.engine.connect() as connection:
        rest = [
            str(row)
            for table in (card_master, card_talk, card_order, card)
            for row in connection.execute(table.select())
        ]
    known = [key for key in secrets if any(key in text for text in rest)]
    assert known == [laid.chip.keys[1].key.hex()]
    assert not any(key in str(maker.sent) for key in secrets)


@pytest.mark.parametrize("after", range(COMMANDS))
def test_a_card_torn_away_at_any_command_is_finished_when_it_comes_back(
    maker: CardMaker, after: int
) -> None:
    order, laid = maker.order("a1", "K-1"), blank(UID)
    assert maker.declined(torn(laid, after), UID, order) == "card-torn"
    maker.make(laid, order)
    assert accepted(maker, "K-1", laid)


def test_a_torn_card_may_be_finished_at_another_terminal(maker: CardMaker) -> None:
    order, laid = maker.order("a1", "K-1"), blank(UID)
    maker.declined(torn(laid, 20), UID, order)
    second(maker).make(laid, order)
    assert accepted(maker, "K-1", laid)


def test_the_order_of_a_begun_card_takes_no_other(maker: CardMaker) -> None:
    order, laid = maker.order("a1"), blank(UID)
    maker.declined(torn(laid, 20), UID, order)
    assert maker.declined(whole(blank(OTHER)), OTHER, order) == "card-other"
    maker.make(laid, order)


def test_a_card_that_was_only_looked_at_binds_no_order(maker: CardMaker) -> None:
    order, elsewhere = maker.order("a1"), Ntag424(OTHER, b"somebody's key!!")
    assert maker.declined(whole(elsewhere), OTHER, order) == "card-keys"
    maker.make(blank(UID), order)


def test_a_begun_card_is_taken_for_no_other_order(maker: CardMaker) -> None:
    laid = blank(UID)
    maker.declined(torn(laid, 20), UID, maker.order("a1"))
    assert maker.declined(whole(laid), UID, maker.order("a2")) == "card-other"


def test_a_begun_card_whose_order_was_withdrawn_can_be_made_somebody_elses(
    maker: CardMaker,
) -> None:
    laid, order = blank(UID), maker.order("a1")
    maker.declined(torn(laid, 20), UID, order)
    with maker.engine.begin() as connection:
        assert withdraw(connection, order, CLERK, maker.site.clock.now())
    maker.make(laid, maker.order("a2", "K-2"))
    assert maker.row("K-2").account == "a2"


def test_somebodys_card_is_never_made_anew(maker: CardMaker) -> None:
    laid = blank(UID)
    maker.make(laid, maker.order("a1", "K-1"))
    assert maker.declined(whole(laid), UID, maker.order("a2")) == "card-taken"
    assert maker.row("K-1").account == "a1"


def test_another_persons_card_put_down_midway_is_left_as_it_is(maker: CardMaker) -> None:
    theirs, laid = blank(OTHER), blank(UID)
    maker.make(theirs, maker.order("a2", "K-2"))
    before = [slot.key for slot in theirs.chip.keys]

    def swapped(number: int, command: bytes, answer: bytes) -> bytes:
        if number < 15:
            return answer
        return theirs.apdu(command) or b""

    order = maker.order("a1", "K-1")
    assert maker.declined(between(laid, swapped), UID, order) in ("card-failed", "card-keys")
    assert [slot.key for slot in theirs.chip.keys] == before
    assert accepted(maker, "K-2", theirs)
    maker.make(laid, order)


def test_a_wrong_uid_is_refused(maker: CardMaker) -> None:
    laid = blank(OTHER)
    assert maker.declined(whole(laid), UID, maker.order("a1")) == "card-other"
    assert {slot.version for slot in laid.chip.keys} == {0}


def test_a_chip_of_another_kind_is_told_apart(maker: CardMaker) -> None:
    phone = RandomUidPhone()
    order = maker.order("a1")
    assert maker.declined(whole(phone), phone.uid, order) == "card-chip"
    phone.uid = UID
    assert maker.declined(whole(phone), UID, order) == "card-chip"


def test_a_card_that_others_tried_wrong_keys_on_is_told_apart(maker: CardMaker) -> None:
    laid = blank(UID)
    laid.chip.keys[0].in_all = 1000
    assert maker.declined(whole(laid), UID, maker.order("a1")) == "card-locked"


@pytest.mark.parametrize("place", [0, 4, 9, 10, 11, 12, 16, 19, 21, 25, 28])
def test_a_terminal_that_lies_makes_no_card(maker: CardMaker, place: int) -> None:
    order, laid = maker.order("a1", "K-1"), blank(UID)

    def lying(number: int, command: bytes, answer: bytes) -> bytes:
        half = len(answer) // 2
        changed = answer[:half] + bytes([answer[half] ^ 1]) + answer[half + 1 :]
        return changed if number == place else answer

    assert maker.declined(between(laid, lying), UID, order).startswith("card-")
    assert not [row for row in maker.village.rows(card) if row.id == "K-1"]
    maker.make(laid, order)
    assert accepted(maker, "K-1", laid)


def first_step(maker: CardMaker, order: str, laid: Ntag424) -> AskCard:
    """The ask that brings the first answers."""
    begun = AskCard(talk="by-hand", step=0, uid=UID.hex(), order=order)
    sent = maker.ask(begun)
    assert isinstance(sent, CardCommands)
    exchange = whole(laid)
    answers = tuple(exchange(bytes.fromhex(command)).hex() for command in sent.commands)
    return AskCard(talk="by-hand", step=1, uid=UID.hex(), order=order, answers=answers)


def test_a_lost_answer_is_given_again_and_nothing_is_done_twice(maker: CardMaker) -> None:
    step = first_step(maker, maker.order("a1"), blank(UID))
    answer = maker.ask(step)
    assert isinstance(answer, CardCommands)
    assert maker.ask(step) == answer


def test_an_old_step_is_no_answer_to_a_later_one(maker: CardMaker) -> None:
    order = maker.order("a1")
    step = first_step(maker, order, blank(UID))
    maker.ask(step)
    late = AskCard(talk="by-hand", step=2, uid=UID.hex(), order=order, answers=step.answers)
    assert maker.ask(late) == Declined(reason="card-torn")
    assert maker.ask(step) == Declined(reason="talk-over")


@pytest.mark.parametrize(
    "other",
    [{"uid": OTHER.hex()}, {"order": "another"}, {"talk": "other"}, {"step": 7}],
)
def test_what_does_not_follow_is_over_and_disturbs_nothing(
    maker: CardMaker, other: dict[str, object]
) -> None:
    step = first_step(maker, maker.order("a1"), blank(UID))
    fields = {name: getattr(step, name) for name in step.__struct_fields__}
    assert maker.ask(AskCard(**{**fields, **other})) == Declined(reason="talk-over")
    assert isinstance(maker.ask(step), CardCommands)


def test_another_terminal_cannot_go_on_with_a_talk(maker: CardMaker) -> None:
    step = first_step(maker, maker.order("a1"), blank(UID))
    assert second(maker).ask(step) == Declined(reason="talk-over")
    assert isinstance(maker.ask(step), CardCommands)


def test_of_two_terminals_with_one_order_the_later_goes_on(maker: CardMaker) -> None:
    order, laid = maker.order("a1", "K-1"), blank(UID)
    step = first_step(maker, order, laid)
    second(maker).make(laid, order)
    assert maker.ask(step) == Declined(reason="talk-over")
    assert maker.declined(whole(laid), UID, order) == "order-gone"


def test_a_talk_is_over_after_two_minutes_of_silence(maker: CardMaker) -> None:
    step = first_step(maker, maker.order("a1"), blank(UID))
    maker.site.clock.pass_(seconds=TALK_GOOD_FOR.total_seconds() + 1)
    assert maker.ask(step) == Declined(reason="talk-over")


def test_an_order_is_good_for_a_day(maker: CardMaker) -> None:
    order = maker.order("a1")
    maker.site.clock.wall += GOOD_FOR
    assert maker.declined(whole(blank(UID)), UID, order) == "order-gone"
    maker.order("a1")


def test_an_order_withdrawn_amid_a_talk_ends_it(maker: CardMaker) -> None:
    order = maker.order("a1")
    step = first_step(maker, order, blank(UID))
    with maker.engine.begin() as connection:
        withdraw(connection, order, CLERK, maker.site.clock.now())
    assert maker.ask(step) == Declined(reason="order-gone")


def test_two_clerks_cannot_order_for_one_person_at_once(maker: CardMaker) -> None:
    maker.order("a1")
    with pytest.raises(PeopleError, match="waits for a card"):
        maker.order("a1")


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """What came of each, all begun at the same moment."""
    start, came = threading.Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            came.append(act())
        except PeopleError as error:
            came.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_of_clerks_who_order_at_the_same_moment_one_is_taken(maker: CardMaker) -> None:
    came = at_once([lambda: maker.order("a1") for _ in range(4)])
    assert sum(isinstance(one, PeopleError) for one in came) == 3
    came = at_once([lambda of=of: maker.order(of, "K-1") for of in ("a2", "a3", "a4")])
    assert sum(isinstance(one, PeopleError) for one in came) == 2


def test_of_terminals_that_go_on_and_begin_at_the_same_moment_one_makes_the_card(
    maker: CardMaker,
) -> None:
    order, laid = maker.order("a1", "K-1"), blank(UID)
    step, other = first_step(maker, order, laid), second(maker)
    begun = AskCard(talk="another", step=0, uid=UID.hex(), order=order)
    came = at_once([lambda: maker.ask(step), lambda: other.ask(begun)])
    assert not [one for one in came if isinstance(one, NotReachedError)]
    other.make(laid, order)
    assert accepted(maker, "K-1", laid)


def test_two_clerks_cannot_order_one_number_at_once(maker: CardMaker) -> None:
    maker.order("a1", "K-1")
    with pytest.raises(PeopleError, match="ordered already"):
        maker.order("a2", "K-1")


def test_a_card_that_replaces_another_ends_it_once_it_works(maker: CardMaker) -> None:
    order, laid = maker.order("a1", "K-1", replaces="card-a1"), blank(UID)
    maker.declined(torn(laid, 27), UID, order)
    assert maker.row("card-a1").status == "active"
    maker.make(laid, order)
    assert maker.row("card-a1").status == "replaced"
    assert maker.row("K-1").status == "active"


def test_an_account_closed_meanwhile_gets_no_card(maker: CardMaker) -> None:
    order = maker.order("a1", "K-1")
    with maker.engine.begin() as connection:
        gone = {"closed_at": maker.village.now, "closed_as": "left"}
        connection.execute(update(holder).where(holder.c.account == "a1").values(gone))
    assert maker.declined(whole(blank(UID)), UID, order) == "account"
    assert not [row for row in maker.village.rows(card) if row.id == "K-1"]


def test_who_ordered_and_where_it_was_made_is_written_down(maker: CardMaker) -> None:
    order, stranger = maker.order("a1", "K-1"), Ntag424(OTHER, b"somebody's key!!")
    maker.declined(whole(stranger), OTHER, order)
    maker.make(blank(UID), order)
    told = [(row.who, row.what) for row in maker.audit()]
    assert told == [
        ("王红(wang)", "order card K-1"),
        ("t1", f"could not make card of chip {OTHER.hex()}: unknown-keys"),
        ("t1", "issue card K-1"),
    ]
    assert maker.audit()[-1].why == f"order {order} of 王红(wang)"


def test_a_master_key_is_the_same_for_all_cards_of_a_community(maker: CardMaker) -> None:
    maker.make(blank(UID), maker.order("a1"))
    maker.make(blank(OTHER), maker.order("a2"))
    (master,) = maker.village.rows(card_master)
    assert (master.scope, master.generation) == ("village", 1)


def test_a_made_card_says_its_number_as_sun_does(maker: CardMaker) -> None:
    laid = blank(UID)
    maker.make(laid, maker.order("a1", "K-1"))
    key = maker.row("K-1").key
    assert key is not None
    assert sun.verify(sun.read_url(laid.read_url()), bytes.fromhex(key)).uid == UID
