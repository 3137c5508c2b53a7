"""A new terminal's first program: shows its code, and ends when it knows who it is."""

from __future__ import annotations

import threading

import structlog

from linli.kiosk.enrolling.newcomer import Newcomer, Step
from linli.kiosk.flows.enrol_views import Enrolling, EnrolStage
from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.views import Link, Reader, Screen, Status
from linli.kiosk.frugal import frugal
from linli.kiosk.maintenance.wiring import fingerprint
from linli.kiosk.theme.tokens import CALM, wear
from linli.kiosk.window import TerminalWindow
from linli.sync.clock import Clock

log = structlog.get_logger()
READ_S = 5.0
"""How long it stays in sight who this terminal is."""


class EnrolProgram:
    """`run` returns when the window was closed: `done` says whether it was enrolled."""

    def __init__(self, newcomer: Newcomer, clock: Clock, language: str) -> None:
        frugal()
        wear(CALM)
        self._newcomer = newcomer
        self._fingerprint = fingerprint(newcomer.client.key.public_key().public_bytes_raw())
        self._closing = threading.Event()
        self.done = False
        self.window = TerminalWindow(
            clock,
            language,
            on_choose=lambda _: None,
            on_act=lambda _: None,
            on_home=lambda: None,
            on_frame=lambda *_: None,
        )
        self._thread = threading.Thread(target=self._ask, name="enrol", daemon=True)

    def run(self) -> None:
        self._show(Enrolling(EnrolStage.ASKING, self._fingerprint), reached=False)
        self._thread.start()
        try:
            self.window.run()
        finally:
            self._closing.set()

    def _ask(self) -> None:
        while not self._closing.is_set():
            try:
                step = self._newcomer.step()
            except Exception:
                # Without this thread the screen would stand there for ever.
                log.exception("not enrolled")
                step = Step(EnrolStage.NOT_SAVED)
            if step.detail:
                log.info("not enrolled yet", stage=step.stage.value, detail=step.detail)
            self._show(
                view_of(step, self._fingerprint), reached=step.stage is not EnrolStage.NOT_REACHED
            )
            if step.again_s is None:
                self.done = True
                self._closing.wait(READ_S)
                self.window.stop()
                return
            self._closing.wait(step.again_s)

    def _show(self, view: Enrolling, *, reached: bool) -> None:
        link = Link.ONLINE if reached else Link.OFFLINE
        self.window.show(Screen(view, status=Status(link, Reader.READY)))


def view_of(step: Step, shown: str) -> Enrolling:
    picture = modules(step.url) if step.url else ()
    return Enrolling(step.stage, shown, step.code, picture, step.name, step.place)
