"""Which cards the attendant takes, and what it records of those it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doubles.attending import (
    DYNAMIC,
    OTHER,
    PATROL,
    SIMPLE,
    VISIT,
    Centre,
    Open,
    done,
    seen,
    trouble,
)
from doubles.centre import (
    KEY,
    card,
    message_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.devices.readers.base import Chip, Part
from linli.devices.simulated.cards import Ntag424
from linli.kiosk.flows.views import Trouble
from linli.sync.messages import HotList


def test_an_unknown_card_is_counted_and_leaves_no_event(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    assert trouble(centre.tap(OTHER)) is Trouble.UNKNOWN_CARD
    assert centre.events() == []
    assert centre.store.tallied("unknown_card") == 1


def test_a_phone_is_unknown_even_where_its_uid_of_the_moment_is_a_cards(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    screen = centre.attendant.tap(seen(SIMPLE, random_uid=True))
    assert trouble(screen) is Trouble.UNKNOWN_CARD
    assert centre.events() == []


def test_a_card_whose_holder_is_not_known_here_is_unknown(open_centre: Open) -> None:
    centre = open_centre(VISIT, card("c-lone", OTHER, "r-9"))
    assert trouble(centre.tap(OTHER)) is Trouble.UNKNOWN_CARD


@pytest.mark.parametrize("status", ["blocked", "replaced", "something new"])
def test_a_card_that_is_not_active_is_refused_and_recorded(open_centre: Open, status: str) -> None:
    centre = open_centre(VISIT, card("c-old", OTHER, "r-1", status=status))
    assert trouble(centre.tap(OTHER)) is Trouble.BLOCKED_CARD
    ((kind, data),) = centre.events()
    assert (kind, data["card"], data["reason"]) == ("card-refused", "c-old", "blocked")


def test_a_hot_card_is_refused_and_recorded(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    centre.replica.set_hot_list(HotList(scope="s-1", version=1, cards=["c-simple"]))
    assert trouble(centre.tap()) is Trouble.BLOCKED_CARD
    assert len(centre.events()) == 1


def test_a_verified_message_is_high_trust_and_leaves_its_counter(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    done(centre.tap_dynamic())
    ((_, data),) = centre.events()
    assert (data["trust"], data["counter"]) == ("high", 1)
    assert centre.store.last_counter("c-dynamic") == 1


def test_a_replayed_message_is_refused_and_recorded_with_its_counter(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    recorded = message_of(centre.tag)
    done(centre.tap_dynamic(recorded))
    assert trouble(centre.tap_dynamic(recorded)) is Trouble.REPLAYED_CARD
    kind, data = centre.events()[-1]
    assert (kind, data["reason"], data["counter"]) == ("card-refused", "replayed", 1)


def test_a_message_recorded_before_the_last_tap_is_replayed(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    recorded = message_of(centre.tag)
    done(centre.tap_dynamic())
    assert trouble(centre.tap_dynamic(recorded)) is Trouble.REPLAYED_CARD


@pytest.mark.parametrize("path", ["choose", "too early", "nothing open"])
def test_a_message_is_used_up_by_a_tap_that_leaves_no_event_too(
    open_centre: Open, path: str
) -> None:
    rows = {"choose": (VISIT, PATROL), "too early": (PATROL,), "nothing open": ()}[path]
    centre = open_centre(*rows)
    if path == "too early":
        centre.tap_dynamic()
    recorded = message_of(centre.tag)
    centre.tap_dynamic(recorded)
    assert trouble(centre.tap_dynamic(recorded)) is Trouble.REPLAYED_CARD


def test_a_message_made_with_another_key_is_forged(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    forged = message_of(Ntag424(DYNAMIC, bytes(16)))
    assert trouble(centre.tap_dynamic(forged)) is Trouble.FORGED_CARD
    ((_, data),) = centre.events()
    assert data["reason"] == "forged"
    assert centre.store.last_counter("c-dynamic") is None


def test_a_message_of_another_uid_is_forged_even_with_the_right_key(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    assert trouble(centre.tap_dynamic(message_of(Ntag424(OTHER, KEY)))) is Trouble.FORGED_CARD


def test_an_address_that_is_no_message_is_forged(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    assert trouble(centre.tap_dynamic(b"\xd1\x01\x05U\x04a.cn")) is Trouble.FORGED_CARD


@pytest.mark.parametrize("chip", [Chip.TYPE2, Chip.CLASSIC, Chip.ISO_DEP])
def test_a_dynamic_cards_uid_on_a_chip_without_a_message_is_cloned(
    open_centre: Open, chip: Chip
) -> None:
    centre = open_centre(VISIT)
    assert trouble(centre.attendant.tap(seen(DYNAMIC, chip))) is Trouble.FORGED_CARD
    ((_, data),) = centre.events()
    assert data["reason"] == "cloned"


def test_a_card_torn_away_is_asked_for_again_and_leaves_no_event(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    screen = centre.attendant.tap(seen(DYNAMIC, Chip.ISO_DEP, torn=True))
    assert trouble(screen) is Trouble.READ_AGAIN
    assert centre.events() == []
    assert centre.store.tallied("read_again") == 1
    done(centre.tap_dynamic())


@settings(max_examples=60, deadline=None)
@given(ndef=st.binary(max_size=120) | st.binary(max_size=90).map(lambda b: b"\xd1\x01U\x04" + b))
def test_no_card_can_upset_the_attendant(
    tmp_path_factory: pytest.TempPathFactory, ndef: bytes
) -> None:
    centre = Centre(tmp_path_factory.mktemp("centre"), [VISIT])
    screen = centre.attendant.tap(seen(DYNAMIC, Chip.ISO_DEP, ndef))
    assert trouble(screen) is Trouble.FORGED_CARD
    centre.close()


def test_a_reader_that_only_types_uids_gives_low_trust_to_any_card(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    done(centre.attendant.tap(seen(DYNAMIC, chip=Chip.UNKNOWN)))
    ((_, data),) = centre.events()
    assert (data["trust"], data["counter"]) == ("low", None)


@pytest.mark.parametrize(("part", "cut"), [(Part.FIRST, slice(4)), (Part.LAST, slice(-4, None))])
def test_a_part_of_a_uid_finds_the_only_card_that_has_it(
    open_centre: Open, part: Part, cut: slice
) -> None:
    centre = open_centre(VISIT)
    tapped = seen(SIMPLE, chip=Chip.UNKNOWN)
    done(centre.attendant.tap(replace(tapped, uid=SIMPLE[cut], part=part)))
    ((_, data),) = centre.events()
    assert data["card"] == "c-simple"


def test_a_part_that_two_cards_share_is_nobody_s(open_centre: Open) -> None:
    centre = open_centre(VISIT, card("c-twin", SIMPLE[:4] + b"abc", "r-1"))
    tapped = replace(seen(SIMPLE, chip=Chip.UNKNOWN), uid=SIMPLE[:4], part=Part.FIRST)
    assert trouble(centre.attendant.tap(tapped)) is Trouble.UNKNOWN_CARD
