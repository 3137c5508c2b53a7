"""The attendant: takes taps and touches one at a time, and says what the screen shows next.

It owns no thread, window or socket: `terminal.py` calls it from one thread. All it decides comes
from the flows; all it writes goes through the store, and success is only said after the commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import structlog

from linli.devices.readers.base import CardSeen
from linli.kiosk.figures import Figures
from linli.kiosk.flows.actions import Action, Open, ShowPoints
from linli.kiosk.flows.afar_views import Notice
from linli.kiosk.flows.check_in import (
    Ask,
    Decision,
    Decline,
    Enter,
    Leave,
    decide,
    decide_choice,
    declined,
)
from linli.kiosk.flows.identify import Known, Unaccepted, identify
from linli.kiosk.flows.success import Tap
from linli.kiosk.flows.views import (
    Choose,
    Home,
    Refused,
    Screen,
    Success,
    Trouble,
)
from linli.kiosk.flows.visit_views import Module
from linli.kiosk.programme import Programme
from linli.kiosk.store.store import Committed, NotSavedError, TerminalStore
from linli.kiosk.trace import Trace
from linli.kiosk.visits.desk import Desk
from linli.kiosk.visits.visit import Later
from linli.kiosk.visits.visitor import Visitor
from linli.kiosk.visits.visits import Visits
from linli.sync.clock import Clock
from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    CardRefused,
    CheckIn,
    SignOut,
    Stream,
)
from linli.sync.replica import Replica
from linli.sync.rules import merged, sign_out_from
from linli.sync.tracing import new_trace

log = structlog.get_logger()
CHOOSE_S = 30.0
ANSWERED_S = 8.0
"""How long the answer to a tap stays: long enough to be read and touched, and no longer, as whoever
passes by could touch it too."""
ALSO_S = 3.0
"""For how long the moment of the person before stays in sight when the next one taps."""


class Attendant:
    """One centre's attendant. `centre` is the id activities carry, `place` what the ranking is
    called (the community's name); `modules` are the doors of the resting screen, `notice` is what
    stands on it at a time, `later` has something done by `answered`, from whatever thread."""

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
        desk: Desk,
        later: Later,
        modules: tuple[Module, ...] = (),
        notice: Callable[[dt.datetime], Notice | None] = lambda _: None,
    ) -> None:
        self._store = store
        self._replica = replica
        self._clock = clock
        self._trace = trace
        self._centre_name = centre_name
        self._programme = Programme(replica, centre)
        self._modules, self._notice = modules, notice
        self._figures = Figures(replica, place, desk.points.held)
        self._visits = Visits(desk, later)
        self._asked: Visitor | None = None
        self._offered: Visitor | None = None
        self._last: tuple[float, Success] | None = None

    # --- what can happen ---------------------------------------------------------------------

    def home(self) -> Screen:
        """The resting screen; whatever a person was in the middle of is forgotten."""
        self._asked = self._offered = None
        if self._moment_before() is None:
            self._last = None
        self._visits.end()
        if self._visits.busy and (under_way := self._visits.screen()) is not None:
            return under_way
        now = self._clock.now()
        cards = tuple(self._programme.card(a, now) for a in self._programme.left_today(now))
        known = self._replica.position(Stream.CHANGES) is not None
        notice = self._notice(now)
        return Screen(Home(self._centre_name, cards, known, self._modules, notice))

    def tap(self, seen: CardSeen) -> Screen:
        """A card was seen. The trace names the tap from here to the ledger. While somebody redeems,
        the next one waits."""
        if self._visits.busy and (under_way := self._visits.screen()) is not None:
            return under_way
        trace = new_trace()
        self._trace.mark(trace, "seen", seen.monotonic)
        self._asked = self._offered = None
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
        try:
            activities = self._programme.around(now)
            attendances = self._attendances(asked.holder.account, activities)
            decision = decide_choice(now, activity, activities, attendances)
            return self._act(decision, now, asked, attendances)
        except NotSavedError:
            return self._refuse(Refused(Trouble.NOT_SAVED, trace=asked.trace))

    def act(self, action: Action) -> Screen | None:
        """A touch of a visit; None where it means nothing any more, as somebody else stands there
        meanwhile."""
        match action:
            case Open(module):
                return self._visits.open(module)
            case ShowPoints(trace):
                visitor = self._offered
                if visitor is None or visitor.trace != trace:
                    return None
                return self._visits.begin_with(visitor)
            case _:
                begun, shown = self._visits.begun, self._visits.act(action)
                return self.home() if begun and shown is None else shown

    def answered(self, act: Callable[[], None]) -> Screen | None:
        """What somebody waited for has come: the screen, if they still stand there."""
        return self._visits.answered(act)

    # --- the way of a tap --------------------------------------------------------------------

    def _tap(self, seen: CardSeen, trace: str) -> Screen:
        card = self._replica.card(seen.uid.hex(), seen.part)
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
        visitor = Visitor(who, holder, trace)
        self._visits.seen(visitor)
        wanted = self._visits.tapped(visitor)
        if wanted is not None:
            self._remember(who)
            return wanted
        self._visits.end()
        now = self._clock.now()
        activities = self._programme.around(now)
        attendances = self._attendances(holder.account, activities)
        decision = decide(now, activities, attendances)
        return self._act(decision, now, visitor, attendances)

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
            self._committed(self._store.refuse(event, now, trace), trace)
        else:
            self._store.count(who.trouble.value, now)
        return self._refuse(Refused(who.trouble, trace=trace))

    def _act(
        self,
        decision: Decision,
        now: dt.datetime,
        visitor: Visitor,
        attendances: Mapping[str, AttendanceRow],
    ) -> Screen:
        """`now` is the moment that was decided by, and the one the event carries."""
        self._offered = visitor
        match decision:
            case Enter(activity):
                return self._enter(activity, now, visitor)
            case Leave(activity):
                came = attendances[activity.id].in_at or now
                return self._leave(activity, now, came, visitor)
            case Ask(options):
                return self._ask(options, visitor)
            case Decline():
                return self._decline(decision, visitor)

    def _enter(self, activity: ActivityRow, now: dt.datetime, visitor: Visitor) -> Screen:
        event = CheckIn(activity=activity.id, **visitor.signature())
        self._committed(self._store.check_in(event, now, visitor.trace), visitor.trace)
        due = sign_out_from(activity, now)
        tap = Tap(
            activity, visitor.holder.account, now, now, False, due is None, due, visitor.trace
        )
        return self._succeed(tap, visitor)

    def _leave(
        self, activity: ActivityRow, now: dt.datetime, came: dt.datetime, visitor: Visitor
    ) -> Screen:
        event = SignOut(activity=activity.id, **visitor.signature())
        self._committed(self._store.sign_out(event, now, visitor.trace), visitor.trace)
        tap = Tap(activity, visitor.holder.account, now, came, True, True, None, visitor.trace)
        return self._succeed(tap, visitor)

    def _ask(self, options: tuple[ActivityRow, ...], visitor: Visitor) -> Screen:
        self._remember(visitor.known)
        self._asked = visitor
        now = self._clock.now()
        cards = tuple(self._programme.card(a, now) for a in options)
        return Screen(Choose(visitor.holder.name, cards, visitor.trace), CHOOSE_S)

    def _decline(self, decline: Decline, visitor: Visitor) -> Screen:
        self._remember(visitor.known)
        now = self._clock.now()
        following = decline.next_activity
        card = self._programme.card(following, now) if following else None
        return self._refuse(declined(decline, visitor.holder.name, card, visitor.trace))

    # --- screens -----------------------------------------------------------------------------

    def _succeed(self, tap: Tap, visitor: Visitor) -> Screen:
        view = self._figures.success(tap, visitor.holder)
        screen = Screen(view, ANSWERED_S, also=self._moment_before())
        self._last = (self._clock.monotonic(), view)
        return screen

    def _refuse(self, view: Refused) -> Screen:
        return Screen(view, ANSWERED_S, also=self._moment_before())

    def _moment_before(self) -> Success | None:
        if self._last is None or self._clock.monotonic() - self._last[0] > ALSO_S:
            return None
        return self._last[1]

    # --- what is known -----------------------------------------------------------------------

    def _attendances(
        self, account: str, activities: Sequence[ActivityRow]
    ) -> dict[str, AttendanceRow]:
        """Own memory and the ledger's feed together: a check-in at the next terminal counts."""
        ids = [activity.id for activity in activities]
        known = self._store.attendances(account, ids)
        for row in self._replica.attendances(account, ids):
            known[row.activity] = merged(known.get(row.activity), row)
        return known

    def _remember(self, known: Known) -> None:
        if known.counter is not None:
            self._store.remember_counter(known.card.card, known.counter)

    def _committed(self, committed: Committed, trace: str) -> None:
        self._trace.committed(trace, committed.seq, self._clock.monotonic())
