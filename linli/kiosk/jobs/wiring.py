"""The jobs of a real terminal: who does what, and what that needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from linli.firmware_bridge.board import Board
from linli.kiosk.flows.views import Screen
from linli.kiosk.jobs.collecting import LogCollector
from linli.kiosk.jobs.desk import Around, Desk
from linli.kiosk.jobs.doing import Doers
from linli.kiosk.jobs.keeper import JobKeeper
from linli.kiosk.jobs.kept import FILE, BookFile
from linli.kiosk.jobs.photographing import Photographer
from linli.kiosk.jobs.posting import Maintainer, MessagePoster
from linli.kiosk.jobs.restarting import Machine, Restarter, boot_id
from linli.kiosk.jobs.testing_itself import SelfTester
from linli.kiosk.jobs.uploading import ResultClient
from linli.kiosk.log_lines import LogLines, unit_directory
from linli.kiosk.png import Pixels
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.terminal import Terminal
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.job_messages import (
    CollectLogs,
    JobStatus,
    Maintain,
    Restart,
    Screenshot,
    SelfTest,
    ShowMessage,
)
from linli.sync.job_messages import LogLines as LinesSaid
from linli.sync.messages import encode
from linli.sync.sessions import direct_session
from linli.sync.signing import load_or_make_key


@dataclass(frozen=True)
class Surroundings:
    """What jobs need beside the terminal: `take` gives a picture of the window and the screen it is
    of, `restart` ends the program, nobody stands there while `alone`; `lines` are those of the log.
    `more` are doers of other tasks."""

    take: Callable[[], tuple[Pixels, Screen | None]]
    restart: Callable[[], None]
    alone: Callable[[], bool]
    lines: LogLines
    board: Board | None = None
    more: Doers = field(default_factory=dict)


class JobRoom:
    """Make it before the terminal is started. Raises OSError where the book of jobs cannot be
    read."""

    def __init__(
        self,
        settings: TerminalSettings,
        terminal: Terminal,
        clock: Clock,
        around: Surroundings,
    ) -> None:
        name, link = settings.name, terminal.link

        def follow(lines: LinesSaid) -> bool:
            return link.publish(topics.logs(name), encode(lines), qos=0)

        def say(status: JobStatus) -> bool:
            return link.publish(topics.job_status(name), encode(status))

        self._logs = LogCollector(name, around.lines, follow, clock)
        machine = Machine(around.restart, unit_directory(), boot_id)
        doers: Doers = {
            Restart: Restarter(settings.data, machine, around.board),
            SelfTest: SelfTester(name, clock, terminal.diagnose),
            CollectLogs: self._logs,
            Screenshot: Photographer(around.take, terminal.reception.ask_picture),
            ShowMessage: MessagePoster(terminal.on_show),
            Maintain: Maintainer(terminal.on_show),
            **around.more,
        }
        self._session = direct_session()
        key = load_or_make_key(settings.data / "terminal.key")
        url = settings.connection.ledger_url
        results = ResultClient(url, name, key, clock, self._session)
        looking = (SelfTest, CollectLogs, Screenshot)
        at_desk = Around(doers, results, say, around.alone, (Restart,), looking)
        desk = Desk(name, BookFile(settings.data / FILE), clock, at_desk)
        self._keeper = JobKeeper(desk, name, link, clock)

    def start(self) -> None:
        self._keeper.start()

    def close(self) -> None:
        """Once only; also before `start`."""
        self._keeper.close()
        self._logs.close()
        self._session.close()
