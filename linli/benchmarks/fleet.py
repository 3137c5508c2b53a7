"""`linli bench fleet`: two thousand terminals looked after from one console, a thousand online.

Everything between the click and the terminal is real: the console's own forms, the ledger's
process, Mosquitto, MQTT. The terminals that answer for settings are simulated (`crowd.py`); those
that refuse a card are real ones without a window.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path

from linli.benchmarks.agent_memory import agent_mb
from linli.benchmarks.figure import Figure, at_most, percentile
from linli.benchmarks.fleet_town import COMMUNITIES, ONLINE, REGISTERED, Fleet, FleetError
from linli.benchmarks.newcomer import enrolled_by_script
from linli.benchmarks.refusing import RefusingTerminal
from linli.town.waiting import eventually
from linli.town.web_visitor import WebVisitor

ROUNDS = 3
SETTINGS_S, BLOCK_S, PAGE_MS, AGENT_MB, ENROL_S = 30, 2, 300, 40, 180
BLOCKS, LOOKS = 110, 40
GIVEN_UP_S = 120.0
PAGES = (
    "/console/terminals",
    "/console/terminals?q=t7",
    "/console/terminals?page=2",
)


def run() -> list[Figure]:
    """Raises FleetError where something did not answer at all."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        with Fleet(directory / "town") as fleet:
            print(f"{ONLINE} terminals are online", file=sys.stderr)
            return [
                _settings(fleet),
                _blocks(fleet),
                _pages(fleet),
                _enrol(fleet),
                _agent(fleet),
            ]


# --- a setting -----------------------------------------------------------------------------------


def _settings(fleet: Fleet) -> Figure:
    """From the first click until the ledger has every terminal's word; the slowest round."""
    maintainer = fleet.staff("maintainer")
    rounds = [_one_round(fleet, maintainer, number) for number in range(1, ROUNDS + 1)]
    print(f"rounds of settings: {rounds} s", file=sys.stderr)
    name = f"a setting reaches {ONLINE:,} online terminals, and each has reported back"
    return at_most(f"{name} (slowest of {ROUNDS})", max(rounds), "s", SETTINGS_S)


def _one_round(fleet: Fleet, maintainer: WebVisitor, number: int) -> float:
    forms = []
    for community in fleet.communities:
        scope = community.id
        forms.append((scope, f"/console/terminals/one?scope={scope}&name={scope}-t1"))
    began = time.perf_counter()
    for scope, page in forms:
        maintainer.open(page)
        maintainer.press(
            "/console/terminals/one/settings",
            name=f"{scope}-t1",
            whom="all",
            volume=str(20 + number),
            why="居民反映太吵",
        )
    heard = eventually(lambda: _reported(fleet, number) >= ONLINE, GIVEN_UP_S)
    took = time.perf_counter() - began
    fleet.still_there()
    if not heard:
        raise FleetError(f"only {_reported(fleet, number)} of {ONLINE} terminals reported back")
    return took


def _reported(fleet: Fleet, version: int) -> int:
    """How many said of this version that they try it, as the ledger has it."""
    with contextlib.closing(sqlite3.connect(f"file:{fleet.database}?mode=ro", uri=True)) as found:
        query = "SELECT count(*) FROM terminal_report WHERE version = ? AND state = 'trying'"
        return int(found.execute(query, (version,)).fetchone()[0])


# --- a blocked card ------------------------------------------------------------------------------


def _blocks(fleet: Fleet) -> Figure:
    """From the clerk's click until the card's tap is refused on the screen of a real terminal."""
    clerk = fleet.staff("clerk")
    terminal = RefusingTerminal(fleet)
    costs = []
    with contextlib.closing(terminal):
        for person in fleet.first.people[:BLOCKS]:
            clerk.open(f"/console/cards/stop?id={person.card.id}")
            clicked: queue.Queue[Exception | None] = queue.Queue()
            click = threading.Thread(target=_click, args=(clerk, clicked))
            began = time.monotonic()
            click.start()
            costs.append(terminal.refused_at(bytes.fromhex(person.card.uid)) - began)
            click.join()
            if (error := clicked.get()) is not None:
                raise FleetError(f"the console did not take the stop: {error}")
    fleet.still_there()
    print(
        f"a block: p50 {percentile(costs, 50):.3f} s, slowest {max(costs):.3f} s", file=sys.stderr
    )
    name = f"a blocked card is refused at an online terminal, p99 of {len(costs)}"
    return at_most(name, percentile(costs, 99), "s", BLOCK_S)


def _click(clerk: WebVisitor, clicked: queue.Queue[Exception | None]) -> None:
    try:
        clerk.press("/console/cards/stop")
    except (OSError, LookupError) as error:
        clicked.put(error)
    else:
        clicked.put(None)


# --- pages, newcomers, memory --------------------------------------------------------------------


def _pages(fleet: Fleet) -> Figure:
    """While the thousand are online and say each minute how they are."""
    maintainer = fleet.staff("maintainer")
    costs = []
    for number in range(LOOKS):
        for page in PAGES:
            began = time.perf_counter()
            text = maintainer.open(page)
            if number:
                costs.append((time.perf_counter() - began) * 1000)
            if "-t" not in text:
                raise FleetError(f"{page} shows no terminal")
    name = f"the fleet's page with {REGISTERED:,} terminals in {COMMUNITIES} communities, p95"
    return at_most(name, percentile(costs, 95), "ms", PAGE_MS)


def _enrol(fleet: Fleet) -> Figure:
    """A person reads and types beside."""
    steps, took = enrolled_by_script(fleet)
    name = f"a newcomer is enrolled, by a script: {steps} steps of a maintainer"
    return at_most(name, took, "s", ENROL_S)


def _agent(fleet: Fleet) -> Figure:
    name = "what link, feed, settings, jobs, health and updates add to a terminal's memory"
    return at_most(name, agent_mb(fleet), "MB", AGENT_MB)
