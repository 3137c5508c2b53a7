"""What a visit asks the ledger, and what it makes of the answer; without the network it says so."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.attending import VISIT, Centre, Open, done
from doubles.centre import at, deed, holder

from linli.kiosk.flows import actions
from linli.kiosk.flows.views import Home
from linli.kiosk.flows.visit_views import (
    AskCard,
    DeedDetail,
    Hindered,
    Hindrance,
    Module,
    Outcome,
    Pad,
    PadFor,
    PadTrouble,
    Proof,
    Told,
    Waiting,
)
from linli.sync.asks import (
    AskLoss,
    AskProof,
    AskSetPin,
    Declined,
    LossTaken,
    PinSet,
    Proven,
)
from linli.sync.record.checkpoint import Checkpoint, sign_checkpoint
from linli.sync.record.keys import NoteKey
from linli.sync.record.leaves import build_leaf, leaf_bytes, open_for, opening_bytes
from linli.sync.record.merkle import leaf_hash
from linli.sync.record.proof_files import write_proof_file

RECORD = "points.example/record"
SECRET = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
POSTED = deed("d-1", "r-2", at("08:10"), state="posted")


def serving(centre: Centre) -> Centre:
    """Somebody with a verified card is among the services."""
    tapped = done(centre.tap_dynamic())
    centre.act(actions.ShowPoints(tapped.trace), actions.ShowServices())
    return centre


def pad(view: object) -> Pad:
    assert isinstance(view, Pad), view
    return view


def typed(centre: Centre, *digits: str) -> object:
    return centre.act(*(actions.Typed(each) for each in digits)).view


# --- no answer -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("online", "hindrance"), [(True, Hindrance.NO_ANSWER), (False, Hindrance.NO_NETWORK)]
)
def test_a_ledger_that_takes_no_ask_is_not_called_a_network_that_is_away(
    open_centre: Open, online: bool, hindrance: Hindrance
) -> None:
    centre = serving(open_centre(VISIT))
    centre.act(actions.ChoosePin())
    typed(centre, "271828", "271828")
    centre.online = online
    told = centre.answer(None)
    assert told is not None
    assert told.view == Hindered(hindrance, "name of r-2")


# --- a PIN -----------------------------------------------------------------------------------


def test_a_pin_is_chosen_twice_and_then_set_by_the_ledger(open_centre: Open) -> None:
    centre = serving(open_centre(VISIT))
    first = pad(centre.act(actions.ChoosePin()).view)
    assert (first.for_, first.hidden, first.fewest, first.most) == (PadFor.NEW_PIN, True, 6, 6)
    assert pad(typed(centre, "271828")).for_ is PadFor.NEW_PIN_AGAIN
    assert isinstance(typed(centre, "271828"), Waiting)
    (ask,) = centre.asks.asked
    assert isinstance(ask, AskSetPin)
    assert (ask.pin, ask.old, ask.who.account) == ("271828", None, "r-2")
    shown = centre.answer(PinSet())
    assert shown is not None
    assert shown.view == Told(Outcome.PIN_SET, "name of r-2")


def test_two_different_pins_are_asked_for_anew(open_centre: Open) -> None:
    centre = serving(open_centre(VISIT))
    first = pad(centre.act(actions.ChoosePin()).view)
    again = pad(typed(centre, "271828", "271829"))
    assert (again.for_, again.trouble) == (PadFor.NEW_PIN, PadTrouble.DIFFERENT)
    assert again.turn != first.turn
    assert centre.asks.asked == []


def test_who_has_a_pin_gives_it_before_choosing_another(open_centre: Open) -> None:
    import msgspec

    has_pin = msgspec.structs.replace(holder("r-2"), pin=True)
    centre = serving(open_centre(VISIT, has_pin))
    assert pad(centre.act(actions.ChoosePin()).view).for_ is PadFor.OLD_PIN
    typed(centre, "111222", "271828", "271828")
    (ask,) = centre.asks.asked
    assert isinstance(ask, AskSetPin)
    assert (ask.old, ask.pin) == ("111222", "271828")
    shown = centre.answer(Declined(reason="pin-wrong", tries=4))
    assert shown is not None
    wrong = pad(shown.view)
    assert (wrong.for_, wrong.trouble, wrong.tries) == (PadFor.OLD_PIN, PadTrouble.WRONG, 4)


def test_a_card_that_can_be_copied_sets_no_pin(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    centre.act(actions.ShowPoints(done(centre.tap()).trace), actions.ShowServices())
    shown = centre.act(actions.ChoosePin()).view
    assert shown == Hindered(Hindrance.CARD_COPYABLE, "name of r-1")


def test_without_the_network_no_pin_is_set_and_it_says_why(open_centre: Open) -> None:
    centre = serving(open_centre(VISIT))
    centre.online = False
    assert centre.act(actions.ChoosePin()).view == Hindered(Hindrance.NO_NETWORK, "name of r-2")


def test_back_leaves_all_pads_of_a_matter(open_centre: Open) -> None:
    centre = serving(open_centre(VISIT))
    services = centre.act(actions.ChoosePin(), actions.Typed("271828"), actions.Back()).view
    assert type(services).__name__ == "Services"


# --- a lost card -----------------------------------------------------------------------------


def test_a_lost_card_is_stopped_without_any_card(open_centre: Open) -> None:
    centre = open_centre()
    centre.act(actions.Open(Module.POINTS))
    asked = pad(centre.act(actions.ReportLoss()).view)
    assert (asked.for_, asked.hidden) == (PadFor.PHONE, False)
    assert pad(typed(centre, "13800000000")).for_ is PadFor.PIN
    typed(centre, "271828")
    assert centre.asks.asked == [AskLoss(phone="13800000000", pin="271828")]
    shown = centre.answer(LossTaken(name="张*三", cards=1))
    assert shown is not None
    assert shown.view == Told(Outcome.LOSS_TAKEN, "张*三", 1)
    assert centre.act(actions.Back()).view == AskCard(Module.POINTS)


def test_a_loss_is_reported_from_the_resting_screen_and_back_leads_there(
    open_centre: Open,
) -> None:
    centre = open_centre()
    assert pad(centre.act(actions.ReportLoss()).view).for_ is PadFor.PHONE
    assert isinstance(centre.act(actions.Back()).view, Home)
    centre.act(actions.ReportLoss())
    typed(centre, "13800000000", "271828")
    assert centre.answer(LossTaken(name="张*三", cards=1)) is not None
    assert isinstance(centre.act(actions.Back()).view, Home)


def test_without_the_network_that_is_said_once_however_often_it_is_touched(
    open_centre: Open,
) -> None:
    centre = open_centre()
    centre.online = False
    told = centre.act(actions.ReportLoss(), actions.ReportLoss()).view
    assert told == Hindered(Hindrance.NO_NETWORK)
    assert isinstance(centre.act(actions.Back()).view, Home)


def test_who_taps_while_somebody_reports_a_loss_signs_in_as_ever(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    centre.act(actions.ReportLoss())
    assert done(centre.tap()).name == "name of r-1"
    assert centre.attendant.act(actions.Typed("13800000000")) is None


def test_who_is_not_known_by_phone_and_pin_is_told_no_more_than_that(open_centre: Open) -> None:
    centre = open_centre()
    centre.act(actions.Open(Module.POINTS), actions.ReportLoss())
    typed(centre, "13800000000", "000001")
    shown = centre.answer(Declined(reason="pin-wrong"))
    assert shown is not None
    assert shown.view == Hindered(Hindrance.NOT_KNOWN)


# --- a proof ---------------------------------------------------------------------------------


def proven(id_: str = "d-1", account: str = "r-2", key: Ed25519PrivateKey = SECRET) -> Proven:
    opening = open_for(account, id_, b"s" * 32)
    leaf = build_leaf(
        opening,
        item="B01",
        item_class="B",
        points=10,
        day=at("08:10").date(),
        standard="2026",
        node="s-1",
    )
    raw = leaf_bytes(leaf)
    checkpoint = Checkpoint(RECORD, 1, leaf_hash(raw))
    note = sign_checkpoint(checkpoint, key)
    return Proven(file=write_proof_file(0, raw, [], note), opening=opening_bytes(opening).decode())


def checking(centre: Centre) -> DeedDetail:
    """Somebody asks whether their deed is in the record."""
    centre.desk.record_key = NoteKey.of(RECORD, SECRET)
    tapped = done(centre.tap_dynamic())
    shown = centre.act(
        actions.ShowPoints(tapped.trace), actions.ShowDeed("d-1"), actions.CheckProof()
    ).view
    assert isinstance(shown, DeedDetail)
    return shown


def test_a_proof_that_holds_is_one_clear_tick(open_centre: Open) -> None:
    centre = open_centre(VISIT, POSTED)
    assert checking(centre).proof is Proof.ASKING
    (ask,) = centre.asks.asked
    assert isinstance(ask, AskProof)
    assert ask.deed == "d-1"
    shown = centre.answer(proven())
    assert shown is not None
    assert isinstance(shown.view, DeedDetail)
    assert (shown.view.proof, shown.view.place, shown.view.size) == (Proof.PROVEN, 0, 1)


@pytest.mark.parametrize(
    "answer",
    [
        proven(id_="d-2"),
        proven(key=Ed25519PrivateKey.from_private_bytes(b"x" * 32)),
        Proven(file="", opening=""),
        Proven(file=proven().file, opening=proven(id_="d-2").opening),
        Proven(file=proven().file.replace("index 0", "index 1"), opening=proven().opening),
    ],
    ids=["another deed", "another signer", "nothing", "another opening", "another place"],
)
def test_a_proof_that_does_not_hold_is_never_a_tick(open_centre: Open, answer: Proven) -> None:
    centre = open_centre(VISIT, POSTED)
    checking(centre)
    shown = centre.answer(answer)
    assert shown is not None
    assert isinstance(shown.view, DeedDetail)
    assert shown.view.proof is Proof.WRONG


def test_an_answer_for_somebody_who_went_home_shows_nothing(open_centre: Open) -> None:
    centre = open_centre(VISIT, POSTED)
    checking(centre)
    centre.attendant.home()
    assert centre.answer(proven()) is None


def test_an_answer_never_lands_on_another_page(open_centre: Open) -> None:
    centre = open_centre(VISIT, POSTED)
    checking(centre)
    points = centre.act(actions.Back()).view
    shown = centre.answer(proven())
    assert shown is not None
    assert shown.view == points


def test_without_the_network_a_proof_is_not_asked_for_and_it_says_so(open_centre: Open) -> None:
    centre = open_centre(VISIT, POSTED)
    centre.online = False
    assert checking(centre).proof is Proof.OFFLINE
    assert centre.asks.asked == []


def test_a_ledger_that_is_not_reached_is_the_same_as_no_network(open_centre: Open) -> None:
    centre = open_centre(VISIT, POSTED)
    checking(centre)
    shown = centre.answer(None)
    assert shown is not None
    assert isinstance(shown.view, DeedDetail)
    assert shown.view.proof is Proof.OFFLINE
