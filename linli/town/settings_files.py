"""The settings of the town's terminals and board, as their files have them."""

from __future__ import annotations

from pathlib import Path

from linli.town import world as towns


def of_terminal(
    name: str, data: Path, tables: str, reader: Path | None = None, pages: str = ""
) -> str:
    """Of one in the town's centre; `pages` and `tables` are what is written below."""
    lines = [
        f'name = "{name}"',
        f'scope = "{towns.SCOPE}"',
        f'centre = "{towns.CENTRE}"',
        f'centre_name = "{towns.CENTRE_NAME}"',
        f'place = "{towns.PLACE}"',
        f'data = "{data}"',
        *([f'readers = ["{reader}"]'] if reader else []),
    ]
    return "\n".join(lines) + f"\n{pages}{tables}"


def of_board(data: Path, tables: str) -> str:
    return (
        f'name = "{towns.BOARD}"\nscope = "{towns.SCOPE}"\nplace = "{towns.PLACE}"\n'
        f'data = "{data}"\n{tables}'
    )


def connection(broker: int, http: int) -> str:
    """The way to both, by their ports on this machine."""
    return (
        f'[connection]\nbroker_host = "127.0.0.1"\nbroker_port = {broker}\n'
        f'ledger_url = "http://127.0.0.1:{http}"\n'
    )


def pages(http: int, record_key: str) -> str:
    """Where people are sent with their phones, and whose record the terminal checks proofs by."""
    return f'public_url = "http://127.0.0.1:{http}"\nrecord_key = "{record_key}"\n'


def plugged_in(locker: Path, printer: Path) -> str:
    return f'[locker]\nkind = "board"\npath = "{locker}"\n[printer]\npath = "{printer}"\n'


def releases(address: str, root: Path, probation_s: float) -> str:
    return f'[releases]\naddress = "{address}"\nroot = "{root}"\nprobation_s = {probation_s}\n'
