"""All of a terminal's program that is behind its window: the `Terminal`, and what is plugged in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError
from linli.kiosk.doctor.at_terminal import InUse
from linli.kiosk.flows.maintenance_views import LevelNote, Room
from linli.kiosk.flows.views import Screen, rests
from linli.kiosk.health.wiring import terminal_reporter
from linli.kiosk.jobs.update_wiring import update_doers
from linli.kiosk.jobs.wiring import JobRoom, Surroundings
from linli.kiosk.log_lines import LogLines
from linli.kiosk.maintenance.ports import NoLevel
from linli.kiosk.peripherals.host_watch import Post
from linli.kiosk.peripherals.kept_levels import KeptLevels
from linli.kiosk.peripherals.loudness import loudness_for
from linli.kiosk.peripherals.plugged_in import plug_in
from linli.kiosk.peripherals.prompts import Prompts, sound_for
from linli.kiosk.peripherals.readers import readers_of, scanners_of
from linli.kiosk.peripherals.screen_light import light_for
from linli.kiosk.png import Pixels
from linli.kiosk.remote.keeper import ShadowKeeper
from linli.kiosk.remote.keeping import Begun
from linli.kiosk.remote.wiring import around
from linli.kiosk.settings import ReleasesSettings, TerminalSettings
from linli.kiosk.store.database import FILE as DATABASE
from linli.kiosk.store.database import migrate_apart
from linli.kiosk.terminal import Terminal
from linli.kiosk.trace import Trace
from linli.kiosk.updating.probation import STEADY_S, Probation, trial_of
from linli.sync.clock import Clock

log = structlog.get_logger()


@dataclass(frozen=True)
class Picture:
    """The window, as what is behind it sees it: `shade` darkens the picture (0…1), `post` has
    something done in the window's loop, soon, and `take` gives what is seen and the screen it is
    of (see `TerminalWindow.picture`)."""

    show: Callable[[Screen], None]
    shade: Callable[[float], None]
    post: Post
    take: Callable[[], tuple[Pixels, Screen | None]]


class Behind:
    """`picture` is shown each new screen, as lights and voice are told of it; `restart` is what a
    maintainer may ask for. With `begun`, settings are also taken from afar, once the window `drew`;
    `lines` of the log are handed out then.
    Raises what a terminal's files may raise that cannot be opened."""

    def __init__(
        self,
        settings: TerminalSettings,
        clock: Clock,
        trace: Trace,
        picture: Picture,
        restart: Callable[[], None],
        begun: Begun | None = None,
        drew: Callable[[], bool] = lambda: False,
        lines: LogLines | None = None,
    ) -> None:
        self._picture = picture
        self._alone = True
        migrate_apart(settings.data / DATABASE)
        self._prompts = Prompts(sound_for(settings, self._heard_again), settings, clock)
        self._plugged_in = plug_in(settings)
        kept = KeptLevels(settings.data / "levels.json")
        self._loudness = loudness_for(settings, self._prompts, kept)
        self._probation = _probation_with(self._plugged_in.board, settings.releases)
        self.light = light_for(settings, picture.shade, clock, kept, self._plugged_in.board)
        self.terminal = Terminal(
            settings,
            clock,
            readers_of(settings),
            self._show,
            trace,
            self._plugged_in.locker,
            self._plugged_in.printer,
            restart=restart,
            scanners=scanners_of(settings),
            levels={
                Room.VOLUME: self._loudness or NoLevel(LevelNote.NO_SOUND_SETTING),
                Room.BRIGHTNESS: self.light,
            },
            lent=InUse(
                locker=self._plugged_in.locker,
                board=self._plugged_in.board,
                printer=self._plugged_in.slips,
            ),
        )

        self._health = terminal_reporter(
            settings,
            self.terminal,
            self._plugged_in,
            clock,
            trial=self._probation is not None,
            maintained=lambda: self.terminal.on_show.out_of_service,
        )
        self._shadow: ShadowKeeper | None = None
        if begun is not None:
            looked_at = around(begun, self.terminal, drew, lambda: self._alone, restart)
            self._shadow = ShadowKeeper(begun, self.terminal.link, clock, looked_at)
        self._jobs = self._job_room(settings, clock, restart, lines) if begun is not None else None

    def start(self) -> None:
        if self._shadow is not None:
            self._shadow.start()
        if self._jobs is not None:
            self._jobs.start()
        self.terminal.start()
        self._health.start(self._picture.post)
        self.light.start()
        self._prompts.prepare()
        if self._loudness is not None:
            # amixer is a program of its own: nothing else waits for it.
            threading.Thread(target=self._loudness.begin, name="loudness", daemon=True).start()
        self._plugged_in.start(self._picture.post)
        if self._probation is not None:
            self._probation.start(self._picture.post)

    def close(self) -> None:
        """Once only; also before `start`."""
        if self._shadow is not None:
            self._shadow.close()
        if self._jobs is not None:
            self._jobs.close()
        if self._probation is not None:
            self._probation.close()
        self._health.close()
        self.terminal.close()
        self.light.close()
        self._plugged_in.close()
        self._prompts.close()

    def _job_room(
        self,
        settings: TerminalSettings,
        clock: Clock,
        restart: Callable[[], None],
        lines: LogLines | None,
    ) -> JobRoom | None:
        """None where what was done before cannot be read: it must not be done twice, and whoever
        stands there is served all the same."""
        board, take = self._plugged_in.board, self._picture.take
        updates = update_doers(settings, clock, board, lambda: self._alone, restart)
        around = Surroundings(
            take, restart, lambda: self._alone, lines or LogLines(), board, updates
        )
        try:
            return JobRoom(settings, self.terminal, clock, around)
        except OSError as error:
            log.error("no jobs are taken from afar", error=str(error))
            return None

    def _show(self, screen: Screen) -> None:
        self._alone = rests(screen.view)
        self._picture.show(screen)
        self._prompts.shown(screen)
        self._plugged_in.shown(screen)
        self.light.shown(screen)

    def _heard_again(self) -> None:
        if self._loudness is not None:
            self._loudness.begin()


def _probation_with(board: Board | None, releases: ReleasesSettings | None) -> Probation | None:
    """None where the version that runs is not on trial."""
    slots = trial_of()
    if slots is None:
        return None

    def answers() -> bool:
        if board is None:
            return True
        try:
            board.info()
        except BoardError as error:
            log.warning("the board does not answer the version on trial", error=str(error))
            return False
        return True

    steady_s = STEADY_S if releases is None else releases.probation_s
    return Probation(slots, answers, log.info, steady_s=steady_s)
