"""What the part of a terminal that is looked after from afar takes of its memory.

One program, without a window (`agent_at_work.py`): first all of a terminal that serves people, with
its databases open; then the whole of what is behind the window (`kiosk/behind.py`), online, and the
client of updates. What the second has above the first is the agent's, and a little more: a second
attendant, the threads of what is plugged in.
"""

from __future__ import annotations

import subprocess
import sys

import msgspec

from linli.benchmarks.fleet_town import Fleet, FleetError
from linli.benchmarks.programs import own_memory
from linli.benchmarks.refusing import keep_key, settings_of


def agent_mb(fleet: Fleet) -> float:
    """MB (10^6 bytes), of pages that nobody shares (USS). Raises FleetError."""
    settings = settings_of(fleet, fleet.first.terminal)
    keep_key(fleet, settings.data)
    file, log = fleet.directory / "agent.json", fleet.directory / "agent.log"
    file.write_bytes(msgspec.json.encode(settings, enc_hook=str))
    with log.open("wb") as out:
        program = subprocess.Popen(
            [sys.executable, "-m", "linli.benchmarks.agent_at_work", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
        )
    with program:
        try:
            without, beside = _at(program, "without"), _at(program, "with")
        except FleetError as error:
            raise FleetError(f"{error}: {log.read_text()[-2000:]}") from error
        finally:
            program.terminate()
    print(f"without a window: {without:.1f} MB, looked after {beside:.1f} MB", file=sys.stderr)
    return beside - without


def _at(program: subprocess.Popen[str], word: str) -> float:
    """Its memory when it says this. Raises FleetError where it ends instead."""
    assert program.stdout is not None
    assert program.stdin is not None
    if not any(line.strip() == word for line in iter(program.stdout.readline, "")):
        raise FleetError("the agent was not measured")
    found = own_memory(program.pid)
    program.stdin.write("\n")
    program.stdin.flush()
    return found
