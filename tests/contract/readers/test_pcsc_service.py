"""What is PC/SC's own: the service, the names it gives readers, and the ATRs it makes up."""

from __future__ import annotations

import pytest

from linli.devices.readers.base import Chip
from linli.devices.readers.frontend import ReaderGoneError
from linli.devices.readers.pcsc import PcscFrontend
from linli.devices.readers.pcsc_atr import chip_of_atr
from tests.contract.readers.pcscd import Pcscd, free_port

ATRS = {
    "3B8F8001804F0CA000000306030001000000006A": Chip.CLASSIC,
    "3B8F8001804F0CA0000003060300020000000069": Chip.CLASSIC,
    "3B8F8001804F0CA0000003060300030000000068": Chip.TYPE2,
    "3B8180018080": Chip.ISO_DEP,
    "3B8F80010031B86404B0ECC1739401808290000E": Chip.ISO_DEP,
}


@pytest.mark.parametrize("atr", ATRS)
def test_the_atr_tells_the_kind_of_chip(atr: str) -> None:
    assert chip_of_atr(bytes.fromhex(atr)) is ATRS[atr]


def test_a_service_that_does_not_run_is_named(service: Pcscd) -> None:
    service.stop()
    with pytest.raises(ReaderGoneError, match="is pcscd running"):
        PcscFrontend("")


def test_a_service_without_any_reader_says_so(service: Pcscd) -> None:
    service.start(None)
    with pytest.raises(ReaderGoneError, match="knows no reader"):
        PcscFrontend("")
    service.stop()


def test_a_reader_is_chosen_by_a_part_of_its_name(service: Pcscd) -> None:
    service.start(free_port())
    PcscFrontend("Virtual").close()
    with pytest.raises(ReaderGoneError, match="knows no reader called 'ACR122U'"):
        PcscFrontend("ACR122U")
    service.stop()
