"""How one terminal or board is connected to broker and ledger: link, and feed to the replica."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli import __version__
from linli.kiosk.settings import BoardSettings, TerminalSettings
from linli.sync.access import Access
from linli.sync.clock import Clock
from linli.sync.follower import Follower
from linli.sync.link import Link
from linli.sync.replica import Replica
from linli.sync.sessions import direct_session
from linli.sync.snapshots import SnapshotClient

if TYPE_CHECKING:
    from linli.kiosk.network.certificates import CertificateKeeper

KEY_FILES = {TerminalSettings: "terminal.key", BoardSettings: "board.key"}


def access_of(settings: TerminalSettings | BoardSettings) -> Access:
    """How the broker is entered."""
    where = settings.connection
    path = where.websocket_path or ""
    if not where.tls:
        return Access(websocket_path=path)
    from linli.kiosk.network.certificates import CertificateFiles

    kept = CertificateFiles(settings.data)
    key = settings.data / KEY_FILES[type(settings)]
    return Access(kept.authority, kept.certificate, key, websocket_path=path)


class LedgerConnection:
    """Register on `link` before `start`. Nothing arrives in the replica after `close`."""

    def __init__(
        self,
        settings: TerminalSettings | BoardSettings,
        replica: Replica,
        key: Ed25519PrivateKey,
        boot_id: str,
        clock: Clock,
    ) -> None:
        where = settings.connection
        self.link = Link(
            settings.name,
            where.broker_host,
            where.broker_port,
            boot_id,
            clock,
            __version__,
            presence=True,
            access=access_of(settings),
        )
        self._session = direct_session()
        client = SnapshotClient(where.ledger_url, settings.name, key, clock, self._session)
        self._certificates = self._keeper(settings, key, clock) if where.tls else None
        self._follower = Follower(replica, self.link, client, clock)

    def _keeper(
        self, settings: TerminalSettings | BoardSettings, key: Ed25519PrivateKey, clock: Clock
    ) -> CertificateKeeper:
        # X.509 takes some megabytes of a small computer, and no demo needs it.
        from linli.kiosk.network.certificates import (
            CertificateFiles,
            CertificateKeeper,
            RenewalClient,
        )

        url = settings.connection.ledger_url
        renewals = RenewalClient(url, settings.name, key, direct_session())
        return CertificateKeeper(CertificateFiles(settings.data), renewals, key, self.link, clock)

    def start(self) -> None:
        if self._certificates is not None:
            self._certificates.start()
        self._follower.start()
        self.link.start()

    def close(self) -> None:
        """Once only; also before `start`."""
        if self._certificates is not None:
            self._certificates.close()
        self._follower.close()
        self.link.close()
        self._session.close()
