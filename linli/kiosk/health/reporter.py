"""The thread that says how this terminal or board is: once a minute, and at once when a part that
speaks by itself fails or works again. Nobody waits for it; a device that takes its time to answer
makes it late and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from linli import __version__
from linli.kiosk.health.machine import Machine
from linli.kiosk.health.plugged import NOTHING, Answers, Plugged, answering, ask, left_open
from linli.kiosk.health.steady import Stands, looked
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.health_messages import EVERY_S, ErrorNote, Health, RestartNote
from linli.sync.link import Link
from linli.sync.messages import encode
from linli.sync.rounds import Rounds

log = structlog.get_logger()
LOOK_S = 5.0
"""How often is looked at what lies in memory."""
PARTS, DOORS = 24, 64
"""As many as a message holds."""
Post = Callable[[Callable[[], None]], None]


@dataclass(frozen=True)
class Program:
    """What is known of the running program. `readers` and `scanners` say by name whether they
    work, `backlog` how many events wait and for how many seconds the first has; `post` has
    something done in the window's loop, soon."""

    name: str
    boot_id: str
    readers: Callable[[], Mapping[str, bool]] = dict
    scanners: Callable[[], Mapping[str, bool]] = dict
    backlog: Callable[[], tuple[int, float]] = lambda: (0, 0.0)
    last_card_at: Callable[[], dt.datetime | None] = lambda: None
    maintained: Callable[[], bool] = lambda: False
    errors: Callable[[], list[ErrorNote]] = list
    restarts: list[RestartNote] = field(default_factory=list)
    trial: bool = False
    plugged: Plugged = NOTHING


class Reporter:
    """Make it before the link is started: it speaks at every connect."""

    def __init__(
        self,
        program: Program,
        machine: Machine,
        link: Link,
        clock: Clock,
        look_s: float = LOOK_S,
        every_s: float = EVERY_S,
    ) -> None:
        self._program, self._machine, self._link, self._clock = program, machine, link, clock
        self._look_s, self._every_s = look_s, every_s
        self._began_at = clock.now()
        self._asked_to_turn_at: float | None = None
        """The window's loop owes a turn since then; None where it owes none."""
        self._has_turned = False
        self._stands: Stands = {}
        self._answers, self._open_before = Answers(), frozenset[int]()
        self._said_at = self._asked_at = -every_s
        self._to_say = self._linked_anew = False
        self._rounds = Rounds("health", self._round)
        link.on_state(self._connected)

    def start(self, post: Post) -> None:
        self._post = post
        self._rounds.start()

    def close(self) -> None:
        """Also before `start`."""
        self._rounds.close()

    def _connected(self, online: bool) -> None:
        if online:
            self._linked_anew = True
            self._rounds.wake()

    def _round(self) -> float:
        connected, self._linked_anew = self._linked_anew, False
        now = self._clock.monotonic()
        self._ask_to_turn(now)
        changed = self._look(now)
        if due := now - self._asked_at >= self._every_s:
            self._asked_at = now
            self._ask()
        self._to_say = self._to_say or due or changed or connected
        if self._to_say and now - self._said_at >= self._look_s and self._say():
            self._said_at, self._to_say = now, False
        return self._look_s

    def _look(self, now: float) -> bool:
        """Whether a part counts as something else than before."""
        before = {part: stand.works for part, stand in self._stands.items()}
        seen = {f"r{name}": up for name, up in self._program.readers().items()}
        seen |= {f"s{name}": up for name, up in self._program.scanners().items()}
        self._stands = looked(self._stands, seen, now)
        return before != {part: stand.works for part, stand in self._stands.items()}

    def _ask(self) -> None:
        self._open_before = self._answers.open
        self._answers = ask(self._program.plugged)

    def _ask_to_turn(self, now: float) -> None:
        """One that stands still is not asked again and again."""
        if self._asked_to_turn_at is None:
            self._asked_to_turn_at = now
            self._post(self._turned)

    def _turned(self) -> None:
        self._has_turned, self._asked_to_turn_at = True, None

    def _frame_age(self) -> float | None:
        """None before the window's first turn."""
        asked_at = self._asked_to_turn_at
        if not self._has_turned:
            return None
        return 0.0 if asked_at is None else max(0.0, self._clock.monotonic() - asked_at)

    def _say(self) -> bool:
        """Whether it is on its way."""
        if not self._link.online:
            return False
        try:
            word = self._word()
        except (SQLAlchemyError, OSError) as error:
            log.warning("health not said", error=type(error).__name__)
            return False
        return self._link.publish(topics.health(self._program.name), encode(word), retain=True)

    def _word(self) -> Health:
        program = self._program
        waiting, oldest_s = program.backlog()
        parts = answering("reader", self._works("r")) + answering("scanner", self._works("s"))
        return Health(
            terminal=program.name,
            at=self._clock.now(),
            bootid=program.boot_id,
            began_at=self._began_at,
            version=__version__,
            firmware=self._answers.firmware,
            trial=__version__ if program.trial else "",
            maintained=program.maintained(),
            machine=self._machine.look(),
            parts=[*parts, *self._answers.parts][:PARTS],
            outbox=waiting,
            outbox_oldest_s=oldest_s,
            doors_open=left_open(self._answers.open, self._open_before)[:DOORS],
            last_card_at=program.last_card_at(),
            frame_age_s=self._frame_age(),
            restarts=program.restarts,
            errors=program.errors(),
        )

    def _works(self, kind: str) -> dict[str, bool]:
        return {part[1:]: one.works for part, one in self._stands.items() if part[0] == kind}
