"""How one terminal or board is connected to broker and ledger: link, and feed to the replica."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli import __version__
from linli.kiosk.settings import BoardSettings, TerminalSettings
from linli.sync.clock import Clock
from linli.sync.follower import Follower
from linli.sync.link import Link
from linli.sync.replica import Replica
from linli.sync.sessions import direct_session
from linli.sync.snapshots import SnapshotClient


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
        )
        self._session = direct_session()
        client = SnapshotClient(where.ledger_url, settings.name, key, clock, self._session)
        self._follower = Follower(replica, self.link, client, clock)

    def start(self) -> None:
        self._follower.start()
        self.link.start()

    def close(self) -> None:
        """Once only; also before `start`."""
        self._follower.close()
        self.link.close()
        self._session.close()
