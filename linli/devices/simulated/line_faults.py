"""A bad cable: bytes that change or get lost, messages that get lost, come twice, or come late."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from linli.devices.simulated.pn532_chip import Reply


@dataclass
class LineFaults:
    """Chances between 0 and 1: `corrupt` that a byte changes or is lost, `lose` and `duplicate`
    that a whole message is lost or comes twice; `late` that an answer is late, by up to `late_s`
    seconds. `most_corrupt` bounds how many bytes of one message change. All may be changed at any
    time.
    """

    random: random.Random = field(default_factory=lambda: random.Random(1))
    corrupt: float = 0.0
    lose: float = 0.0
    duplicate: float = 0.0
    late_s: float = 0.0
    late: float = 1.0
    most_corrupt: int | None = None

    def arriving(self, message: bytes) -> bytes:
        """What arrives of one message."""
        if self.random.random() < self.lose:
            return b""
        times = 2 if self.random.random() < self.duplicate else 1
        return b"".join(self._damaged(message) for _ in range(times))

    def reply(self, message: bytes) -> Reply:
        """The same for an answer, with its lateness."""
        arriving = self.arriving(message)
        if self.late < 1.0 and self.random.random() >= self.late:
            return Reply(arriving, 0.0)
        return Reply(arriving, self.random.random() * self.late_s)

    def _damaged(self, message: bytes) -> bytes:
        hit = [n for n in range(len(message)) if self.random.random() < self.corrupt]
        if self.most_corrupt is not None:
            hit = hit[: self.most_corrupt]
        pieces = [bytes([byte]) for byte in message]
        for n in hit:
            flipped = message[n] ^ 1 << self.random.randrange(8)
            pieces[n] = self.random.choice([b"", bytes([flipped])])
        return b"".join(pieces)
