"""`linli kiosk`: one terminal, in a process of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from linli.commands.failure import Failure
from linli.commands.logs import write_logs
from linli.commands.windows import (
    options,
    run_window,
    settings_from,
    supervise,
    supervise_newcomer,
    traced,
)
from linli.kiosk.curtain.hanging import Curtain
from linli.kiosk.flows.actions import read_action
from linli.kiosk.log_lines import LogLines, unit_directory
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.supervisor.restarts import ASKED_CODE
from linli.town.control import Handler


def main(arguments: Sequence[str], curtain: Curtain) -> None:
    """Run a terminal: its window, readers, store and link."""
    parser = options("kiosk", main.__doc__)
    parser.add_argument(
        "--strip", type=Path, metavar="SOCKET", help="show the cards in hand of this town"
    )
    parser.add_argument(
        "--enrol", metavar="URL", help="where there are no settings yet: show a code to come in by"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("/var/lib/linli"), help="of a terminal that comes in"
    )
    parser.add_argument("--place", default="", help="where it stands, for whoever lets it in")
    parser.add_argument(
        "--websockets", action="store_true", help="behind a firewall that lets HTTPS alone out"
    )
    parser.add_argument(
        "--releases", default="", metavar="URL", help="where new versions of one come from"
    )
    parser.add_argument("--windowless", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.enrol is not None and not given.settings.exists():
        _come_in(given, arguments)
        return
    settings = settings_from(given.settings, TerminalSettings)
    if given.supervised:
        supervise("kiosk", arguments, settings)
        return
    if given.windowless:
        _run_windowless(settings, given)
        return
    from linli.kiosk.app import KioskProgram
    from linli.kiosk.remote.keeping import begin

    lines = LogLines(unit_directory())
    write_logs(lines)
    begun = begin(settings)
    footer = None
    if given.strip is not None:
        from linli.town.strip import Strip

        footer = Strip(given.strip)
    with traced(given.trace) as marks:
        program = KioskProgram(begun.settings, given.clock, marks, footer, begun, lines, curtain)
        handlers: dict[str, Handler] = {
            "choose": program.choose,
            "act": lambda text: program.act(read_action(text)),
            "home": lambda _: program.go_home(),
            "screenshot": lambda path: program.window.screenshot(Path(path)),
        }
        run_window(program.run, program.window.stop, given.control, handlers)
    if program.restart_asked:
        sys.exit(ASKED_CODE)


def _run_windowless(settings: TerminalSettings, given: argparse.Namespace) -> None:
    """One of the simulated town's others."""
    from linli.kiosk.remote.keeping import begin
    from linli.town.windowless import WindowlessProgram

    lines = LogLines(unit_directory())
    write_logs(lines)
    with traced(given.trace) as marks:
        program = WindowlessProgram(begin(settings), given.clock, marks, lines)
        run_window(program.run, program.stop, given.control, {})
    if program.restart_asked:
        sys.exit(ASKED_CODE)


def _come_in(given: argparse.Namespace, arguments: Sequence[str]) -> None:
    """Ends like a program that is to be started again once the settings are there."""
    if given.supervised:
        supervise_newcomer("kiosk", arguments, given.data)
        return
    from linli.kiosk.enrolling.newcomer import NewcomerError, newcomer_at

    try:
        newcomer = newcomer_at(
            given.enrol,
            given.settings,
            given.data,
            board=False,
            place=given.place,
            websockets=given.websockets,
            releases=given.releases,
        )
    except NewcomerError as error:
        raise Failure(str(error)) from error
    from linli.kiosk.enrolling.program import EnrolProgram

    program = EnrolProgram(newcomer, given.clock, "zh_CN")
    handlers: dict[str, Handler] = {
        "screenshot": lambda path: program.window.screenshot(Path(path))
    }
    run_window(program.run, program.window.stop, given.control, handlers)
    if program.done:
        sys.exit(ASKED_CODE)
