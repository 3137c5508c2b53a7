"""What the terminal board's front shows: doors with their lights, the light, the buzzer, the power
it gives, and what its sensors feel; all read from the board's own pins."""

from __future__ import annotations

from dataclasses import dataclass

from linli.devices.simulated.board_pins import GREEN as GREEN_LED
from linli.devices.simulated.board_pins import RED as RED_LED
from linli.devices.simulated.board_pins import BoardMemory, Surroundings, Word
from linli.kiosk.theme.tokens import CARD, FIRST, GREEN, GREEN_SOFT, INK, RED, SOFT


@dataclass(frozen=True)
class Tile:
    """One field of the panel, in which colours."""

    words: str
    fill: str = CARD
    colour: str = INK


def door_tiles(memory: BoardMemory, doors: int) -> tuple[Tile, ...]:
    coils, leds, contacts = memory[Word.COILS], memory[Word.LEDS], memory[Word.CONTACTS]
    return tuple(
        _door(
            n + 1,
            is_open=bool(contacts >> n & 1),
            coil=bool(coils >> n & 1),
            lit=bool(leds >> n & 1),
        )
        for n in range(doors)
    )


def _door(number: int, *, is_open: bool, coil: bool, lit: bool) -> Tile:
    if coil:
        return Tile(f"{number} 号门 开锁", RED, CARD)
    words = f"{number} 号门 {'开' if is_open else '关'}"
    return Tile(words, FIRST if lit else GREEN_SOFT if is_open else CARD)


def light_tile(memory: BoardMemory) -> Tile:
    leds = memory[Word.LEDS]
    if leds & GREEN_LED:
        return Tile("绿灯亮", GREEN, CARD)
    if leds & RED_LED:
        return Tile("红灯亮", RED, CARD)
    return Tile("灯灭", colour=SOFT)


def buzzer_tile(memory: BoardMemory) -> Tile:
    return Tile("蜂鸣", FIRST) if memory[Word.BUZZER] else Tile("蜂鸣", colour=SOFT)


def power_tile(memory: BoardMemory) -> Tile:
    return Tile("主机有电", colour=SOFT) if memory[Word.HOST_POWER] else Tile("主机断电", RED, CARD)


def presence_tile(memory: BoardMemory) -> Tile:
    return Tile("有人", FIRST) if Surroundings(memory).presence else Tile("无人", colour=SOFT)


def tamper_tile(memory: BoardMemory) -> Tile:
    return (
        Tile("柜体被拆", RED, CARD)
        if Surroundings(memory).tamper
        else Tile("柜体完好", colour=SOFT)
    )


def air_tile(memory: BoardMemory) -> Tile:
    feels = Surroundings(memory)
    return Tile(f"{feels.temperature / 10:.1f}℃", colour=SOFT)


def somebody_comes_or_goes(memory: BoardMemory) -> None:
    feels = Surroundings(memory)
    feels.presence = not feels.presence


def lid_comes_off_or_on(memory: BoardMemory) -> None:
    feels = Surroundings(memory)
    feels.tamper = not feels.tamper
