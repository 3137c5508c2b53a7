"""A village small enough to see through: six people, three activities, one terminal.

village = Village(engine)
village.send(village.check_in("a1", "patrol", "09:00"), village.sign_out("a1", "patrol", "10:05"))
assert village.pending("a1") == 10
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET, Raw
from sqlalchemy import Engine, Table, select

from linli.ledger.activities.planning import plan
from linli.ledger.ingest.batches import take_together
from linli.ledger.ingest.parking import Parked, list_parked
from linli.ledger.ingest.vouching import Message
from linli.ledger.journal.schema import account, deed
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.ranking.schema import standing
from linli.ledger.review.deciding import review
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import StandardShelf, store
from linli.ledger.terminals.registry import register
from linli.sync.messages import (
    TYPE_OF_EVENT,
    Ack,
    ActivityRow,
    Batch,
    CardRefused,
    CheckIn,
    Envelope,
    Event,
    Kind,
    SignOut,
    Trust,
    encode,
)
from linli.sync.periods import SHANGHAI
from linli.sync.signing import GENESIS, digest_of, public_hex, seal

DAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 20, 0, tzinfo=SHANGHAI)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PEOPLE = tuple(f"a{n}" for n in range(1, 7))
STANDARD = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")


def at(clock: str, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)


def activity(id_: str, item: str, points: int, span: str, **more: Any) -> ActivityRow:
    day = more.pop("day", DAY)
    starts, ends = (at(clock, day) for clock in span.split("-"))
    return ActivityRow(
        id=id_,
        title=id_,
        item=item,
        points=points,
        place="南门",
        starts_at=starts,
        ends_at=ends,
        centre="centre",
        **more,
    )


ACTIVITIES = (
    activity("patrol", "B01", 10, "09:00-11:00", min_minutes=60),
    activity("visit", "D01", 10, "10:00-11:30"),
    activity("story", "A05", 10, "14:30-16:00"),
    activity("story-again", "A05", 10, "19:00-20:00"),
)


class Village:
    """Everything is in one ledger, empty unless it is `settled` with a village already; `now` may
    be set between batches."""

    def __init__(self, engine: Engine, now: dt.datetime = NOW, *, settled: bool = False) -> None:
        self.engine = engine
        self.now = now
        self._previous, self._number, self._seq = GENESIS, 0, 0
        if not settled:
            self._settle(now)

    def _settle(self, now: dt.datetime) -> None:
        with self.engine.begin() as connection:
            store(connection, parse_standard(STANDARD), now)
            standards = StandardShelf().read(connection)
            orgs = [
                NewOrg("street", None, "street", "向阳街道"),
                NewOrg("village", "street", "community", "阳光社区"),
                NewOrg("b1", "village", "building", "1号楼"),
            ]
            add_orgs(connection, orgs, now)
            people = [NewHolder(a, f"张{a}", Kind.RESIDENT, "b1", True, False) for a in PEOPLE]
            enrol(connection, people, now)
            cards = [
                NewCard(f"card-{a}", f"0400000000000{n}", a, "ntag213", None)
                for n, a in enumerate(PEOPLE)
            ]
            issue_cards(connection, cards, now)
            plan(connection, "village", ACTIVITIES, standards, now)
            register(
                connection,
                name="t1",
                kind="terminal",
                public_key=public_hex(KEY),
                scope="village",
                centre="centre",
                now=now,
            )

    # --- what a terminal would send ----------------------------------------------------------

    def check_in(self, who: str, what: str, clock: str, **more: Any) -> Envelope:
        return self.event(CheckIn(**_tap(who, what, more)), at(clock), **more)

    def sign_out(self, who: str, what: str, clock: str, **more: Any) -> Envelope:
        return self.event(SignOut(**_tap(who, what, more)), at(clock), **more)

    def refused(self, who: str, clock: str) -> Envelope:
        return self.event(CardRefused(card=f"card-{who}", account=who, reason="blocked"), at(clock))

    def event(self, event: Event, moment: dt.datetime, **more: Any) -> Envelope:
        """The terminal's next event. `more` may give seq, bootid, monotonicms, clockgood and
        traceparent."""
        self._seq = more.get("seq", self._seq + 1)
        return Envelope(
            id=f"t1/{self._seq}",
            source="t1",
            type=more.get("type", TYPE_OF_EVENT[type(event)]),
            time=moment,
            seq=self._seq,
            bootid=more.get("bootid", "boot"),
            monotonicms=more.get("monotonicms", self._seq * 1000),
            clockgood=more.get("clockgood", True),
            data=Raw(encode(event)),
            traceparent=more.get("traceparent", UNSET),
        )

    def batch(self, *envelopes: Envelope | bytes, **more: Any) -> bytes:
        """The terminal's next batch. `more` may give number, previous, key, terminal."""
        self._number = more.get("number", self._number + 1)
        batch = Batch(
            terminal=more.get("terminal", "t1"),
            number=self._number,
            previous=more.get("previous", self._previous),
            events=[Raw(e if isinstance(e, bytes) else encode(e)) for e in envelopes],
        )
        payload, self._previous = seal(batch, more.get("key", KEY))
        assert self._previous == digest_of(encode(batch))
        return payload

    def deliver(self, payload: bytes, name: str = "t1") -> Ack | None:
        (answer,) = self.deliver_together([payload], name)
        return answer

    def deliver_together(self, payloads: Sequence[bytes], name: str = "t1") -> list[Ack | None]:
        messages = [Message(name, payload) for payload in payloads]
        with self.engine.begin() as connection:
            standards = StandardShelf().read(connection)
            return take_together(connection, messages, standards, self.now)

    def send(self, *envelopes: Envelope | bytes) -> Ack | None:
        """In one batch."""
        return self.deliver(self.batch(*envelopes))

    # --- what the ledger has -----------------------------------------------------------------

    def decide(self, *ids: str, state: str = "posted") -> None:
        """The weekly review comes to this about these deeds."""
        with self.engine.begin() as connection:
            standards = StandardShelf().read(connection)
            review(connection, list(ids), state, "weekly review", standards, self.now)

    def rows(self, table: Table) -> Sequence[Any]:
        with self.engine.connect() as connection:
            return connection.execute(select(table)).all()

    def pending(self, who: str) -> int:
        return next(r.pending for r in self.rows(account) if r.id == f"{who}:earned")

    def posted(self, who: str) -> int:
        return next(r.posted for r in self.rows(account) if r.id == f"{who}:earned")

    def deed(self, id_: str) -> Any:
        return next((r for r in self.rows(deed) if r.id == id_), None)

    def month(self, who: str) -> int:
        rows = self.rows(standing)
        return next((r.points for r in rows if (r.account, r.period) == (who, "2026-11")), 0)

    def parked(self) -> list[Parked]:
        with self.engine.connect() as connection:
            return list_parked(connection)


def _tap(who: str, what: str, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "account": who,
        "card": more.get("card", f"card-{who}"),
        "activity": what,
        "trust": more.get("trust", Trust.HIGH),
    }
