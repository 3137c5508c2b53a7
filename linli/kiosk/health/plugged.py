"""Asks what is plugged in how it is. Each answer takes the device a moment: on a thread of its
own, once a minute."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from linli.devices.displays.finding import connectors
from linli.devices.lockers.base import Locker, LockerError
from linli.devices.printers.base import Printer, Status
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError
from linli.sync.health_messages import PartHealth, PartState

NO_ANSWER, UNPLUGGED = "no-answer", "unplugged"
NAME = 64


@dataclass(frozen=True)
class Plugged:
    """None for what is not set up. `output` is the connector of a screen."""

    printer: Printer | None = None
    locker: Locker | None = None
    board: Board | None = None
    output: str | None = None
    root: Path = Path("/")


NOTHING = Plugged()


@dataclass(frozen=True)
class Answers:
    """`open` are the doors that stand open at this moment."""

    parts: list[PartHealth] = field(default_factory=list)
    open: frozenset[int] = frozenset()
    firmware: str = ""


def ask(plugged: Plugged) -> Answers:
    parts = [*_printer(plugged.printer), *_display(plugged.output, plugged.root)]
    firmware, open_ = "", frozenset[int]()
    if plugged.board is not None:
        firmware = _firmware(plugged.board)
        parts.append(_part("board", "", works=bool(firmware)))
    if plugged.locker is not None:
        states = _doors(plugged.locker)
        parts.append(_part("locker", plugged.locker.name, works=states is not None))
        open_ = frozenset(door for door, is_open in (states or {}).items() if is_open)
    return Answers(parts, open_, firmware)


def answering(what: str, up: Mapping[str, bool]) -> list[PartHealth]:
    """Of parts that say by themselves whether they work, by name."""
    return [_part(what, name, works=works) for name, works in up.items()]


def left_open(now: Collection[int], before: Collection[int]) -> list[int]:
    """Doors that stand open a minute later too: whoever takes something out is quicker."""
    return sorted(set(now) & set(before))


def _part(what: str, name: str, *, works: bool) -> PartHealth:
    state = PartState.WORKING if works else PartState.OFF
    return PartHealth(what=what, state=state, name=name[:NAME], problem="" if works else NO_ANSWER)


def _printer(printer: Printer | None) -> Iterator[PartHealth]:
    if printer is None:
        return
    status, name = printer.status(), printer.name[:NAME]
    if status is Status.READY:
        yield PartHealth(what="printer", state=PartState.WORKING, name=name)
    elif status is Status.OFFLINE:
        yield _part("printer", name, works=False)
    else:
        state = PartState.WARNING if status.prints else PartState.OFF
        problem = status.value.replace(" ", "-")
        yield PartHealth(what="printer", state=state, name=name, problem=problem)


def _display(output: str | None, root: Path) -> Iterator[PartHealth]:
    if output is None:
        return
    there = any(one.name == output and one.connected for one in connectors(root))
    state, problem = (PartState.WORKING, "") if there else (PartState.OFF, UNPLUGGED)
    yield PartHealth(what="display", state=state, name=output[:NAME], problem=problem)


def _firmware(board: Board) -> str:
    """Its version; empty where it does not answer."""
    try:
        return board.info().firmware[:64]
    except BoardError:
        return ""


def _doors(locker: Locker) -> Mapping[int, bool] | None:
    try:
        return locker.states()
    except LockerError:
        return None
