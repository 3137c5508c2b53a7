"""The locker as a redemption sees it: what came of a command, in the words of `redeeming`."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from linli.devices.lockers.base import DoorChange, DoorEvent, LockerError, LockerState, Outcome
from linli.devices.lockers.base import Locker as Cabinet
from linli.kiosk.redeeming.redemption import DoorOutcome

log = structlog.get_logger()


class WatchedLocker:
    """`moved` of `watch` is told every door that was opened, shut, or left open too long."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet

    def open(self, door: int, nonce: bytes) -> DoorOutcome:
        try:
            opening = self._cabinet.open(door, nonce)
        except LockerError as error:
            # Nothing was done, and nothing will be for this command.
            log.warning("a door was not told to open", door=door, reason=str(error))
            return DoorOutcome.NO_ANSWER
        if opening.outcome is not Outcome.OPENED:
            log.warning("a door did not open", door=door, reason=opening.reason)
        return {
            Outcome.OPENED: DoorOutcome.OPENED,
            Outcome.NOT_OPENED: DoorOutcome.JAM,
        }.get(opening.outcome, DoorOutcome.UNKNOWN)

    def outcome(self, nonce: bytes) -> DoorOutcome | None:
        """A nonce that the lock board never heard of was written down right before the power went,
        and no door was told to open. None where it cannot tell (yet)."""
        try:
            opening = self._cabinet.outcome(nonce)
        except LockerError as error:
            log.warning("the lock board cannot be asked", reason=str(error))
            return None
        return {
            Outcome.OPENED: DoorOutcome.OPENED,
            Outcome.NOT_OPENED: DoorOutcome.JAM,
            Outcome.NEVER: DoorOutcome.NO_ANSWER,
        }.get(opening.outcome)

    def watch(self, moved: Callable[[int, DoorChange], None]) -> None:
        def told(event: DoorEvent | LockerState) -> None:
            match event:
                case DoorEvent(_, door, change):
                    moved(door, change)
                case LockerState(name, up, reason):
                    log.info("locker", locker=name, up=up, reason=reason)

        self._cabinet.watch(told)

    def close(self) -> None:
        self._cabinet.close()
