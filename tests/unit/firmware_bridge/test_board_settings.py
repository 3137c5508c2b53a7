"""The board's settings, against its real firmware in virtual time."""

from __future__ import annotations

import pytest
from doubles.board_bench import NONCE, Bench, refusal

from linli.devices.simulated.board_pins import Cut
from linli.firmware_bridge.board import DoorState, Refusal, Settings
from linli.firmware_bridge.board_log import EventKind
from linli.firmware_bridge.errors import NoAnswerError, RefusedError

UNSAFE = [
    Settings(pulse_ms=2001, within_ms=3000),
    Settings(pulse_ms=0),
    Settings(pulse_ms=500, within_ms=499),
    Settings(left_open_ms=0),
    Settings(doors=7),
]


@pytest.mark.parametrize("settings", UNSAFE)
def test_unsafe_settings_are_refused_and_change_nothing(bench: Bench, settings: Settings) -> None:
    before = bench.board.settings()
    with pytest.raises(RefusedError, match=refusal(Refusal.WRONG_REQUEST)):
        bench.board.configure(settings)
    assert bench.board.settings() == before


def test_settings_survive_a_reset(bench: Bench) -> None:
    wanted = Settings(pulse_ms=300, within_ms=900, left_open_ms=5000, doors=4, contact_opens=False)
    assert bench.board.configure(wanted) == wanted
    bench.chip.power_up()
    assert bench.board.settings() == wanted
    assert len(bench.board.doors()) == 4


def test_a_door_whose_switch_closes_when_it_opens_is_told_as_open(bench: Bench) -> None:
    bench.board.configure(Settings(contact_opens=False))
    bench.line.pause(0.1)
    assert set(bench.board.doors()) == {DoorState.OPEN}
    assert [kind for kind, _ in bench.kinds()] == [EventKind.BOOT]


def test_settings_are_not_changed_under_an_open_coil(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.open(3, NONCE)
    with pytest.raises(RefusedError, match=refusal(Refusal.COIL_BUSY)):
        bench.board.configure(Settings(doors=2))


@pytest.mark.parametrize("where", Cut)
@pytest.mark.parametrize("write", [1, 2])
def test_power_cut_while_settings_are_kept_leaves_the_old_or_the_new(
    bench: Bench, write: int, where: Cut
) -> None:
    old, new = bench.board.settings(), Settings(pulse_ms=111, doors=6)
    bench.chip.memory.cut(write, where)
    with pytest.raises(NoAnswerError):
        bench.board.configure(new)
    bench.chip.power_up()
    kept = bench.board.settings()
    assert kept == (new if (write, where) == (2, Cut.AFTER) else old)
    assert bench.board.configure(new) == new
