"""Where `linli` begins. Exit codes: 0 done, 1 failed, 2 called wrongly.

The windows run on the small computer in the centre: they start without Typer, which would keep 8 MB
of memory for what is used once.
"""

from __future__ import annotations

import faulthandler
import sys

from linli.commands.curtain import curtain_for
from linli.commands.failure import Failure
from linli.commands.sparing import do_without
from linli.kiosk.curtain.hanging import Curtain

WINDOWS = ("kiosk", "board")


def main() -> None:
    try:
        _run(sys.argv[1:])
    except Failure as failure:
        print(f"linli: {failure}", file=sys.stderr)
        sys.exit(1)


def _run(arguments: list[str]) -> None:
    curtain = Curtain()
    if arguments[:1] in ([name] for name in WINDOWS):
        curtain = curtain_for(arguments[1:])
        do_without()
        # A crash below Python, and an end as frozen (SIGABRT), leave their place in the log.
        faulthandler.enable()
    # After `do_without`: structlog takes what it finds.
    from linli.commands.logs import write_logs

    write_logs()
    match arguments[:1]:
        case ["kiosk"]:
            from linli.commands import kiosk

            kiosk.main(arguments[1:], curtain)
        case ["board"]:
            from linli.commands import board

            board.main(arguments[1:], curtain)
        case _:
            from linli.commands.root import app

            app(prog_name="linli")
