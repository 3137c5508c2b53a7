"""The front panel says what the board's pins say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.devices.simulated.board_pins import GREEN as GREEN_LED
from linli.devices.simulated.board_pins import RED as RED_LED
from linli.devices.simulated.board_pins import BoardMemory, Word
from linli.kiosk.theme.tokens import CARD, FIRST, GREEN, GREEN_SOFT, RED
from linli.town import front_panel as front

DOOR_2 = 1 << 1


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[BoardMemory]:
    memory = BoardMemory(tmp_path / "board.flash")
    yield memory
    memory.close()


@pytest.mark.parametrize(
    ("word", "said", "fill"),
    [
        (Word.CONTACTS, "2 号门 开", GREEN_SOFT),
        (Word.LEDS, "2 号门 关", FIRST),
        (Word.COILS, "2 号门 开锁", RED),
    ],
)
def test_each_door_has_a_field(memory: BoardMemory, word: Word, said: str, fill: str) -> None:
    memory[word] = DOOR_2
    first, second, *others = front.door_tiles(memory, 6)
    assert (second.words, second.fill) == (said, fill)
    assert {first.fill, *(tile.fill for tile in others)} == {CARD}
    assert [first.words, others[-1].words] == ["1 号门 关", "6 号门 关"]


@pytest.mark.parametrize(("leds", "fill"), [(0, CARD), (GREEN_LED, GREEN), (RED_LED, RED)])
def test_the_light_is_green_red_or_off(memory: BoardMemory, leds: int, fill: str) -> None:
    memory[Word.LEDS] = leds
    assert front.light_tile(memory).fill == fill


def test_buzzer_and_power_are_seen(memory: BoardMemory) -> None:
    memory[Word.BUZZER], memory[Word.HOST_POWER] = 1, 1
    assert front.buzzer_tile(memory).fill == FIRST
    assert front.power_tile(memory).words == "主机有电"
    memory[Word.HOST_POWER] = 0
    assert (front.power_tile(memory).words, front.power_tile(memory).fill) == ("主机断电", RED)


def test_a_touch_lets_somebody_come_and_takes_the_lid_off(memory: BoardMemory) -> None:
    said = []
    for _ in range(2):
        front.somebody_comes_or_goes(memory)
        front.lid_comes_off_or_on(memory)
        said += [front.presence_tile(memory).words, front.tamper_tile(memory).words]
    assert said == ["有人", "柜体被拆", "无人", "柜体完好"]


def test_frost_is_told_as_such(memory: BoardMemory) -> None:
    memory[Word.TEMPERATURE] = -51
    assert front.air_tile(memory).words == "-5.1℃"
