"""`linli terminal update-firmware`: another firmware for the terminal board."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.firmware_bridge.board import SPEED
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import BoardError
from linli.firmware_bridge.image import ImageError, read_image
from linli.firmware_bridge.serial_line import SerialLine
from linli.firmware_bridge.update import Installed, RevertedError, Updater

Files = Annotated[
    list[Path], typer.Argument(help="Signed images of one firmware: …-a.img, …-b.img.")
]
Port = Annotated[Path, typer.Option("--board", help="The board: /dev/serial/by-id/…")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]
UPDATED, REVERTED, FAILED = "updated", "reverted", "failed"


def update_firmware(files: Files, board: Port, as_json: JsonOption = False) -> None:
    """Send a signed firmware to the terminal board, have it tried, and confirm it.

    Give the images for both slots: the one for the free slot is taken. The kiosk must not hold the
    board meanwhile. Whatever happens on the way, a power cut included, the board comes back with
    the firmware before or the new one, and the same command goes on where it was."""
    client = Client(SerialLine(board, SPEED))
    try:
        images = [read_image(file.read_bytes()) for file in files]
        installed = Updater(client, _progress(silent=as_json)).update(images)
    except OSError as error:
        raise _failure(as_json, FAILED, f"{error.filename}: {error.strerror}") from error
    except RevertedError as error:
        raise _failure(as_json, REVERTED, str(error), "新固件未通过，已恢复原固件") from error
    except (BoardError, ImageError) as error:
        raise _failure(as_json, FAILED, str(error), "固件未更新") from error
    finally:
        client.close()
    _tell(as_json, installed)


def _progress(*, silent: bool) -> Callable[[int, int], None]:
    def told(done: int, of: int) -> None:
        if not silent:
            end = "\n" if done == of else ""
            typer.echo(f"\r发送中 sending {100 * done // of:3d} %", nl=False, err=True)
            typer.echo(end, nl=False, err=True)

    return told


def _failure(as_json: bool, state: str, error: str, chinese: str = "") -> Failure:
    if as_json:
        typer.echo(json.dumps({"ok": False, "state": state, "error": error}, ensure_ascii=False))
    return Failure(f"{chinese}：{error}" if chinese else error)


def _tell(as_json: bool, installed: Installed) -> None:
    if as_json:
        told = {"ok": True, "state": UPDATED, "version": installed.version, "slot": installed.slot}
        typer.echo(json.dumps(told))
    else:
        typer.echo(f"固件 {installed.version} 已运行并确认 · runs and is confirmed")
