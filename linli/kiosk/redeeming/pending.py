"""A redemption that something must still be done for, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.kiosk.redeeming.progress import Away, Progress, StaffCalled, Tell
from linli.kiosk.redeeming.question import Question
from linli.kiosk.redeeming.redemption import UNFINISHED, DoorOutcome, Redemption

LONG_AFTER = float("inf")


def nobody(_: Progress) -> None:
    """Nobody is told."""


@dataclass
class Pending:
    """`redemption` is as it is on the disk. `question` is how the ledger stands to it, `pin` what
    was entered for it, and is gone with the person. `seen` is what came of its door and is not
    written down yet; until `give_up` the lock board is asked for that."""

    redemption: Redemption
    question: Question
    tell: Tell = nobody
    pin: str | None = field(default=None, repr=False)
    seen: DoorOutcome | None = None
    give_up: float = LONG_AFTER
    staff_called: bool = False

    @property
    def finished(self) -> bool:
        return self.redemption.state not in UNFINISHED

    def call_staff(self, reason: Away) -> None:
        """Say once that something is wrong with the door."""
        if not self.staff_called:
            self.staff_called = True
            self.tell(StaffCalled(self.redemption.request, reason))

    def leave(self) -> None:
        """Nobody stands there any more."""
        self.tell, self.pin = nobody, None
