"""terminal.db with what redemptions need, and how to see what it tells the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from doubles.clock import HandClock
from linli.kiosk.redeeming.redemption import Redemption, State, Thing
from linli.kiosk.store.database import open_database
from linli.kiosk.store.doors import UsedDoors
from linli.kiosk.store.leases import HeldLeases
from linli.kiosk.store.redemptions import Redemptions
from linli.kiosk.store.saving import Saving
from linli.sync.asks import Tapped
from linli.sync.messages import LeaseRow, LeaseState, Trust
from linli.sync.outbox import Outbox, event_table
from linli.sync.sqlite import Database, open_engine

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
WHO = Tapped(account="r-1", card="c-1", trust=Trust.HIGH, counter=7)
SOAP = Thing("洗衣液", 20, ware="soap", door=3)
HAIRCUT = Thing("理发", 10, ware="haircut")
NOODLES = Thing("牛肉面一碗", 15, offer="noodles")


class Drawer:
    """One terminal's database, opened anew each time as after a restart."""

    def __init__(
        self,
        path: Path,
        clock: HandClock | None = None,
        open_: Callable[[Engine], Database] = Database,
        *,
        durable: bool = True,
    ) -> None:
        self.clock = clock or HandClock()
        self.engine = open_database(path) if durable else open_engine(path, durable=False)
        self.database = open_(self.engine)
        self.told = 0
        self.outbox = Outbox(self.database, "t-1", KEY, self.clock, "boot-1")
        self.saving = Saving(self.database, self.outbox, self._tell)
        self.leases = HeldLeases(self.saving)
        self.redemptions = Redemptions(self.saving)
        self.used_doors = UsedDoors(self.saving)

    def _tell(self) -> None:
        self.told += 1

    def events(self) -> list[tuple[str, dict[str, object]]]:
        """Type and data of everything committed."""
        rows = self.database.read(select(event_table).order_by(event_table.c.seq))
        bodies = [json.loads(row.body) for row in rows]
        return [(b["type"].removeprefix("linli.").removesuffix(".v1"), b["data"]) for b in bodies]

    def lease(self, points: int = 30, account: str = "r-1", request: str = "l-1") -> str:
        """One that the ledger has granted."""
        self.leases.ask(account, "c-1", request, points, self.clock.now())
        self.leases.hear([row(f"{account}.{request}", points, account)], self.clock.now())
        return f"{account}.{request}"


def row(
    id_: str, points: int = 30, account: str = "r-1", state: LeaseState = LeaseState.GRANTED
) -> LeaseRow:
    return LeaseRow(id=id_, terminal="t-1", account=account, points=points, state=state)


def asked(request: str = "q-1", thing: Thing = SOAP, clock: HandClock | None = None) -> Redemption:
    return Redemption(request, WHO, thing, State.ASKED, (clock or HandClock()).now())


def nonce_of(number: int) -> bytes:
    return number.to_bytes(16, "big")


def by_lease(lease: str, request: str = "q-1", nonce: int = 7, thing: Thing = SOAP) -> Redemption:
    made = HandClock().now()
    return Redemption(request, WHO, thing, State.OPENING, made, lease=lease, nonce=nonce_of(nonce))
