"""The running ledger: ingest, publisher and web in one program.

| thread      | does                                        | woken by                      |
|-------------|---------------------------------------------|-------------------------------|
| link (paho) | network                                     | the broker                    |
| ingest      | takes batches, those that wait in one go    | the link                      |
| publisher   | publishes what was committed                | ingest, a reconnect           |
| web         | snapshots, the public record, pages         | whoever asks                  |
| cadence     | freezes, seals, signs checkpoints when due  | the minute                    |
| presence    | sees who comes, goes, or is there twice     | the link                      |
| health      | keeps what terminals say of themselves      | the link, each second         |
| reports     | keeps what terminals say of their settings  | the link                      |
| jobs        | hears of jobs, steps roll-outs              | the link, every few seconds   |
| keeper      | writes whom the broker lets in              | every other second            |
| alerts      | sees what is wrong, tells whom to tell      | twice a minute                |
| guard       | puts who floods the ledger in quarantine    | every other second, a flood   |
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from sqlalchemy import Engine

from linli import __version__
from linli.ledger.alerts.mail import MailServer
from linli.ledger.alerts.post import Post
from linli.ledger.alerts.service import AlertService
from linli.ledger.alerts.webhook import Outside
from linli.ledger.broker.files import BrokerFiles
from linli.ledger.broker.keeping import BrokerKeeper, reload_by_pid
from linli.ledger.cadence.running import Signer
from linli.ledger.cadence.service import CadenceService
from linli.ledger.feed.publisher import Publisher
from linli.ledger.fleet.health.presence import PresenceWatch
from linli.ledger.fleet.health.watch import HealthWatch
from linli.ledger.fleet.jobs.log_tail import LogTail
from linli.ledger.fleet.jobs.watch import JobWatch
from linli.ledger.fleet.settings.reporting import ReportWatch
from linli.ledger.ingest.guard import Guard
from linli.ledger.ingest.service import GROUP, Ingest
from linli.ledger.metrics.meters import LedgerCollector, Meters, ProcessCollector
from linli.ledger.metrics.serving import MetricsError, MetricsServer
from linli.ledger.people.vault import KeyRing
from linli.ledger.web.app import make_app
from linli.ledger.web.enrolling import Gate
from linli.ledger.web.server import HttpServer, ServerError
from linli.ledger.web.site import Site
from linli.sync.access import PLAIN, Access
from linli.sync.clock import Clock
from linli.sync.link import Link


class StartError(RuntimeError):
    """The ledger cannot start; the text says why."""


@dataclass(frozen=True)
class Pages:
    """What the pages for people need: the keys of personal data, where they are reached, and who
    signs notices; and how alerts leave the house."""

    ring: KeyRing
    public_url: str
    issuer: str
    mail: MailServer | None = None
    outside: Outside = field(default_factory=Outside)


@dataclass(frozen=True)
class Door:
    """How the ledger comes in at the broker, and under which group its workers share events; what
    newcomers are told (`gate`); the broker's files, where this process keeps them up to date."""

    access: Access = PLAIN
    group: str = GROUP
    gate: Gate | None = None
    files: BrokerFiles | None = None


OPEN_DOOR = Door()
"""A broker on the loopback that lets everybody in, as the demo's."""


class Program(Protocol):
    """A thread of the ledger's. `close` also before `start`."""

    def start(self) -> None: ...

    def close(self) -> None: ...


class LedgerPrograms:
    """`start` returns when snapshots are served; the broker may come later, and come back.

    Without `web` it is one more worker that takes events. Without a `signer` the calendar rests:
    another process of the same ledger looks after it. Without `pages` it serves programs only.
    Figures are served at the port `metrics` of the loopback."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        broker: tuple[str, int],
        web: tuple[str, int] | None,
        signer: Signer | None = None,
        pages: Pages | None = None,
        door: Door = OPEN_DOOR,
        metrics: int | None = None,
    ) -> None:
        boot_id = secrets.token_hex(8)
        self._guard = Guard(engine, clock)
        self._link = Link(
            f"ledger-{boot_id}",
            *broker,
            boot_id,
            clock,
            __version__,
            presence=False,
            access=door.access,
            admits=self._guard.admits,
        )
        self._publisher = Publisher(engine, self._link, clock)
        self._ingest = Ingest(
            engine,
            self._link,
            clock,
            self._publisher.poke,
            door.group,
            self._guard.admits_events,
            self._guard.worked,
        )
        meters = Meters() if metrics is not None else None
        self._servers: list[HttpServer | MetricsServer] = []
        self._beside: list[Program] = [self._guard]
        if web is not None:
            site = None if pages is None else self._site(engine, clock, pages)
            self._servers.append(HttpServer(make_app(engine, clock, site, door.gate, meters), *web))
            self._beside += self._watches(engine, clock, LogTail() if site is None else site.tail)
        if meters is not None and metrics is not None:
            whole = web is not None
            self._servers.append(self._measured(meters, metrics, engine, clock, whole=whole))
        if web is not None and pages is not None:
            post = Post(pages.public_url, pages.mail, pages.outside)
            self._beside.append(AlertService(engine, self._link, clock, pages.ring, post))
        if door.files is not None:
            reload = partial(reload_by_pid, door.files.directory)
            self._beside.append(BrokerKeeper(engine, door.files, reload))
        self._cadence: CadenceService | None = None
        if signer is not None:
            self._cadence = CadenceService(engine, signer, clock, self._publisher.poke)

    def _watches(self, engine: Engine, clock: Clock, tail: LogTail) -> list[Program]:
        """Who hears what terminals say beside their events."""
        return [
            PresenceWatch(engine, self._link, clock),
            ReportWatch(engine, self._link, clock),
            HealthWatch(engine, self._link, clock),
            JobWatch(engine, self._link, clock, tail, self._publisher.poke),
        ]

    def _measured(
        self, meters: Meters, port: int, engine: Engine, clock: Clock, *, whole: bool
    ) -> MetricsServer:
        """Every process tells of itself; the one that serves pages also of the whole ledger."""
        meters.watch(engine)
        meters.registry.register(ProcessCollector(self._ingest, self._link))
        if whole:
            meters.registry.register(LedgerCollector(engine, clock))
        return MetricsServer(meters, port)

    def _site(self, engine: Engine, clock: Clock, pages: Pages) -> Site:
        return Site(
            engine,
            clock,
            pages.ring,
            committed=self._publisher.poke,
            public_url=pages.public_url,
            issuer=pages.issuer,
        )

    def start(self) -> None:
        """Raises StartError."""
        try:
            for server in self._servers:
                server.start()
        except (ServerError, MetricsError) as error:
            raise StartError(str(error)) from error
        self._publisher.start()
        self._ingest.start()
        for program in self._beside:
            program.start()
        self._link.start()
        if self._cadence is not None:
            self._cadence.start()

    def close(self) -> None:
        """Take nothing new, publish what is committed, then go."""
        if self._cadence is not None:
            self._cadence.close()
        self._ingest.close()
        self._publisher.close()
        self._link.close()
        for program in (*self._beside, *self._servers):
            program.close()
