"""How long to wait before trying again: doubling, with jitter.

Half of the time is fixed and half drawn, so that a thousand terminals which lost the same broker
do not come back in the same second (Brooker, "Exponential Backoff And Jitter", AWS Architecture
Blog, 2015: "equal jitter")."""

from __future__ import annotations

from random import Random


def pause(attempt: int, first: float, cap: float, random: Random) -> float:
    """Seconds to wait after failure number `attempt` (0 is the first): between half of and the
    whole of `first` doubled that often, at most `cap`."""
    bound = min(cap, first * 2.0 ** min(attempt, 30))
    return random.uniform(bound / 2, bound)
