"""The ledger's part: it is asked under one request until it is certain whether it was paid."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from random import Random

import structlog

from linli.kiosk.network.ledger_asks import NotReachedError
from linli.kiosk.redeeming.giving_out import GivingOut
from linli.kiosk.redeeming.machine import KnownPeople, LedgerAsker
from linli.kiosk.redeeming.pending import Pending
from linli.kiosk.redeeming.progress import CameBack, Paying, Silent, Trouble
from linli.kiosk.redeeming.question import doubted, left_alone, unanswered, under_way
from linli.kiosk.redeeming.redemption import ENDINGS, DoorOutcome, Redemption, State, paid
from linli.kiosk.store.redemptions import Redemptions
from linli.kiosk.store.store import NotSavedError
from linli.sync.asks import Answer, AskRedeem, Declined, Redeemed
from linli.sync.clock import Clock

log = structlog.get_logger()
NONCE_BYTES = 16
Answered = Callable[[str, Answer | NotReachedError], None]


def draw_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


class Asking:
    """`answered` is handed each answer with its request, on any thread; `take` must then be called
    from the thread that everything else is called from. `held` is what leases here hold of
    somebody's points, which the ledger does not count among what is left."""

    def __init__(
        self,
        redemptions: Redemptions,
        people: KnownPeople,
        ledger: LedgerAsker,
        giving: GivingOut,
        clock: Clock,
        answered: Answered,
        nonce: Callable[[], bytes],
        random: Random,
        held: Callable[[str], int],
    ) -> None:
        self._redemptions = redemptions
        self._people = people
        self._ledger = ledger
        self._giving = giving
        self._clock = clock
        self._answered = answered
        self._nonce = nonce
        self._random = random
        self._held = held

    def send(self, pending: Pending) -> None:
        """The redemption is `asked` on the disk."""
        redemption, thing = pending.redemption, pending.redemption.thing
        ask = AskRedeem(
            who=redemption.who,
            request=redemption.request,
            ware=thing.ware,
            offer=thing.offer,
            pin=pending.pin,
            door=thing.door,
        )
        later = not pending.question.present(self._clock.monotonic())
        pending.question = under_way(pending.question)
        pending.tell(Paying(redemption.request))
        request, answered = redemption.request, self._answered
        self._ledger.post(ask, lambda answer: answered(request, answer), later=later)

    def go_on(self, pending: Pending, *, online: bool) -> None:
        """Some time has passed."""
        now = self._clock.monotonic()
        if pending.redemption.state is State.WAITING:
            self._wait_for_points(pending, now)
        elif pending.question.is_due(now):
            if pending.question.heard or online or not pending.question.attempt:
                self.send(pending)
            else:
                self._never_heard(pending)

    def take(self, pending: Pending, answer: Answer | NotReachedError) -> None:
        """The answer to the ask under way. Where it cannot be written down it is asked again."""
        try:
            match answer:
                case Redeemed():
                    self._paid(pending, answer)
                case Declined():
                    self._declined(pending, answer)
                case NotReachedError():
                    self._unanswered(pending, heard=answer.heard)
                case _:
                    log.error("the ledger answers something else", answer=type(answer).__name__)
                    self._unanswered(pending, heard=True)
        except NotSavedError as error:
            log.error("the ledger's answer is not written down yet", error=str(error))
            if not pending.finished:
                self._unanswered(pending, heard=True)

    # --- what an answer makes of it ----------------------------------------------------------

    def _paid(self, pending: Pending, answer: Redeemed) -> None:
        held = self._held(pending.redemption.who.account)
        redemption = paid(pending.redemption, answer, held)
        pending.pin = None
        if redemption.thing.offer:
            self._step(pending, replace(redemption, state=State.VOUCHER))
            self._giving.voucher(pending)
        elif redemption.thing.door is None:
            self._step(pending, replace(redemption, state=State.COUNTER))
            self._giving.counter(pending)
        elif pending.question.present(self._clock.monotonic()):
            opening = replace(redemption, state=State.OPENING, nonce=self._nonce())
            self._step(pending, opening)
            self._giving.open(pending)
        else:
            ending, now = ENDINGS[DoorOutcome.NO_ANSWER], self._clock.now()
            pending.redemption = self._redemptions.end(State.ASKED, redemption, ending, now)

    def _declined(self, pending: Pending, answer: Declined) -> None:
        if pending.question.believes(self._clock.monotonic()):
            self._decline(pending, answer.reason)
        else:
            pending.question = doubted(pending.question)
        request = pending.redemption.request
        pending.tell(CameBack(request, answer.reason, tries=answer.tries))
        pending.leave()

    def _unanswered(self, pending: Pending, *, heard: bool) -> None:
        now = self._clock.monotonic()
        pending.question = unanswered(pending.question, now, self._random, heard=heard)
        if pending.question.present(now):
            return
        if not pending.question.heard:
            self._never_heard(pending)
            return
        thing = pending.redemption.thing
        pending.tell(Silent(pending.redemption.request, keeps=thing.door is None))
        pending.leave()
        pending.question = left_alone(pending.question)

    def _never_heard(self, pending: Pending) -> None:
        """Nothing of it ever left this terminal."""
        self._decline(pending, Trouble.NOT_REACHED)
        pending.tell(CameBack(pending.redemption.request, Trouble.NOT_REACHED))

    def _wait_for_points(self, pending: Pending, now: float) -> None:
        """A lease was given back; the ledger is asked once the feed says that its points are in
        the purse."""
        redemption = pending.redemption
        holder = self._people.holder(redemption.who.account)
        if holder is not None and holder.redeemable >= redemption.thing.points:
            self._step(pending, replace(redemption, state=State.ASKED))
            self.send(pending)
        elif not pending.question.present(now):
            self._decline(pending, Trouble.SLOW)
            pending.tell(CameBack(redemption.request, Trouble.SLOW))

    def _decline(self, pending: Pending, reason: str) -> None:
        self._step(pending, replace(pending.redemption, state=State.DECLINED, reason=reason))

    def _step(self, pending: Pending, redemption: Redemption) -> None:
        self._redemptions.step(pending.redemption.state, redemption, self._clock.now())
        pending.redemption = redemption
