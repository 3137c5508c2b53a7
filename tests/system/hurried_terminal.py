"""The program of a terminal without its window, under the terminal's own supervisor. It is started
as `hurried_terminal.py SETTINGS CLOCK TRACE SOCKET`.

All of it is what `linli kiosk --supervised --windowless` runs. Only its clock is another: where the
town's clock is set ahead, so much time has passed, and a probation need not be sat out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.supervisor.restarts import ASKED_CODE
from linli.town.clock import TownClock

PROGRAM, BEGAN = "--program", "began"


class HurriedClock(TownClock):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._ahead = self.now().timestamp() - time.monotonic()

    def monotonic(self) -> float:
        return self.now().timestamp() - self._ahead


def supervise(arguments: list[str]) -> None:
    from linli.kiosk.supervisor.run import Supervisor

    data = read_settings(Path(arguments[0]), TerminalSettings).data
    command = [sys.executable, __file__, *arguments, PROGRAM]
    Supervisor("kiosk", command, data / "restarts.jsonl").run()


def run(settings: Path, clock_file: Path, trace: Path, control: Path) -> None:
    # Two programs in one file: neither loads what is the other's.
    from linli.commands.logs import write_logs
    from linli.commands.windows import run_window, traced
    from linli.kiosk.log_lines import LogLines
    from linli.kiosk.remote.keeping import begin
    from linli.town.windowless import WindowlessProgram

    lines = LogLines()
    write_logs(lines)
    clock = HurriedClock(clock_file)
    begun = begin(read_settings(settings, TerminalSettings))
    with traced(trace) as marks:
        program = WindowlessProgram(begun, clock, marks, lines)
        marks.mark("", BEGAN, clock.monotonic(), port=begun.settings.connection.broker_port)
        run_window(program.run, program.stop, control, {"home": lambda _: program.go_home()})
    if program.restart_asked:
        sys.exit(ASKED_CODE)


if __name__ == "__main__":
    if sys.argv[-1] == PROGRAM:
        run(*map(Path, sys.argv[1:5]))
    else:
        supervise(sys.argv[1:])
