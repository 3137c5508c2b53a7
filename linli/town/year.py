"""A district's year through the real ledger: taps, weekly reviews, notices, objections, awards.

Nothing here knows tables: it does what terminals, panels and neighbours do, by the doors that they
use. The same seed makes the same year.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from linli.ledger.activities.planning import plan
from linli.ledger.audit.difference import Difference
from linli.ledger.audit.verify import verify, verify_books
from linli.ledger.awards.deciding import vote
from linli.ledger.awards.reading import candidates
from linli.ledger.awards.rules import Title
from linli.ledger.cadence.calendar import Kind
from linli.ledger.cadence.running import Signer, do_what_is_due
from linli.ledger.ingest.batches import take_together
from linli.ledger.ingest.vouching import Message
from linli.ledger.notice.objecting import Way, answer, object_to
from linli.ledger.notice.publishing import read_notice, shown_deeds, unanswered
from linli.ledger.review.opinions import Choice
from linli.ledger.review.queue import Case, cases
from linli.ledger.review.risk import Doubt
from linli.ledger.review.weekly import Said, say
from linli.ledger.standard.versions import Standards
from linli.sync.messages import (
    ActivityRow,
    CheckIn,
    SignOut,
    Trust,
)
from linli.sync.periods import SHANGHAI
from linli.town.district import Community, Neighbour, build
from linli.town.founding import found
from linli.town.sender import Sender
from linli.town.year_shop import YearShop

YEAR = 2026
FIRST_MONDAY = dt.date(2026, 1, 5)
WEEK = dt.timedelta(days=7)
QUORUM = 3
CHOSEN = 3
"""Of each title the panel chooses so many."""
OBJECTS = 0.002
"""How many of the deeds on a notice somebody objects to."""


class BrokenLedgerError(RuntimeError):
    """The ledger is not what its events make it; the text names the first difference."""


@dataclass
class YearReport:
    """What the year came to."""

    people: int
    deeds: int = 0
    weekly_reviews: int = 0
    monthly_notices: int = 0
    redemption_windows: int = 0
    redemptions: int = 0
    awards: int = 0
    seconds: float = 0.0
    ledger_ok: bool = False


class SimulatedYear:
    """`tell` hears a line after each month. `run` raises BrokenLedgerError."""

    def __init__(self, engine: Engine, seed: int, people: int, tell: Callable[[str], None]) -> None:
        self._engine = engine
        self._random = random.Random(seed)
        self._communities = build(seed, people)
        self._tell = tell
        self._report = YearReport(people)
        self._shop = YearShop(engine, self._communities, self._random)
        self._senders = {c.id: Sender(c.terminal, self._key()) for c in self._communities}
        self._signer = Signer(
            "district.example/record", self._key(), lambda: self._random.randbytes(32)
        )

    def run(self) -> YearReport:
        began = time.monotonic()
        with self._engine.begin() as connection:
            standards = found(connection, self._communities, self._senders, _at(FIRST_MONDAY, 0))
        monday, month = FIRST_MONDAY, FIRST_MONDAY.month
        while monday.year == YEAR:
            self._live(monday, standards)
            self._review(_at(monday + dt.timedelta(days=6), 20), standards)
            monday += WEEK
            self._duties(_at(monday, 10), standards)
            self._shop.look_in(_at(monday, 15))
            if monday.month != month:
                self._look(month)
                month = monday.month
        self._duties(_at(dt.date(YEAR + 1, 1, 12), 10), standards)
        self._honour(_at(dt.date(YEAR + 1, 1, 15), 19))
        self._duties(_at(dt.date(YEAR + 1, 1, 19), 10), standards)
        self._shop.look_in(_at(dt.date(YEAR + 1, 1, 19), 15))
        self._check("the year", verify)
        self._report.redemption_windows = self._shop.windows
        self._report.redemptions = self._shop.redemptions
        self._report.seconds = round(time.monotonic() - began, 1)
        self._report.ledger_ok = True
        return self._report

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._random.randbytes(32))

    # --- a week ------------------------------------------------------------------------------

    def _live(self, monday: dt.date, standards: Standards) -> None:
        """Everybody's week: who comes taps, who must sign out mostly does."""
        for community in self._communities:
            with self._engine.begin() as connection:
                week = plan(
                    connection, community.id, community.week(monday), standards, _at(monday, 0)
                )
            for activity in week:
                self._attend(community, activity)
            sent = [
                Message(community.terminal, payload)
                for payload, _ in self._senders[community.id].send()
            ]
            with self._engine.begin() as connection:
                take_together(connection, sent, standards, week[-1].ends_at)

    def _attend(self, community: Community, activity: ActivityRow) -> None:
        sender = self._senders[community.id]
        for person in community.people:
            if self._random.random() >= person.zeal:
                continue
            came = activity.starts_at + dt.timedelta(minutes=self._random.randrange(-10, 15))
            sender.record(_tap(CheckIn, person, activity), came)
            if activity.min_minutes is not None and self._random.random() < 0.95:
                left = activity.ends_at + dt.timedelta(minutes=self._random.randrange(10))
                sender.record(_tap(SignOut, person, activity), left)

    def _review(self, now: dt.datetime, standards: Standards) -> None:
        """Three of the panel say the same of each deed; their own are left to the others."""
        for community in self._communities:
            with self._engine.begin() as connection:
                before = cases(connection, community.id)
                spoke: dict[str, int] = {}
                for member in community.panel:
                    said = [
                        _opinion(case)
                        for case in before
                        if case.deed.account != member and spoke.get(case.deed.id, 0) < QUORUM
                    ]
                    for one in said:
                        spoke[one.deed] = spoke.get(one.deed, 0) + 1
                    if said:
                        say(connection, community.id, member, said, standards, now)
            self._report.deeds += len(before)
            self._report.weekly_reviews += 1

    # --- months and the year's end -----------------------------------------------------------

    def _duties(self, now: dt.datetime, standards: Standards) -> None:
        for entry in do_what_is_due(self._engine, self._signer, now):
            if entry.duty.kind is Kind.FREEZE and entry.done_at is not None:
                self._report.monthly_notices += 1
                self._object(entry.duty.scope, entry.duty.period, now, standards)

    def _object(self, scope: str, month: str, now: dt.datetime, standards: Standards) -> None:
        """Somebody objects to a few deeds; a member without an interest answers each."""
        community = next(c for c in self._communities if c.id == scope)
        with self._engine.begin() as connection:
            hanging = read_notice(connection, scope, month)
            for shown in shown_deeds(connection, scope, month) if hanging else ():
                if self._random.random() >= OBJECTS:
                    continue
                by = self._random.choice(community.people).holder.account
                id_ = object_to(connection, shown.id, by, Way.CARD, "请核实", now)
                free = [m for m in community.panel if m not in (shown.account, by)]
                upheld = self._random.random() < 0.3
                if id_ in unanswered(connection, scope, month):
                    answer(connection, id_, free[0], "已核实", standards, now, upheld=upheld)

    def _honour(self, now: dt.datetime) -> None:
        for community in self._communities:
            with self._engine.begin() as connection:
                for title in Title:
                    first = candidates(connection, community.id, str(YEAR), title)[:CHOSEN]
                    for account in [one.account for one in first]:
                        voters = [m for m in community.panel if m != account][:QUORUM]
                        for member in voters:
                            self._report.awards += vote(
                                connection,
                                community.id,
                                str(YEAR),
                                title,
                                account,
                                member,
                                now,
                                in_favour=True,
                            )

    def _look(self, month: int) -> None:
        self._check(f"month {month}", verify_books)
        self._tell(f"{YEAR}-{month:02d}: {self._report.deeds} deeds so far, the books balance")

    def _check(self, when: str, look: Callable[[Engine], Difference | None]) -> None:
        difference = look(self._engine)
        if difference is not None:
            raise BrokenLedgerError(f"after {when}: {difference}")


def _tap(
    struct: type[CheckIn] | type[SignOut], person: Neighbour, activity: ActivityRow
) -> CheckIn | SignOut:
    return struct(
        account=person.holder.account,
        card=person.card.id,
        activity=activity.id,
        trust=Trust.HIGH if person.card.key else Trust.LOW,
    )


def _opinion(case: Case) -> Said:
    """Over the limit is voided, as it must be; what carries a grave doubt too; the rest posted."""
    if Doubt.OVER_LIMIT in case.doubts:
        return Said(case.deed.id, Choice.VOID, case.seen, "超过当期次数上限")
    if case.risk >= 50:
        return Said(case.deed.id, Choice.VOID, case.seen, "签到存疑，未予认定")
    return Said(case.deed.id, Choice.POST, case.seen)


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), SHANGHAI)
