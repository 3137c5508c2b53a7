"""`linli kiosk`: one terminal, in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from linli.commands.windows import options, run_window, settings_from, supervise, traced
from linli.kiosk.flows.actions import read_action
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.supervisor.restarts import ASKED_CODE
from linli.town.control import Handler


def main(arguments: Sequence[str]) -> None:
    """Run a terminal: its window, readers, store and link."""
    parser = options("kiosk", main.__doc__)
    parser.add_argument(
        "--strip", type=Path, metavar="SOCKET", help="show the cards in hand of this town"
    )
    given = parser.parse_args(arguments)
    settings = settings_from(given.settings, TerminalSettings)
    if given.supervised:
        supervise("kiosk", arguments, settings)
        return
    from linli.kiosk.app import KioskProgram

    footer = None
    if given.strip is not None:
        from linli.town.strip import Strip

        footer = Strip(given.strip)
    with traced(given.trace) as marks:
        program = KioskProgram(settings, given.clock, marks, footer)
        handlers: dict[str, Handler] = {
            "choose": program.choose,
            "act": lambda text: program.act(read_action(text)),
            "home": lambda _: program.go_home(),
            "screenshot": lambda path: program.window.screenshot(Path(path)),
        }
        run_window(program.run, program.window.stop, given.control, handlers)
    if program.restart_asked:
        sys.exit(ASKED_CODE)
