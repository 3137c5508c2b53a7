"""The attendant: takes taps and touches one at a time, and says what the screen shows next.

It owns no thread, window or socket: `terminal.py` calls it from one thread. All it decides comes
from the flows; all it writes goes through the store, and success is only said after the commit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from linli.devices.readers.base import CardSeen
from linli.kiosk.flows.check_in import (
    Ask,
    Decision,
    Decline,
    Enter,
    Leave,
    decide,
    decide_choice,
)
from linli.kiosk.flows.identify import Known, Unaccepted, identify
from linli.kiosk.flows.success import Better, Person, Tap, gain, place_in_ranking, success
from linli.kiosk.flows.views import (
    ActivityCard,
    Choose,
    Home,
    Refused,
    Screen,
    Standing,
    Success,
    Trouble,
)
from linli.kiosk.store.store import Committed, NotSavedError, TerminalStore
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock
from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    CardRefused,
    CheckIn,
    HolderRow,
    SignOut,
)
from linli.sync.periods import SHANGHAI, business_day, period_of
from linli.sync.replica import Replica
from linli.sync.rules import check_in_open, merged, sign_out_from

log = structlog.get_logger()
SUCCESS_S, REFUSED_S, CHOOSE_S = 5.0, 6.0, 30.0
ALSO_S = 3.0
"""For how long the moment of the person before stays in sight when the next one taps."""


@dataclass(frozen=True)
class Asked:
    """Somebody is choosing among activities."""

    known: Known
    holder: HolderRow
    trace: str


class Attendant:
    """One centre's attendant. `centre` is the id activities carry, `place` what the ranking is
    called (the community's name)."""

    def __init__(
        self,
        store: TerminalStore,
        replica: Replica,
        clock: Clock,
        trace: Trace,
        *,
        centre: str,
        centre_name: str,
        place: str,
    ) -> None:
        self._store = store
        self._replica = replica
        self._clock = clock
        self._trace = trace
        self._centre = centre
        self._centre_name = centre_name
        self._place = place
        self._asked: Asked | None = None
        self._last: tuple[float, Success] | None = None

    # --- what can happen ---------------------------------------------------------------------

    def home(self) -> Screen:
        """The resting screen; whatever a person was in the middle of is forgotten."""
        self._asked = None
        now = self._clock.now()
        today = [a for a in self._activities(now) if self._is_today(a, now)]
        cards = tuple(self._card(a, now) for a in today if a.ends_at >= now)
        return Screen(Home(self._centre_name, cards))

    def tap(self, seen: CardSeen) -> Screen:
        """A card was seen. The trace names the tap from here to the board."""
        trace = f"{seen.reader}-{int(seen.monotonic * 1000)}"
        self._trace.mark(trace, "seen", seen.monotonic)
        self._asked = None
        try:
            return self._tap(seen, trace)
        except NotSavedError:
            return self._refuse(Refused(Trouble.NOT_SAVED, trace=trace))

    def choose(self, activity: str) -> Screen:
        """A touch on one of the activities offered."""
        asked, self._asked = self._asked, None
        if asked is None:
            return self.home()
        self._trace.mark(asked.trace, "chosen", self._clock.monotonic())
        now = self._clock.now()
        account = asked.holder.account
        try:
            attendances = self._attendances(account)
            decision = decide_choice(now, activity, self._activities(now), attendances)
            return self._act(decision, now, asked.known, asked.holder, asked.trace)
        except NotSavedError:
            return self._refuse(Refused(Trouble.NOT_SAVED, trace=asked.trace))

    # --- the way of a tap --------------------------------------------------------------------

    def _tap(self, seen: CardSeen, trace: str) -> Screen:
        card = self._replica.card(seen.uid.hex())
        who = identify(
            seen,
            card,
            hot=card is not None and self._replica.is_hot(card.card),
            last_counter=self._store.last_counter(card.card) if card is not None else None,
        )
        if isinstance(who, Unaccepted):
            return self._turn_away(who, seen.reader, trace)
        holder = self._replica.holder(who.card.account)
        if holder is None:
            return self._turn_away(Unaccepted(Trouble.UNKNOWN_CARD), seen.reader, trace)
        now = self._clock.now()
        decision = decide(now, self._activities(now), self._attendances(holder.account))
        return self._act(decision, now, who, holder, trace)

    def _turn_away(self, who: Unaccepted, reader: str, trace: str) -> Screen:
        now = self._clock.now()
        if who.card is not None and who.record is not None:
            event = CardRefused(
                card=who.card.card,
                account=who.card.account,
                reason=who.record,
                reader=reader,
                counter=who.counter,
            )
            self._committed(self._store.refuse(event, now), trace)
        else:
            self._store.count(who.trouble.value, now)
        return self._refuse(Refused(who.trouble, trace=trace))

    def _act(
        self, decision: Decision, now: dt.datetime, known: Known, holder: HolderRow, trace: str
    ) -> Screen:
        """`now` is the moment that was decided by, and the one the event carries."""
        match decision:
            case Enter(activity):
                return self._enter(activity, now, known, holder, trace)
            case Leave(activity):
                return self._leave(activity, now, known, holder, trace)
            case Ask(options):
                return self._ask(options, known, holder, trace)
            case Decline():
                return self._decline(decision, known, holder, trace)

    def _enter(
        self, activity: ActivityRow, now: dt.datetime, known: Known, holder: HolderRow, trace: str
    ) -> Screen:
        event = CheckIn(
            account=holder.account,
            card=known.card.card,
            activity=activity.id,
            trust=known.trust,
            reader=known.reader,
            counter=known.counter,
        )
        committed = self._store.check_in(event, now)
        self._committed(committed, trace)
        due = sign_out_from(activity, committed.at)
        tap = Tap(
            activity, holder.account, committed.at, committed.at, False, due is None, due, trace
        )
        return self._succeed(tap, holder)

    def _leave(
        self, activity: ActivityRow, now: dt.datetime, known: Known, holder: HolderRow, trace: str
    ) -> Screen:
        event = SignOut(
            account=holder.account,
            card=known.card.card,
            activity=activity.id,
            trust=known.trust,
            reader=known.reader,
            counter=known.counter,
        )
        came = self._attendances(holder.account)[activity.id].in_at or now
        committed = self._store.sign_out(event, now)
        self._committed(committed, trace)
        tap = Tap(activity, holder.account, committed.at, came, True, True, None, trace)
        return self._succeed(tap, holder)

    def _ask(
        self, options: tuple[ActivityRow, ...], known: Known, holder: HolderRow, trace: str
    ) -> Screen:
        self._remember(known)
        self._asked = Asked(known, holder, trace)
        now = self._clock.now()
        cards = tuple(self._card(a, now) for a in options)
        return Screen(Choose(holder.name, cards, trace), CHOOSE_S)

    def _decline(self, decline: Decline, known: Known, holder: HolderRow, trace: str) -> Screen:
        self._remember(known)
        now = self._clock.now()
        following = decline.next_activity
        return self._refuse(
            Refused(
                decline.trouble,
                name=holder.name,
                title=decline.activity.title if decline.activity else "",
                minutes=decline.minutes,
                sign_out_after=_local(decline.sign_out_after),
                next_activity=self._card(following, now) if following else None,
                trace=trace,
            )
        )

    # --- screens -----------------------------------------------------------------------------

    def _succeed(self, tap: Tap, holder: HolderRow) -> Screen:
        view = self._figures(tap, holder)
        screen = Screen(view, SUCCESS_S, also=self._moment_before())
        self._last = (self._clock.monotonic(), view)
        return screen

    def _figures(self, tap: Tap, holder: HolderRow) -> Success:
        """It is committed: a replica that cannot be read costs the figures, not the success."""
        try:
            person = self._person(tap, holder)
            gained = gain(tap, person)
            standing = self._standing(tap, person, person.month_total + gained.added)
        except SQLAlchemyError as error:
            log.warning("success shown without figures", error=str(error))
            person, standing = Person(holder, (), None, {}, 0), None
            gained = gain(tap, person)
        return success(tap, person, gained, standing)

    def _refuse(self, view: Refused) -> Screen:
        return Screen(view, REFUSED_S, also=self._moment_before())

    def _moment_before(self) -> Success | None:
        if self._last is None or self._clock.monotonic() - self._last[0] > ALSO_S:
            return None
        return self._last[1]

    def _person(self, tap: Tap, holder: HolderRow) -> Person:
        day = business_day(tap.at)
        standard = self._replica.standard_for(day)
        year_start = dt.datetime(day.year, 1, 1, tzinfo=SHANGHAI)
        row = self._replica.standing(holder.account, period_of(tap.at, "month"))
        return Person(
            holder=holder,
            deeds=self._replica.deeds(holder.account, year_start),
            item=self._replica.item(tap.activity.item, day),
            class_names={c.code: c.name for c in standard.classes} if standard else {},
            month_total=row.pending + row.posted if row else 0,
        )

    def _standing(self, tap: Tap, person: Person, total: int) -> Standing | None:
        month, kind = period_of(tap.at, "month"), person.holder.kind
        account = person.holder.account
        above = self._replica.next_above(total, month, kind, without=account)
        better = None
        if above is not None:
            better = Better(above, self._replica.rank_for(above, month, kind, without=account))
        rank = self._replica.rank_for(total, month, kind, without=account)
        return place_in_ranking(self._place, total, rank, better)

    def _card(self, activity: ActivityRow, now: dt.datetime) -> ActivityCard:
        return ActivityCard(
            id=activity.id,
            title=activity.title,
            place=activity.place,
            starts_at=activity.starts_at.astimezone(SHANGHAI),
            ends_at=activity.ends_at.astimezone(SHANGHAI),
            points=activity.points,
            present=self._replica.present(activity.id),
            open_now=check_in_open(activity, now),
        )

    # --- what is known -----------------------------------------------------------------------

    def _activities(self, now: dt.datetime) -> list[ActivityRow]:
        day = dt.timedelta(days=1)
        return [
            activity
            for activity in self._replica.activities(now - day, now + day)
            if activity.centre == self._centre and not activity.cancelled
        ]

    def _is_today(self, activity: ActivityRow, now: dt.datetime) -> bool:
        return business_day(activity.starts_at) == business_day(now)

    def _attendances(self, account: str) -> dict[str, AttendanceRow]:
        """Own memory and the ledger's feed together: a check-in at the next terminal counts."""
        known = self._store.attendances(account)
        for row in self._replica.attendances(account):
            known[row.activity] = merged(known.get(row.activity), row)
        return known

    def _remember(self, known: Known) -> None:
        if known.counter is not None:
            self._store.remember_counter(known.card.card, known.counter)

    def _committed(self, committed: Committed, trace: str) -> None:
        self._trace.mark(trace, "committed", self._clock.monotonic(), seq=committed.seq)


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.astimezone(SHANGHAI) if moment is not None else None
