"""Takes batches from the broker: a thread between `Link` and the ledger.

Those that wait are taken together, in one transaction, as databases commit in groups: the more
terminals speak at once, the less each costs. A terminal that is alone is answered at once.

Several processes may do this on one PostgreSQL: the subscription is shared (MQTT 5, section
4.8.2), so each batch comes to one of them, and events do not depend on their order. A terminal's
batches come to all of them in turn; where another one has the terminal in hand just now, its
batches wait, and others are taken meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from linli.ledger.ingest.batches import Answer, set_aside, take_free, take_together
from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.inbox import Inbox
from linli.ledger.ingest.limits import events_in
from linli.ledger.ingest.parking import park
from linli.ledger.ingest.vouching import Message
from linli.ledger.ingest.words import settle_words, terminals_with_words
from linli.ledger.standard.versions import StandardShelf
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Ack, encode
from linli.sync.tracing import traces_in

log = structlog.get_logger()
GROUP = "ledger"
"""Under which the ledger's processes share events, where no broker has to keep it a secret."""
SETTLE_AGAIN_S = 2.0
WORDS_A_TURN = 100
"""As many words of one terminal are settled before other batches have their turn."""
SLOW_S = 1.0
QUEUED = 2000
"""Batches that may wait; beyond it they are dropped, and their terminals send them again."""


class Ingest:
    """Make it before the link is started. `committed` is called after each transaction that may
    have written changes (it wakes the publisher). `admits_events` says whether so many events of a
    terminal may be taken; what may not is not answered and comes again. `worked` hears how many
    seconds of the processor a terminal's batches took."""

    def __init__(
        self,
        engine: Engine,
        link: Link,
        clock: Clock,
        committed: Callable[[], None],
        group: str = GROUP,
        admits_events: Callable[[str, int], bool] = lambda _name, _count: True,
        worked: Callable[[str, float], None] = lambda _name, _seconds: None,
    ) -> None:
        self._admits_events, self._worked = admits_events, worked
        self._slow: set[str] = set()
        """Terminals of which one made a transaction slow: each is taken alone until it did not."""
        self._engine = engine
        self._link = link
        self._clock = clock
        self._committed = committed
        self._shelf = StandardShelf()
        self._inbox = Inbox(QUEUED)
        self.dropped = 0
        """Batches that found the queue full."""
        self.answered = self.unanswered = self.events = 0
        """Batches that were answered, with their events; and those that were not."""
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        link.subscribe(f"$share/{group}/{topics.ALL_EVENTS}", self._arrived)

    @property
    def waiting(self) -> int:
        """Batches in the queue."""
        return len(self._inbox)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop after the batches in hand; what waits was not answered and will come again."""
        self._inbox.close()
        if self._thread.ident is not None:
            self._thread.join()

    def _arrived(self, topic: str, payload: bytes) -> None:
        if not self._inbox.put(Message(topics.terminal_of(topic), payload)):
            self.dropped += 1

    def _run(self) -> None:
        again = self._settle_words()
        while True:
            messages = self._inbox.take(again)
            if self._inbox.closed:
                return
            admitted = [m for m in messages if self._admits_events(m.name, events_in(m.payload))]
            answers = self._take(admitted) if admitted else []
            for name, answer in answers:
                if answer is not None:
                    self._link.publish(topics.ack(name), encode(answer))
            self._note(admitted, {name for name, answer in answers if answer is not None})
            again = self._settle_words()
            self._committed()

    def _note(self, messages: Sequence[Message], answered: Collection[str]) -> None:
        """Counted; and of each batch that is kept, which taps came with it, by their names."""
        for message in messages:
            if message.name not in answered:
                self.unanswered += 1
                continue
            self.answered += 1
            self.events += events_in(message.payload)
            if traces := traces_in(message.payload):
                log.info("events taken", terminal=message.name, traces=traces)

    def _settle_words(self) -> float | None:
        """What is settled after its batch, also for a process that was killed before it came to
        that. After how many seconds there is more to settle; None for nothing."""
        try:
            with self._engine.connect() as connection:
                names = terminals_with_words(connection)
            now = self._clock.now()
            settled = [settle_words(self._engine, name, now, WORDS_A_TURN) for name in names]
        except (SQLAlchemyError, OSError) as error:
            log.error("words not settled, trying again", error=str(error))
            return SETTLE_AGAIN_S
        return 0.0 if WORDS_A_TURN in settled else None

    def _take(self, messages: Sequence[Message]) -> list[Answer]:
        """The answers. Terminals that are slow are taken one by one, after the others."""
        alone = [message for message in messages if message.name in self._slow]
        together = [message for message in messages if message.name not in self._slow]
        answers = self._timed(together) if together else []
        for message in alone:
            answers += self._timed([message])
        return answers

    def _timed(self, messages: Sequence[Message]) -> list[Answer]:
        """The answers; whose batches take long is found out by taking them alone."""
        names, began = {message.name for message in messages}, time.thread_time()
        answers = self._taken(messages)
        lasted = time.thread_time() - began
        if len(names) == 1:
            self._worked(messages[0].name, lasted)
            self._slow -= names
        if lasted > SLOW_S:
            self._slow |= names
        return answers

    def _taken(self, messages: Sequence[Message]) -> list[Answer]:
        """The answers. Where they cannot be taken together, they are one by one: what is wrong
        with one must never stop the others."""
        if len(messages) > 1:
            try:
                return self._take_free(messages)
            except Exception:
                log.exception("batches not taken together, now one by one")
        return [(message.name, self._take_one(message)) for message in messages]

    def _take_free(self, messages: Sequence[Message]) -> list[Answer]:
        with self._engine.begin() as connection:
            standards = self._shelf.read(connection)
            answers, later = take_free(connection, messages, standards, self._clock.now())
        self._inbox.put_back(later)
        return answers

    def _take_one(self, message: Message) -> Ack | None:
        name, payload = message
        try:
            with self._engine.begin() as connection:
                standards = self._shelf.read(connection)
                return take_together(connection, [message], standards, self._clock.now())[0]
        except (OperationalError, OSError) as error:
            log.error("batch not taken, it will come again", terminal=name, error=str(error))
        except Exception as error:
            log.exception("batch cannot be processed", terminal=name)
            return self._set_aside(name, payload, f"{type(error).__name__}: {error}")
        return None

    def _set_aside(self, name: str, payload: bytes, detail: str) -> Ack | None:
        try:
            with self._engine.begin() as connection:
                return set_aside(connection, name, payload, detail, self._clock.now())
        except (OperationalError, OSError) as error:
            log.error("batch not set aside, it will come again", terminal=name, error=str(error))
        except Exception:
            log.exception("batch cannot even be set aside", terminal=name)
            self._park(name, payload, detail)
        return None

    def _park(self, name: str, payload: bytes, detail: str) -> None:
        try:
            with self._engine.begin() as connection:
                park(
                    connection,
                    name,
                    payload,
                    Reason.UNPROCESSABLE,
                    detail,
                    self._clock.now(),
                    signed=False,
                )
        except (SQLAlchemyError, OSError) as error:
            log.error("batch not parked, it will come again", terminal=name, error=str(error))
