"""The thread that looks at the calendar once a minute."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.cadence.running import Signer, do_what_is_due
from linli.sync.clock import Clock
from linli.sync.rounds import Rounds

log = structlog.get_logger()
LOOK_S = 60.0


class CadenceService:
    """`committed` is called after a round in which something was done: there is news to publish."""

    def __init__(
        self, engine: Engine, signer: Signer, clock: Clock, committed: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._committed = committed
        self._waiting: dict[tuple[str, str, str], str] = {}
        self._rounds = Rounds("cadence", self._round)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """Finish the round in hand."""
        self._rounds.close()

    def _round(self) -> float:
        try:
            self._look()
        except (SQLAlchemyError, OSError) as error:
            log.error("calendar not looked at, trying again", error=str(error))
        except Exception:
            # The other months and communities must not wait for a fault in one.
            log.exception("calendar stumbled, trying again")
        return LOOK_S

    def _look(self) -> None:
        tried = do_what_is_due(self._engine, self._signer, self._clock.now())
        for entry in tried:
            name = (entry.duty.kind.value, entry.duty.scope, entry.duty.period)
            if self._waiting.get(name) != entry.outcome:
                log.info("duty", duty=" ".join(name), done=bool(entry.done_at), how=entry.outcome)
            self._waiting[name] = entry.outcome
        if any(entry.done_at for entry in tried):
            self._committed()
