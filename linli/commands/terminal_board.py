"""`linli terminal board`: what a terminal board is and feels, and its settings."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from linli.commands.failure import Failure
from linli.firmware_bridge.board import Board, Refusal
from linli.firmware_bridge.errors import BoardError, RefusedError

REFUSALS = {
    Refusal.WRONG_REQUEST: (
        "the board does not take these settings: a coil is on for 10 to 2000 ms, a door has at "
        "least as long and up to 10 s to open, and there are only as many doors as it has"
    ),
    Refusal.COIL_BUSY: "a door is being opened: try again in a moment",
    Refusal.STORAGE: "the board could not keep the settings; those of before still hold",
}


class Contact(StrEnum):
    """What the switch of a door does when the door opens."""

    OPENS = "opens"
    CLOSES = "closes"


def board(
    port: Annotated[Path, typer.Argument(help="Its serial port, /dev/serial/by-id/….")],
    pulse_ms: Annotated[int | None, typer.Option(help="How long a coil is on at most.")] = None,
    within_ms: Annotated[
        int | None, typer.Option(help="After so long a door that has not opened is jammed.")
    ] = None,
    left_open_s: Annotated[
        int | None, typer.Option(help="After so long an open door was left open.")
    ] = None,
    doors: Annotated[int | None, typer.Option(help="How many doors are in use.")] = None,
    contact: Annotated[
        Contact | None, typer.Option(help="What a door's switch does when the door opens.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show what the terminal board is, what it feels and its settings; change those that are given.

    The kiosk must not hold the port meanwhile."""
    changes = {
        "pulse_ms": pulse_ms,
        "within_ms": within_ms,
        "left_open_ms": None if left_open_s is None else 1000 * left_open_s,
        "doors": doors,
        "contact_opens": None if contact is None else contact is Contact.OPENS,
    }
    driver = Board.at(port)
    try:
        told = _told(driver, {name: to for name, to in changes.items() if to is not None})
    except RefusedError as error:
        raise Failure(_reason(error)) from error
    except BoardError as error:
        raise Failure(str(error)) from error
    finally:
        driver.close()
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _lines(told))


def _told(driver: Board, changes: dict[str, Any]) -> dict[str, Any]:
    info = driver.require()
    settings = driver.settings()
    if changes:
        settings = driver.configure(msgspec.structs.replace(settings, **changes))
    sensors = driver.sensors()
    return {
        "firmware": info.firmware,
        "hardware": info.hardware,
        "starts": info.boot,
        "parts": sorted(info.parts),
        "doors": [state.name.lower() for state in driver.doors()],
        "sensors": {name: value for name, value in _items(sensors) if value is not None},
        "settings": dict(_items(settings)),
    }


def _items(struct: msgspec.Struct) -> list[tuple[str, Any]]:
    return [(name, getattr(struct, name)) for name in struct.__struct_fields__]


def _reason(error: RefusedError) -> str:
    return next((text for code, text in REFUSALS.items() if code == error.code), str(error))


def _lines(told: dict[str, Any]) -> str:
    doors = (f"{number} {state}" for number, state in enumerate(told["doors"], 1))
    rows = {
        "board": f"{told['hardware']}, firmware {told['firmware']}, start {told['starts']}",
        "fitted": ", ".join(told["parts"]),
        "doors": ", ".join(doors),
        "sensors": _pairs(told["sensors"]),
        "settings": _pairs(told["settings"]),
    }
    return "\n".join(f"{name:<10}{text}" for name, text in rows.items())


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {json.dumps(value)}" for name, value in values.items())
