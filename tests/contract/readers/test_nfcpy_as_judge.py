"""nfcpy's own driver and tag layer as a judge of the simulated chip and cards.

They were written against real silicon, send other commands than our driver does (their own
ISO-DEP blocks, registers, another speed), and know nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nfc.clf
import nfc.tag
import pytest
from nfc.clf import pn532, transport

from linli.cards.sun import SunIdentity, read_url, verify
from linli.devices.simulated.cards import (
    MifareClassic,
    Ntag213,
    Ntag424,
    RandomUidPhone,
    SimulatedCard,
)
from linli.devices.simulated.reader import SimulatedReader

KEY, UID = bytes(range(16)), b"\x04abcdef"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SimulatedReader]:
    reader = SimulatedReader(tmp_path / "reader")
    yield reader
    reader.close()


@pytest.fixture
def frontend(reader: SimulatedReader) -> Iterator[Any]:
    frontend = nfc.clf.ContactlessFrontend()
    frontend.device = pn532.init(transport.TTY(str(reader.path)))
    yield frontend
    frontend.close()


def found(frontend: Any) -> Any:
    target = frontend.sense(nfc.clf.RemoteTarget("106A"), iterations=1)
    return target and nfc.tag.activate(frontend, target)


def test_it_sets_the_chip_up_at_its_highest_speed_and_back(
    reader: SimulatedReader, frontend: Any
) -> None:
    assert reader.chip.speed == 921_600
    frontend.close()
    assert reader.chip.speed == 115_200


def test_an_empty_field_holds_no_tag(frontend: Any) -> None:
    assert found(frontend) is None


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        (Ntag213(UID), "Type2Tag"),
        (Ntag424(UID, KEY), "Type4Tag"),
        (MifareClassic(b"abcd"), "Type2Tag"),
    ],
)
def test_it_knows_each_kind_of_card(
    reader: SimulatedReader, frontend: Any, card: SimulatedCard, kind: str
) -> None:
    reader.field.place(card)
    tag = found(frontend)
    assert (tag.type, bytes(tag.identifier)) == (kind, card.uid)


def test_it_reads_a_fresh_message_from_an_ntag424_each_time(
    reader: SimulatedReader, frontend: Any
) -> None:
    reader.field.place(Ntag424(UID, KEY))
    identities = []
    for _ in range(2):
        url = found(frontend).ndef.records[0].iri
        identities.append(verify(read_url(url), KEY))
    assert identities == [SunIdentity(UID, 1), SunIdentity(UID, 2)]


def test_it_finds_an_ntag213_formatted_and_empty(reader: SimulatedReader, frontend: Any) -> None:
    reader.field.place(Ntag213(UID))
    tag = found(frontend)
    assert (tag.product, tag.ndef.length) == ("NXP NTAG213", 0)


def test_it_finds_no_message_on_a_phone(reader: SimulatedReader, frontend: Any) -> None:
    reader.field.place(RandomUidPhone())
    assert found(frontend).ndef is None
