"""Hears what the ledger wants of this terminal's settings, tries it, and says what became of it.

A thread of its own: paho's only hands over, and what is written to the disk waits for nobody.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import structlog

from linli.kiosk.remote.document import read_wish
from linli.kiosk.remote.keeping import Begun, run_by
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import encode
from linli.sync.shadow import (
    NOTHING,
    Answer,
    Evidence,
    Shadow,
    failed,
    in_force,
    offered,
    proven,
    verdict,
)
from linli.sync.shadow_messages import Reported, ShadowFault, ShadowState

log = structlog.get_logger()
LOOK_S = 1.0
QUEUED = 100


@dataclass(frozen=True)
class Around:
    """What the keeper asks of the program: whether the window `drew`, the `database` answers, the
    screen of the settings is there (`display`), the ledger answers at its address (`reached`), and
    nobody stands before the terminal (`alone`); `restart` starts the program anew."""

    drew: Callable[[], bool]
    database: Callable[[], bool]
    display: Callable[[], bool]
    reached: Callable[[], bool]
    alone: Callable[[], bool]
    restart: Callable[[], None]


class ShadowKeeper:
    """Make it before the link is started. `begun` is how this start of the program began. The
    program is asked to start anew once, and while nobody stands there."""

    def __init__(self, begun: Begun, link: Link, clock: Clock, around: Around) -> None:
        self._begun, self._link, self._clock, self._around = begun, link, clock, around
        self._name = begun.local.name
        self._shadow = begun.shadow
        self._trying = begun.trying
        self._began_at = clock.monotonic()
        self._linked = False
        self._restart_due = False
        self._inbox: queue.Queue[bytes | bool | None] = queue.Queue(QUEUED)
        self._thread = Thread(target=self._run, name="shadow", daemon=True)
        link.subscribe(topics.desired(self._name), lambda _, payload: self._put(payload))
        link.on_state(self._put)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Also before `start`."""
        if self._thread.ident is not None:
            self._inbox.put(None)
            self._thread.join()

    def _put(self, said: bytes | bool) -> None:
        """What finds no room is heard again with the next connect: it stands retained."""
        try:
            self._inbox.put_nowait(said)
        except queue.Full:
            log.warning("settings from afar come too fast", terminal=self._name)

    # --- in its thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                said = self._inbox.get(timeout=LOOK_S)
            except queue.Empty:
                self._look()
                continue
            if said is None:
                return
            if isinstance(said, bytes):
                self._wanted(said)
            elif said:
                self._linked = True
                self._report(self._shadow.answer)
            self._look()

    def _wanted(self, payload: bytes) -> None:
        if not payload:
            return  # the ledger took its retained message away
        wish, fault, detail = read_wish(payload, self._begun.local)
        after = offered(self._shadow, wish, fault, detail)
        if after == self._shadow:
            return
        try:
            self._begun.file.write(after)
        except OSError as error:
            log.warning("settings from afar not kept", error=str(error))
            refused = Answer(wish, ShadowState.REFUSED, ShadowFault.NOT_SAVED, str(error.strerror))
            self._report(refused)
            return
        self._become(after)

    def _become(self, after: Shadow) -> None:
        """It is kept. Other settings than those this start runs by need another start."""
        self._shadow, self._trying = after, self._trying and after.trial == self._shadow.trial
        trial_waits = after.trial is not None and not self._trying
        other = run_by(self._begun.local, in_force(after)) != self._begun.settings
        self._restart_due = trial_waits or other
        self._report(after.answer)

    def _look(self) -> None:
        if self._trying:
            self._judge()
        if self._restart_due and self._around.alone():
            self._restart_due = False
            log.info("starting anew by other settings", terminal=self._name)
            self._around.restart()

    def _judge(self) -> None:
        elapsed_s = self._clock.monotonic() - self._began_at
        moved = self._connection_moved()
        if verdict(Evidence(), elapsed_s, moved) is None:
            return
        found = verdict(self._evidence(moved), elapsed_s, moved)
        if isinstance(found, ShadowFault):
            log.warning("settings from afar did not stand", fault=found.value)
            after = failed(self._shadow, found)
        else:
            after = proven(self._shadow)
        try:
            self._begun.file.write(after)
        except OSError as error:
            # Asked again in a second; a start before that counts against the trial.
            log.warning("the end of a trial is not kept", error=str(error))
            return
        self._become(after)

    def _evidence(self, moved: bool) -> Evidence:
        linked = self._linked and (not moved or self._around.reached())
        return Evidence(
            drawn=self._around.drew(),
            database=self._around.database(),
            display=self._around.display(),
            linked=linked,
        )

    def _connection_moved(self) -> bool:
        before = run_by(self._begun.local, self._shadow.good.doc).connection
        return self._begun.settings.connection != before

    def _report(self, answer: Answer | None) -> None:
        """Retained. Without a link it is said with the next connect."""
        if answer is None or answer.wish == NOTHING:
            return
        said = Reported(
            terminal=self._name,
            version=answer.wish.version,
            state=answer.state,
            at=self._clock.now(),
            error=answer.error,
            detail=answer.detail[:200],
        )
        self._link.publish(topics.reported(self._name), encode(said), retain=True)
