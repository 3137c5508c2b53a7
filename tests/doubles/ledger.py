"""The test ledger: takes batches off a real broker, checks them, answers with watermarks.

ledger = LedgerDouble(broker.port, {"t-1": key.public_key()})
ledger.lose_answers = 3                        # the next three acks never arrive
eventually(lambda: ledger.watermark("t-1") == 250)
assert ledger.faults == []                     # nothing was sent that must not be
ledger.close()

It reads the bytes by itself (json, hashlib), so that an error in linli.sync cannot hide in both
ends. It lives in memory: what it has applied it keeps while its connection comes and goes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from doubles.mqtt import Peer

HEAD, MIDDLE = b'{"batch":', b',"signature":'


class LedgerDouble(Peer):
    """`faults` says what no terminal may ever do: a wrong signature or link, one batch number
    with two digests, one seq with two bodies, seqs out of order.

    - `events[terminal][seq]`: the bytes of each event, applied once.
    - `digests[terminal][number]`: SHA-256 of each batch.
    - `received[terminal, number]`: how often a batch came.
    - `lose_answers`: how many of the next answers are not sent; `answer_times`: how often the
      others are.
    - `deaf`: what comes is not even looked at.
    """

    def __init__(
        self, port: int, keys: Mapping[str, Ed25519PublicKey], *, session_s: int = 0
    ) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self.faults: list[str] = []
        self.events: dict[str, dict[int, bytes]] = defaultdict(dict)
        self.digests: dict[str, dict[int, str]] = defaultdict(dict)
        self.received: Counter[tuple[str, int]] = Counter()
        self.lose_answers = 0
        self.answer_times = 1
        self.deaf = False
        super().__init__(port, "linli/v1/t/+/events", name="ledger", session_s=session_s)

    def watermark(self, terminal: str) -> int:
        """The highest seq with no gap below it."""
        with self._lock:
            known, seq = self.events[terminal], 0
            while seq + 1 in known:
                seq += 1
            return seq

    def answer(self, terminal: str, watermark: int) -> None:
        """Send a watermark, a true one or not."""
        ack = json.dumps({"terminal": terminal, "watermark": watermark}).encode()
        self.say(f"linli/v1/t/{terminal}/ack", ack)

    def take(self, topic: str, payload: bytes) -> None:
        if self.deaf:
            return
        terminal = topic.split("/")[3]
        try:
            self._apply(terminal, payload)
        except (InvalidSignature, ValueError, KeyError, IndexError) as error:
            self.faults.append(f"unreadable batch of {terminal}: {error!r}")
            return
        if self.lose_answers > 0:
            self.lose_answers -= 1
            return
        for _ in range(self.answer_times):
            self.answer(terminal, self.watermark(terminal))

    def _apply(self, terminal: str, payload: bytes) -> None:
        body = payload[payload.index(HEAD) + len(HEAD) : payload.rindex(MIDDLE)]
        signature = base64.b64decode(json.loads(payload)["signature"])
        self._keys[terminal].verify(signature, body)
        batch = json.loads(body)
        with self._lock:
            self._check_chain(terminal, batch, hashlib.sha256(body).hexdigest())
            seqs = [self._keep(terminal, event) for event in batch["events"]]
            if seqs != list(range(seqs[0], seqs[0] + len(seqs))):
                self.faults.append(f"batch {batch['number']} holds {seqs}")

    def _check_chain(self, terminal: str, batch: dict[str, Any], digest: str) -> None:
        number, known = batch["number"], self.digests[terminal]
        self.received[terminal, number] += 1
        if batch["terminal"] != terminal:
            self.faults.append(f"batch of {batch['terminal']} on the topic of {terminal}")
        if known.setdefault(number, digest) != digest:
            self.faults.append(f"batch {number} came with two digests")
        before = "0" * 64 if number == 1 else known.get(number - 1)
        if before is not None and before != batch["previous"]:
            self.faults.append(f"batch {number} does not follow {number - 1}")

    def _keep(self, terminal: str, event: dict[str, Any]) -> int:
        seq, body = event["seq"], json.dumps(event, sort_keys=True).encode()
        if event["id"] != f"{terminal}/{seq}" or event["source"] != terminal:
            self.faults.append(f"event {event['id']} is not {terminal}/{seq}")
        if self.events[terminal].setdefault(seq, body) != body:
            self.faults.append(f"seq {seq} came with two bodies")
        return int(seq)
