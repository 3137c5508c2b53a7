"""The running ledger: ingest, publisher and web in one program.

| thread      | does                                        | woken by                      |
|-------------|---------------------------------------------|-------------------------------|
| link (paho) | network                                     | the broker                    |
| ingest      | takes batches, those that wait in one go    | the link                      |
| publisher   | publishes what was committed                | ingest, a reconnect           |
| web         | snapshots, the public record, pages         | whoever asks                  |
| cadence     | freezes, seals, signs checkpoints when due  | the minute                    |
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Engine

from linli import __version__
from linli.ledger.cadence.running import Signer
from linli.ledger.cadence.service import CadenceService
from linli.ledger.feed.publisher import Publisher
from linli.ledger.ingest.service import Ingest
from linli.ledger.people.vault import KeyRing
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer, ServerError
from linli.ledger.web.site import Site
from linli.sync.clock import Clock
from linli.sync.link import Link


class StartError(RuntimeError):
    """The ledger cannot start; the text says why."""


@dataclass(frozen=True)
class Pages:
    """What the pages for people need: the keys of personal data, where they are reached, and who
    signs notices."""

    ring: KeyRing
    public_url: str
    issuer: str


class LedgerPrograms:
    """`start` returns when snapshots are served; the broker may come later, and come back.

    Without `web` it is one more worker that takes events. Without a `signer` the calendar rests:
    another process of the same ledger looks after it. Without `pages` it serves programs only."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        broker: tuple[str, int],
        web: tuple[str, int] | None,
        signer: Signer | None = None,
        pages: Pages | None = None,
    ) -> None:
        boot_id = secrets.token_hex(8)
        self._link = Link(f"ledger-{boot_id}", *broker, boot_id, clock, __version__, presence=False)
        self._publisher = Publisher(engine, self._link, clock)
        self._ingest = Ingest(engine, self._link, clock, self._publisher.poke)
        site = None if pages is None else self._site(engine, clock, pages)
        self._web = HttpServer(make_app(engine, clock, site), *web) if web is not None else None
        self._cadence: CadenceService | None = None
        if signer is not None:
            self._cadence = CadenceService(engine, signer, clock, self._publisher.poke)

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
            if self._web is not None:
                self._web.start()
        except ServerError as error:
            raise StartError(str(error)) from error
        self._publisher.start()
        self._ingest.start()
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
        if self._web is not None:
            self._web.close()
